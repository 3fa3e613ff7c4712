import { KmsError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import { concat, framed, u32, utf8 } from '../crypto/bytes.ts';

export type EncryptionContext = Readonly<Record<string, string>>;

const NONE = u32(0);
/** Text that has no UTF-8: two different ones would be authenticated as the same. */
const ILL_FORMED = /\p{Surrogate}/u;

/**
 * The one byte string that stands for an encryption context: the number of pairs (u32), then for each pair, sorted by the
 * UTF-8 bytes of its name, name and value, each after its length (u32). Order does not matter, and no two contexts share
 * a form. No context and an empty one are the same.
 * @throws KmsError `ValidationException` above 8,192 bytes of names and values, or for text that is not well-formed.
 */
export function canonicalContext(context: EncryptionContext | undefined): Uint8Array {
  if (context === undefined) return NONE;
  const pairs = Object.entries(context).map(([name, value]) => {
    if (ILL_FORMED.test(name) || ILL_FORMED.test(value))
      throw new KmsError('ValidationException', 'The encryption context contains text that is not valid Unicode.');
    return [utf8(name), utf8(value)] as const;
  });
  const size = pairs.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (size > limits.encryptionContextBytes)
    throw new KmsError(
      'ValidationException',
      `The encryption context has ${size} bytes; it must not have more than ${limits.encryptionContextBytes}.`,
    );
  pairs.sort(([a], [b]) => Buffer.compare(a, b));
  return concat(u32(pairs.length), framed(...pairs.flat()));
}
