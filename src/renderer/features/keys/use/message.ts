import type { KeySpec, MessageType, SigningAlgorithm } from '../../../../shared/kms/enums.ts';
import { digestBytesOf, specs } from '../../../../shared/kms/specs.ts';
import { fromBase64 } from '../text.ts';

/** How a message reaches Sign and Verify: whole, by a digest that the window makes of it, or by one that was made elsewhere. */
export type MessageForm = 'whole' | 'hashed' | 'given';

/** The forms that an algorithm takes, the usual one first. */
export function formsOf(algorithm: SigningAlgorithm): readonly MessageForm[] {
  switch (algorithm) {
    case 'ED25519_SHA_512':
      return ['whole'];
    case 'ED25519_PH_SHA_512':
      return ['hashed', 'given'];
    // Their digests are bound to the public key: SM3 over ZA and the message, and µ. Programs make those.
    case 'SM2DSA':
    case 'ML_DSA_SHAKE_256':
      return ['whole', 'given'];
    default:
      return ['whole', 'hashed', 'given'];
  }
}

export const signingAlgorithms = (spec: KeySpec): readonly SigningAlgorithm[] => specs[spec].signing ?? [];

/** What the API calls the form. */
export function messageTypeOf(algorithm: SigningAlgorithm, form: MessageForm): MessageType {
  if (form === 'whole') return 'RAW';
  return algorithm === 'ML_DSA_SHAKE_256' ? 'EXTERNAL_MU' : 'DIGEST';
}

/** The hash whose digest an algorithm signs, as Web Crypto and people call it. */
export const hashOf = (algorithm: SigningAlgorithm): 'SHA-256' | 'SHA-384' | 'SHA-512' => {
  const bytes = digestBytesOf(algorithm);
  return bytes === 64 ? 'SHA-512' : bytes === 48 ? 'SHA-384' : 'SHA-256';
};

/** What a digest that was made elsewhere is called. */
export function digestName(algorithm: SigningAlgorithm): string {
  if (algorithm === 'ML_DSA_SHAKE_256') return 'external µ';
  return algorithm === 'SM2DSA' ? 'SM3 digest with ZA' : `${hashOf(algorithm)} digest`;
}

/** The digest of `bytes` bytes that hexadecimal (colons and spaces ignored) or base64 text stands for, or `null`. */
export function parseDigest(typed: string, bytes: number): Uint8Array | null {
  const hex = typed.replace(/[\s:]/g, '');
  if (hex.length === bytes * 2 && /^[0-9a-f]*$/i.test(hex))
    return Uint8Array.from({ length: bytes }, (_, index) => Number.parseInt(hex.slice(index * 2, index * 2 + 2), 16));
  const decoded = fromBase64(typed);
  return decoded?.length === bytes ? decoded : null;
}

export const toHex = (bytes: Uint8Array): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
