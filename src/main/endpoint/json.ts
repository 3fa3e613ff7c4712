import { KmsError } from '../../shared/kms/errors.ts';

/** The content type of requests and answers. */
export const JSON_TYPE = 'application/x-amz-json-1.1';

/**
 * The AWS JSON 1.1 protocol ("AWS JSON 1.1 protocol", Smithy): members are JSON, blobs are base64 text, timestamps are seconds
 * since the epoch. What is a blob or a timestamp is known by the member's name: in the KMS API no name is used for two kinds.
 */
const BLOBS: ReadonlySet<string> = new Set([
  'AttestationDocument',
  'Ciphertext',
  'CiphertextBlob',
  'EncryptedKeyMaterial',
  'ImportToken',
  'Mac',
  'Message',
  'Plaintext',
  'PublicKey',
  'SharedSecret',
  'SharedSecretCiphertextBlob',
  'Signature',
]);
const TIMESTAMPS: ReadonlySet<string> = new Set(['ValidTo']);
/** Members whose own members are free text chosen by the caller, such as an encryption context. */
const MAPS = /EncryptionContext(Subset|Equals)?$/;

/** Deeper than any request of the API is nested. */
const DEPTH_MAX = 64;

const wrong = (name: string) =>
  new KmsError(
    'SerializationException',
    `The value at '${name.charAt(0).toLowerCase()}${name.slice(1)}' has the wrong type.`,
  );

function blob(name: string, value: unknown): Uint8Array {
  // Padding may be left out; anything else that is not base64 is an error, never quietly dropped.
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) throw wrong(name);
  return new Uint8Array(Buffer.from(value, 'base64'));
}

function timestamp(name: string, value: unknown): Date {
  const seconds = typeof value === 'string' ? Date.parse(value) / 1000 : value;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds)) throw wrong(name);
  return new Date(seconds * 1000);
}

function member(name: string, value: unknown, depth: number): unknown {
  if (value === null || value === undefined) return undefined;
  if (BLOBS.has(name)) return blob(name, value);
  if (TIMESTAMPS.has(name)) return timestamp(name, value);
  if (MAPS.test(name)) return value;
  return decoded(value, depth);
}

function decoded(value: unknown, depth = 0): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (depth > DEPTH_MAX) throw new KmsError('SerializationException', 'The request body is nested too deeply.');
  if (Array.isArray(value)) return value.map((item) => decoded(item, depth + 1));
  // A member that is null is a member that was left out.
  const entries = Object.entries(value).map(([name, item]) => [name, member(name, item, depth + 1)] as const);
  return Object.fromEntries(entries.filter(([, item]) => item !== undefined));
}

/**
 * Reads a request's body as an operation's input.
 * @throws KmsError `SerializationException` when it is not JSON, not an object, nested too deeply, or a blob or timestamp is of
 * another type.
 */
export function decodeInput(body: Uint8Array): Record<string, unknown> {
  if (body.length === 0) return {};
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new KmsError('SerializationException', 'The request body is not valid JSON.');
  }
  if (parsed === null || typeof parsed !== 'object' || Array.isArray(parsed))
    throw new KmsError('SerializationException', 'Start of structure or map found where not expected.');
  return decoded(parsed) as Record<string, unknown>;
}

function encoded(value: unknown): unknown {
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (value instanceof Date) return value.getTime() / 1000;
  if (Array.isArray(value)) return value.map(encoded);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, encoded(item)]));
}

/** An operation's output as the body of an answer. */
export function encodeOutput(output: unknown): string {
  return JSON.stringify(encoded(output));
}

/** The body of a refusal: `__type` is what SDKs read, `message` what people do. */
export function encodeError(code: string, message: string): string {
  // AWS answers its generic errors (throttling, signatures) under lower-case `message` too.
  return JSON.stringify({ __type: code, message });
}
