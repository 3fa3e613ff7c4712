import { z } from 'zod';
import { keySpecs, messageTypes, signingAlgorithms } from '../kms/enums.ts';
import { limits } from '../kms/limits.ts';
import { bytes } from '../kms/schemas/members.ts';
import { entry } from './entry.ts';
import { Problem } from './files.ts';
import { SIGNED_TEXT_MAX } from './limits.ts';
import { PATHS_PER_CALL } from './paths-per-call.ts';
import { RegionName } from './region.ts';

const Nothing = z.strictObject({});
const KeyId = z.string().min(1).max(limits.keyId);
const FilePath = z.string().min(1);
const Algorithm = z.enum(signingAlgorithms);
const SignedText = z.string().max(SIGNED_TEXT_MAX);
const PublicKeyBytes = bytes.refine(({ length }) => length <= limits.publicKeyBytes);

/** What is known of a path before anything is done with it. */
export const SignItem = z.strictObject({
  path: z.string(),
  name: z.string(),
  /** Bytes. */
  size: z.number(),
  /** A detached signature that lies beside it: its name with `.sig`. */
  signature: z.string().optional(),
  problem: Problem.optional(),
});

/** The signing or verifying of one text or file. Of the text itself nothing is kept. */
export const SignJob = z.strictObject({
  id: z.string(),
  action: z.enum(['sign', 'verify']),
  source: z.enum(['file', 'text']),
  /** Of a file, and of a text that was saved as one. */
  path: z.string().optional(),
  name: z.string(),
  algorithm: Algorithm,
  /** The key of the vault, as it was asked for. */
  keyId: z.string().optional(),
  /** The public key from outside: SHA-256 of its SubjectPublicKeyInfo, as hexadecimal. */
  fingerprint: z.string().optional(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled']),
  totalBytes: z.number(),
  doneBytes: z.number(),
  bytesPerSecond: z.number(),
  createdAt: z.number(),
  finishedAt: z.number().optional(),
  /** What Sign was given: the message, or what stands for it. */
  messageType: z.enum(messageTypes).optional(),
  signature: bytes.optional(),
  signaturePath: z.string().optional(),
  /** SubjectPublicKeyInfo, DER, and the PEM file of it. */
  publicKey: bytes.optional(),
  publicKeyPath: z.string().optional(),
  /** Of a verification that came to an end. */
  valid: z.boolean().optional(),
  /** What can be seen in a signature that is not valid without any key: that it is not whole. */
  reason: z.string().optional(),
  problem: Problem.optional(),
});

/**
 * Sign and Verify for texts and files of any length: the main process makes the digest that KMS is given. Signatures are new
 * files; nothing is overwritten: a name that is taken gets a number.
 */
export const sign = {
  'sign.look': entry(
    z.strictObject({ paths: z.array(FilePath).min(1).max(PATHS_PER_CALL) }),
    z.strictObject({ items: z.array(SignItem) }),
  ),
  /** A public key from outside: PEM, base64 or, of a file, DER. */
  'sign.readPublicKey': entry(
    z.union([z.strictObject({ text: z.string().max(65_536) }), z.strictObject({ path: FilePath })]),
    z.strictObject({
      publicKey: bytes,
      spec: z.enum(keySpecs),
      algorithms: z.array(Algorithm),
      fingerprint: z.string(),
    }),
  ),
  'sign.start': entry(
    z.strictObject({
      what: z.union([
        z.strictObject({ paths: z.array(FilePath).min(1).max(PATHS_PER_CALL) }),
        z.strictObject({ text: SignedText }),
      ]),
      keyId: KeyId,
      region: RegionName,
      algorithm: Algorithm,
      /** Where signatures go: beside the file, and nowhere for a text, unless given. A text is saved with its signature. */
      folder: FilePath.optional(),
      /** Whether the public key is put beside the signature, as PEM. */
      withPublicKey: z.boolean(),
    }),
    z.strictObject({ jobs: z.array(SignJob) }),
  ),
  'sign.verify': entry(
    z.strictObject({
      what: z.union([z.strictObject({ path: FilePath }), z.strictObject({ text: SignedText })]),
      /** A file's may hold it as base64 text as well. */
      signature: z.union([z.strictObject({ path: FilePath }), z.strictObject({ bytes })]),
      key: z.union([
        z.strictObject({ keyId: KeyId, region: RegionName }),
        z.strictObject({ publicKey: PublicKeyBytes }),
      ]),
      algorithm: Algorithm,
    }),
    z.strictObject({ job: SignJob }),
  ),
  'sign.list': entry(Nothing, z.strictObject({ jobs: z.array(SignJob) })),
  'sign.cancel': entry(z.strictObject({ id: z.string() }), Nothing),
  /** Forgets what is over. */
  'sign.clear': entry(Nothing, Nothing),
};

export const signEvents = {
  /** The jobs that changed since the last event, at most ten times a second. */
  'sign.changed': z.strictObject({ jobs: z.array(SignJob), removed: z.array(z.string()) }),
};
