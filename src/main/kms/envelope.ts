import { TAG_BYTES } from '../crypto/aead.ts';
import { concat } from '../crypto/bytes.ts';

/**
 * The rest of a ciphertext of version 2, behind version, key and material, which are as in version 1. All numbers are bytes.
 *
 *   55   1  what sealed it: 1 a PKCS#11 token, 2 an external key manager
 *   56   1  n, length of the initialization vector, 12 or 16
 *   57   1  m, length of the key manager's own metadata, 0 to 20
 *   58   n  initialization vector
 *        m  metadata
 *           ciphertext
 *       16  tag
 *
 * AES-256-GCM under the key in the token or the key manager. Additional data are the SHA-256 of bytes 0 to 55 and the canonical
 * encryption context: proxies take 8,192 bytes at most, which a context can exceed. A token encrypts the plaintext. A key
 * manager encrypts a whole ciphertext of version 1, made under the KMS key's own material ("double encryption"): so neither
 * the vault nor the key manager alone can read anything.
 */
export const ENVELOPE_AT = 55;
const IV_AT = 58;
const METADATA_MAX = 20;

export const envelopeKinds = { AWS_CLOUDHSM: 1, EXTERNAL_KEY_STORE: 2 } as const;
export type EnvelopeKind = (typeof envelopeKinds)[keyof typeof envelopeKinds];

export interface Envelope {
  readonly kind: EnvelopeKind;
  readonly iv: Uint8Array;
  readonly metadata: Uint8Array;
  readonly ciphertext: Uint8Array;
  /** 16 bytes. */
  readonly tag: Uint8Array;
}

/** The whole ciphertext; `head` are its bytes 0 to 55. */
export function joinEnvelope(head: Uint8Array, { iv, metadata, ciphertext, tag }: Omit<Envelope, 'kind'>): Uint8Array {
  return concat(head, new Uint8Array([iv.length, metadata.length]), iv, metadata, ciphertext, tag);
}

/** Reads what follows the header; null when it is none. Any bytes are fine. */
export function parseEnvelope(bytes: Uint8Array): Envelope | null {
  const [kind, n, m] = bytes.subarray(ENVELOPE_AT, IV_AT);
  if (kind !== 1 && kind !== 2) return null;
  if ((n !== 12 && n !== 16) || m === undefined || m > METADATA_MAX) return null;
  const metadataAt = IV_AT + n;
  const bodyAt = metadataAt + m;
  const tagAt = bytes.length - TAG_BYTES;
  if (tagAt <= bodyAt) return null;
  return {
    kind,
    iv: bytes.subarray(IV_AT, metadataAt),
    metadata: bytes.subarray(metadataAt, bodyAt),
    ciphertext: bytes.subarray(bodyAt, tagAt),
    tag: bytes.subarray(tagAt),
  };
}
