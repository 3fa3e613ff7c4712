import { randomBytes } from 'node:crypto';
import { decryptMessage, type MessageReader } from '../../src/main/files/message/decrypt.ts';
import { encryptMessage } from '../../src/main/files/message/encrypt.ts';
import type { MessageHeader } from '../../src/main/files/message/header.ts';
import { newSigningKey, PUBLIC_KEY_CONTEXT, startSigning } from '../../src/main/files/message/signature.ts';
import { SIGNING_SUITE, SUITE } from '../../src/main/files/message/suite.ts';

export interface MadeMessage {
  readonly bytes: Buffer;
  readonly plain: Buffer;
  readonly dataKey: Uint8Array;
  readonly headerLength: number;
}

interface Wish {
  readonly size: number;
  readonly frameLength: number;
  readonly signed?: boolean;
  readonly header?: Partial<MessageHeader>;
}

/** A message of random plaintext, made by the product's functions, the batches holding two frames each. */
export async function makeMessage({ size, frameLength, signed = false, header = {} }: Wish): Promise<MadeMessage> {
  const plain = randomBytes(size);
  const dataKey = new Uint8Array(randomBytes(32));
  const signing = signed ? newSigningKey() : undefined;
  const whole: MessageHeader = {
    suite: signed ? SIGNING_SUITE : SUITE,
    messageId: new Uint8Array(randomBytes(32)),
    context: { purpose: 'test', ...(signing ? { [PUBLIC_KEY_CONTEXT]: signing.publicKey } : {}) },
    dataKeys: [{ providerId: 'aws-kms', providerInfo: 'arn', ciphertext: new Uint8Array(randomBytes(20)) }],
    frameLength,
    ...header,
  };
  async function* batches() {
    for (let at = 0; at < size; at += 2 * frameLength) yield plain.subarray(at, at + 2 * frameLength);
  }
  const pieces: Buffer[] = [];
  const signer = signing ? startSigning(signing.privateKey) : undefined;
  for await (const piece of encryptMessage(batches(), { header: whole, dataKey, signer }))
    pieces.push(Buffer.from(piece));
  return { bytes: Buffer.concat(pieces), plain, dataKey, headerLength: pieces[0]?.length ?? 0 };
}

export function readerOf(bytes: Uint8Array): MessageReader {
  let at = 0;
  return {
    peek: async (length) => bytes.subarray(at, at + length),
    skip: (length) => {
      at += length;
    },
  };
}

/** Opens a message whole. @throws as `decryptMessage`. */
export async function openMessage(bytes: Uint8Array, dataKey: Uint8Array): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of decryptMessage(readerOf(bytes), dataKey)) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces);
}
