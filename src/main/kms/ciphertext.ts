import { KmsError } from '../../shared/kms/errors.ts';
import { NONCE_BYTES, openWith, sealWith, TAG_BYTES } from '../crypto/aead.ts';
import { concat, toHex, utf8 } from '../crypto/bytes.ts';
import { hmac } from '../crypto/kdf.ts';
import type { Random } from '../environment.ts';
import { ENVELOPE_AT, type Envelope, type EnvelopeKind, parseEnvelope } from './envelope.ts';

/**
 * What symmetric Encrypt returns, version 1; keys in custom key stores have version 2 (`envelope.ts`). All numbers are bytes.
 *
 *    0   1  format version, 1
 *    1   1  form of the key id: 0 a UUID, 1 a multi-Region id (`mrk-`)
 *    2   5  account, unsigned big-endian
 *    7  16  key id
 *   23  32  material id
 *   55  16  salt
 *   71  12  nonce
 *   83   n  ciphertext, as long as the plaintext
 * 83+n  16  tag
 *
 * AES-256-GCM under a key that serves this message only: HMAC-SHA-256 of the material over label and salt, which is one
 * block of the counter-mode KDF of NIST SP 800-108r1 (section 4.1) with the salt as its context. GCM's bound of 2^32
 * messages with random nonces so holds for each salt, not for a material: salt and nonce together repeat only around 2^112
 * messages. Additional data are bytes 0 to 70 and the canonical encryption context. No Region is in it: a replica in
 * another Region opens it. The account is, as two accounts may hold keys of one id.
 */
const VERSION = 1;
/** The form whose key is in a custom key store. */
const OUTSIDE_VERSION = 2;
const SALT_AT = 55;
const NONCE_AT = 71;
const BODY_AT = 83;
const SALT_BYTES = NONCE_AT - SALT_AT;

/** Bytes that Encrypt adds to a plaintext. */
export const CIPHERTEXT_OVERHEAD = BODY_AT + TAG_BYTES;

/** Whose material a ciphertext was made with. */
export interface CiphertextOwner {
  readonly accountId: string;
  readonly keyId: string;
  readonly materialId: string;
}

export interface Ciphertext extends CiphertextOwner {
  readonly bytes: Uint8Array;
  /** In version 2: what the key store made of it. */
  readonly envelope?: Envelope;
}

/** One message for every reason, so that nothing tells them apart. */
export const invalidCiphertext = () =>
  new KmsError(
    'InvalidCiphertextException',
    'The ciphertext does not open: it is damaged, belongs to a key that is not here, or needs another encryption context.',
  );

/** Counter 1, label, a zero byte; the salt and the length in bits (256) follow. */
const KDF_HEAD = concat(new Uint8Array([0, 0, 0, 1]), utf8('coffer kms encrypt v1'), new Uint8Array([0]));
const KDF_TAIL = new Uint8Array([0, 0, 1, 0]);

const messageKey = (material: Uint8Array, salt: Uint8Array) => hmac(material, KDF_HEAD, salt, KDF_TAIL);

/** The header without salt and nonce. The buffer is as long as the whole ciphertext of `length` bytes of plaintext. */
function begin({ accountId, keyId, materialId }: CiphertextOwner, length: number): Buffer {
  const out = Buffer.alloc(length + CIPHERTEXT_OVERHEAD);
  const multiRegion = keyId.startsWith('mrk-');
  out[0] = VERSION;
  out[1] = multiRegion ? 1 : 0;
  out.writeUIntBE(Number(accountId), 2, 5);
  out.write(multiRegion ? keyId.slice(4) : keyId.replaceAll('-', ''), 7, 'hex');
  out.write(materialId, 23, 'hex');
  return out;
}

/** Bytes 0 to 55 of a ciphertext of version 2. */
export function outsideHead(owner: CiphertextOwner, kind: EnvelopeKind): Uint8Array {
  const head = new Uint8Array(begin(owner, 0).subarray(0, ENVELOPE_AT + 1));
  head[0] = OUTSIDE_VERSION;
  head[ENVELOPE_AT] = kind;
  return head;
}

/** Encrypts `plaintext` under the owner's `material`; `context` is canonical. */
export function encrypt(
  owner: CiphertextOwner,
  material: Uint8Array,
  plaintext: Uint8Array,
  context: Uint8Array,
  random: Random,
): Uint8Array {
  const out = begin(owner, plaintext.length);
  out.set(random.bytes(SALT_BYTES + NONCE_BYTES), SALT_AT);
  const key = messageKey(material, out.subarray(SALT_AT, NONCE_AT));
  const aad = concat(out.subarray(0, NONCE_AT), context);
  out.set(sealWith(key, out.subarray(NONCE_AT, BODY_AT), plaintext, aad), BODY_AT);
  key.fill(0);
  return new Uint8Array(out.buffer, out.byteOffset, out.length);
}

/** Reads the header; null when `bytes` are no ciphertext of this format. Any bytes are fine. */
export function parseCiphertext(bytes: Uint8Array): Ciphertext | null {
  const version = bytes[0];
  if (version === VERSION ? bytes.length <= CIPHERTEXT_OVERHEAD : version !== OUTSIDE_VERSION) return null;
  const envelope = version === OUTSIDE_VERSION ? parseEnvelope(bytes) : undefined;
  if (envelope === null) return null;
  const form = bytes[1];
  if (form !== 0 && form !== 1) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const account = view.getUint8(2) * 2 ** 32 + view.getUint32(3);
  if (account >= 10 ** 12) return null;
  const id = toHex(bytes.subarray(7, 23));
  return {
    bytes,
    accountId: String(account).padStart(12, '0'),
    keyId: form === 1 ? `mrk-${id}` : id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    materialId: toHex(bytes.subarray(23, SALT_AT)),
    ...(envelope ? { envelope } : {}),
  };
}

/** The plaintext, or null when ciphertext, material or context do not belong together. */
export function decrypt({ bytes }: Ciphertext, material: Uint8Array, context: Uint8Array): Uint8Array | null {
  const key = messageKey(material, bytes.subarray(SALT_AT, NONCE_AT));
  const aad = concat(bytes.subarray(0, NONCE_AT), context);
  const plaintext = openWith(key, bytes.subarray(NONCE_AT, BODY_AT), bytes.subarray(BODY_AT), aad);
  key.fill(0);
  return plaintext;
}
