import type { SigningAlgorithm } from '../../shared/kms/enums.ts';
import { limits } from '../../shared/kms/limits.ts';
import { DerReader, EncodingError } from '../crypto/der.ts';
import { readSmallFile } from '../files/small.ts';

const BASE64 = /^[A-Za-z0-9+/\s]+={0,2}\s*$/;

/**
 * The signature in a file: its bytes, or what base64 text stands for. No signature of 64 or more bytes happens to be all
 * base64 by itself.
 * @throws CofferError `FileEmpty`, `FileTooLarge`, `NotAFile` and what `fileError` names.
 */
export async function readSignature(file: string): Promise<Uint8Array> {
  // Base64 with line breaks is half as long again.
  const content = await readSmallFile(file, 'a signature', limits.signatureBytes * 1.5);
  const text = Buffer.from(content).toString('latin1');
  return BASE64.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : content;
}

/** The lengths in bytes that an algorithm's signatures have, where they are fixed: of RSA by the modulus. */
function lengthsOf(algorithm: SigningAlgorithm): readonly number[] | null {
  if (algorithm.startsWith('RSASSA')) return [256, 384, 512];
  if (algorithm.startsWith('ED25519')) return [64];
  return algorithm === 'ML_DSA_SHAKE_256' ? [2420, 3309, 4627] : null;
}

function isDerPair(signature: Uint8Array): boolean {
  try {
    const outer = new DerReader(signature);
    const pair = outer.sequence();
    outer.end();
    pair.integer();
    pair.integer();
    pair.end();
    return true;
  } catch (error) {
    if (error instanceof EncodingError) return false;
    throw error;
  }
}

const number = new Intl.NumberFormat('en');
const list = new Intl.ListFormat('en', { type: 'disjunction' });

/** Why no key at all can have made such a signature with the algorithm, as a sentence, or `undefined`. */
export function malformed(algorithm: SigningAlgorithm, signature: Uint8Array): string | undefined {
  const lengths = lengthsOf(algorithm);
  if (lengths === null)
    return isDerPair(signature)
      ? undefined
      : `A signature of ${algorithm} is DER of two integers. This is not: it is cut off, altered or another algorithm's.`;
  if (lengths.includes(signature.length)) return undefined;
  const words = list.format(lengths.map((length) => number.format(length)));
  return `A signature of ${algorithm} has ${words} bytes, and this one ${number.format(signature.length)}: it is cut off, altered or another algorithm's.`;
}
