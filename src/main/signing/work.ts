import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CallInput } from '../../shared/contract/index.ts';
import type { SigningAlgorithm } from '../../shared/kms/enums.ts';
import { CofferError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import { toPem } from '../../shared/pem.ts';
import { equal, utf8 } from '../crypto/bytes.ts';
import * as ed25519 from '../crypto/ed25519.ts';
import { isKeyPairSpec, keyPairs } from '../crypto/key-pairs.ts';
import { type PublicKey, sliceBytes } from '../crypto/message-hash.ts';
import { fitName } from '../files/names.ts';
import { type Call, publicKeyName, writeNew } from '../key-files.ts';
import { SIGNATURE, type SignJob } from './job.ts';
import { fileMessage, type Message, prepare, readThrough, textMessage, type Watch } from './message.ts';
import { specOf } from './public-key.ts';
import { malformed, readSignature } from './signature.ts';

/** What a job knows when it is done. */
export type Result = Partial<SignJob>;

export interface JobWatch extends Watch {
  /** Told the message's size when it is known. */
  readonly begins: (totalBytes: number) => void;
  /** Told what should be known even if the job fails after it. */
  readonly tells: (changes: Partial<SignJob>) => void;
}

export type Given = { readonly file: string } | { readonly text: Uint8Array };

export interface SignWish {
  readonly call: Call;
  readonly keyId: string;
  readonly algorithm: SigningAlgorithm;
  readonly withPublicKey: boolean;
  /** Where the signature goes; nowhere for a text that is not saved. */
  readonly folder: string | undefined;
}

async function openMessage(given: Given, { begins }: JobWatch): Promise<Message> {
  const message = 'file' in given ? await fileMessage(given.file) : textMessage('The text', given.text);
  begins(message.size);
  return message;
}

async function publicKeyOf(call: Call, keyId: string): Promise<PublicKey> {
  const { PublicKey: spki, KeySpec: spec } = await call('GetPublicKey', { KeyId: keyId });
  if (!isKeyPairSpec(spec)) throw new Error(`a public key of ${spec}`);
  return { spec, spki };
}

/** Asked for once, when it is first needed. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** Makes a signature, and puts it and the public key into files. @throws KmsError, CofferError */
export async function signMessage(given: Given, wish: SignWish, watch: JobWatch): Promise<Result> {
  const { call, keyId, algorithm, folder } = wish;
  const key = once(() => publicKeyOf(call, keyId));
  const message = await openMessage(given, watch);
  try {
    // What cannot be had is known before hours of hashing.
    if (wish.withPublicKey) await key();
    const prepared = await prepare(message, algorithm, key, watch);
    const { Signature, KeyId } = await call('Sign', {
      KeyId: keyId,
      Message: prepared.bytes,
      MessageType: prepared.type,
      SigningAlgorithm: algorithm,
    });
    const publicKey = wish.withPublicKey ? (await key()).spki : undefined;
    // A disk that refuses the files does not take the signature away: it can be copied.
    watch.tells({
      messageType: prepared.type,
      signature: Signature,
      ...(publicKey ? { publicKey } : {}),
    });
    return folder === undefined ? {} : await writeFiles(given, folder, KeyId, Signature, publicKey);
  } finally {
    await message.close();
  }
}

async function writeFiles(
  given: Given,
  folder: string,
  keyArn: string,
  signature: Uint8Array,
  publicKey: Uint8Array | undefined,
): Promise<Result> {
  const file = 'file' in given ? given.file : await writeNew(folder, 'message', '.txt', given.text);
  const stem = fitName(path.basename(file), SIGNATURE).slice(0, -SIGNATURE.length);
  const signaturePath = await writeNew(folder, stem, SIGNATURE, signature);
  return {
    path: file,
    signaturePath,
    ...(publicKey ? { publicKeyPath: await writePublicKey(folder, keyArn, publicKey) } : {}),
  };
}

/** The public key as PEM in a file of the folder: the one that is there, when it is the same. */
async function writePublicKey(folder: string, keyArn: string, publicKey: Uint8Array): Promise<string> {
  const pem = utf8(toPem('PUBLIC KEY', publicKey));
  const name = publicKeyName(keyArn);
  const there = path.join(folder, `${name}.pem`);
  const content = await readFile(there).catch(() => undefined);
  return content && equal(content, pem) ? there : writeNew(folder, name, '.pem', pem);
}

export interface VerifyWish {
  readonly signature: CallInput<'sign.verify'>['signature'];
  readonly algorithm: SigningAlgorithm;
  /** The key of the vault, whose Verify answers, or a public key from outside. */
  readonly by: { readonly call: Call; readonly keyId: string } | { readonly publicKey: Uint8Array };
}

/** Whether a signature is valid. @throws KmsError, CofferError for what keeps that from being found out */
export async function verifyMessage(given: Given, wish: VerifyWish, watch: JobWatch): Promise<Result> {
  const { algorithm, by } = wish;
  const signature = 'path' in wish.signature ? await readSignature(wish.signature.path) : wish.signature.bytes;
  if (signature.length === 0 || signature.length > limits.signatureBytes)
    throw new CofferError(
      'ValidationException',
      `A signature has 1 to ${limits.signatureBytes} bytes, and this ${signature.length}.`,
    );
  const message = await openMessage(given, watch);
  try {
    const result =
      'publicKey' in by
        ? { valid: await verifyOutside(message, algorithm, by.publicKey, signature, watch) }
        : await verifyByKms(message, algorithm, by, signature, watch);
    const reason = result.valid ? undefined : malformed(algorithm, signature);
    return reason === undefined ? result : { ...result, reason };
  } finally {
    await message.close();
  }
}

async function verifyByKms(
  message: Message,
  algorithm: SigningAlgorithm,
  { call, keyId }: { readonly call: Call; readonly keyId: string },
  signature: Uint8Array,
  watch: JobWatch,
): Promise<Result & { valid: boolean }> {
  const { type, bytes } = await prepare(message, algorithm, () => publicKeyOf(call, keyId), watch);
  const input = { KeyId: keyId, Message: bytes, MessageType: type, SigningAlgorithm: algorithm };
  try {
    await call('Verify', { ...input, Signature: signature });
    return { valid: true, messageType: type };
  } catch (error) {
    if (!(error instanceof CofferError) || error.code !== 'KMSInvalidSignatureException') throw error;
    return { valid: false, messageType: type };
  }
}

/** With a public key from outside: no key of the vault is asked, and nothing is recorded. */
async function verifyOutside(
  message: Message,
  algorithm: SigningAlgorithm,
  spki: Uint8Array,
  signature: Uint8Array,
  watch: JobWatch,
): Promise<boolean> {
  const spec = specOf(spki);
  const scheme = keyPairs[spec].signing[algorithm];
  if (!scheme)
    throw new CofferError('InvalidKeyUsageException', `A public key of ${spec} does not verify with ${algorithm}.`);
  if (algorithm === 'ED25519_SHA_512') {
    const verification = ed25519.verification(spki, signature);
    await readThrough(message, sliceBytes(algorithm), watch, verification.update);
    return verification.valid();
  }
  const { type, bytes } = await prepare(message, algorithm, async () => ({ spec, spki }), watch);
  return scheme.verify(spki, type, bytes, signature);
}
