import path from 'node:path';
import type { MessageType, SigningAlgorithm } from '../../shared/kms/enums.ts';
import { CofferError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import { concat } from '../crypto/bytes.ts';
import { bindsPublicKey, messageHash, type PublicKey, sliceBytes } from '../crypto/message-hash.ts';
import { fileError } from '../files/errors.ts';
import { openFile } from '../files/small.ts';

/** What is signed: read once, a slice at a time. */
export interface Message {
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** The buffer of a slice is used again for the next one. @throws CofferError `FileChanged` and what `fileError` names. */
  slices(bytes: number): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

export function textMessage(name: string, text: Uint8Array): Message {
  return {
    name,
    size: text.length,
    async *slices(bytes) {
      for (let at = 0; at < text.length; at += bytes) yield text.subarray(at, at + bytes);
    },
    close: async () => undefined,
  };
}

/** @throws CofferError `NotAFile` and what `fileError` names */
export async function fileMessage(file: string): Promise<Message> {
  const name = path.basename(file);
  const source = await openFile(file);
  return {
    name,
    size: source.size,
    async *slices(bytes) {
      const buffer = new Uint8Array(bytes);
      try {
        for (;;) {
          const { bytesRead } = await source.handle.read(buffer, 0, bytes, null);
          if (bytesRead === 0) break;
          yield buffer.subarray(0, bytesRead);
        }
        await source.unchanged();
      } catch (error) {
        throw fileError(error, name);
      }
    },
    close: () => source.handle.close(),
  };
}

/** Told of each slice, and asked whether to go on. */
export interface Watch {
  /** Bytes read in all. */
  readonly progress: (bytes: number) => void;
  /** Aborted by a cancel and by the lock; its reason is thrown. */
  readonly signal: AbortSignal;
}

/** Gives `take` the message slice by slice, and everything else its turn in between. */
export async function readThrough(
  message: Message,
  bytes: number,
  { progress, signal }: Watch,
  take: (slice: Uint8Array) => unknown,
): Promise<void> {
  let read = 0;
  for await (const slice of message.slices(bytes)) {
    take(slice);
    read += slice.length;
    progress(read);
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal.throwIfAborted();
  }
}

/** What stands for a message in Sign and Verify. */
export interface Prepared {
  readonly type: MessageType;
  readonly bytes: Uint8Array;
}

/** Whether KMS is given the message itself: Ed25519 has no other way, and of a short one µ need not be made. */
const goesWhole = (algorithm: SigningAlgorithm, { size }: Message): boolean =>
  algorithm === 'ED25519_SHA_512' || (algorithm === 'ML_DSA_SHAKE_256' && size > 0 && size <= limits.messageBytes);

/**
 * The message as the algorithm takes it: whole where that is short or the only way, else its digest.
 * @param key asked for where the digest is bound to it.
 * @throws CofferError `MessageTooLong`, `MessageEmpty` for Ed25519, and as the message's slices do.
 */
export async function prepare(
  message: Message,
  algorithm: SigningAlgorithm,
  key: () => Promise<PublicKey>,
  watch: Watch,
): Promise<Prepared> {
  if (goesWhole(algorithm, message)) {
    requireWhole(message);
    const slices: Uint8Array[] = [];
    await readThrough(message, limits.messageBytes, watch, (slice) => slices.push(Uint8Array.from(slice)));
    return { type: 'RAW', bytes: concat(...slices) };
  }
  const hash = messageHash(algorithm, bindsPublicKey(algorithm) ? await key() : undefined);
  await readThrough(message, sliceBytes(algorithm), watch, (slice) => hash.update(slice));
  return { type: algorithm === 'ML_DSA_SHAKE_256' ? 'EXTERNAL_MU' : 'DIGEST', bytes: hash.digest() };
}

/** Ed25519 goes through a message twice, so KMS has to be given all of it, and takes 1 to 4,096 bytes. */
function requireWhole({ name, size }: Message): void {
  if (size > limits.messageBytes)
    throw new CofferError(
      'MessageTooLong',
      `${name} is too long for ED25519_SHA_512: that takes the message itself, and KMS takes at most 4,096 bytes. ED25519_PH_SHA_512 signs the digest of a file of any size. A signature that another program made can be verified with the public key.`,
    );
  if (size === 0)
    throw new CofferError(
      'MessageEmpty',
      `${name} is empty: KMS takes no empty message, and ED25519_SHA_512 has nothing else to take.`,
    );
}
