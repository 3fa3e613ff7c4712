import { NONCE_BYTES, openWith, sealWith, TAG_BYTES } from './aead.ts';

/**
 * STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, CRYPTO 2015), as age uses it: a long message is sealed in chunks whose
 * nonces are a counter and a last-chunk flag, so chunks cannot be dropped, repeated, moved or cut off unnoticed. The key
 * must serve one message only; derive it with a fresh salt.
 */
export const CHUNK_BYTES = 1 << 20;
const EMPTY = new Uint8Array(0);

function nonceOf(index: number, last: boolean): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  new DataView(nonce.buffer).setUint32(7, index);
  nonce[NONCE_BYTES - 1] = last ? 1 : 0;
  return nonce;
}

/** Bytes of the sealed form of a message of `length` bytes. */
export function streamLength(length: number): number {
  return length + Math.max(1, Math.ceil(length / CHUNK_BYTES)) * TAG_BYTES;
}

/** Bytes that need not lie in one piece of memory. */
export interface Message {
  readonly length: number;
  /** What lies between two places, as of a Uint8Array. */
  subarray(begin: number, end: number): Uint8Array;
}

/** Seals `message` chunk by chunk; every chunk but the last holds CHUNK_BYTES of it. */
export function* sealStream(key: Uint8Array, message: Message): Generator<Uint8Array> {
  const chunks = Math.max(1, Math.ceil(message.length / CHUNK_BYTES));
  for (let i = 0; i < chunks; i++) {
    const chunk = message.subarray(i * CHUNK_BYTES, (i + 1) * CHUNK_BYTES);
    yield sealWith(key, nonceOf(i, i === chunks - 1), chunk, EMPTY);
  }
}

/** Opens chunks in order. `open` answers null when a chunk is damaged or out of place. */
export class StreamOpener {
  readonly #key: Uint8Array;
  #index = 0;

  constructor(key: Uint8Array) {
    this.#key = key;
  }

  open(chunk: Uint8Array, last: boolean): Uint8Array | null {
    return openWith(this.#key, nonceOf(this.#index++, last), chunk, EMPTY);
  }
}
