import type { KeySpec } from '../../shared/kms/enums.ts';
import { CofferError } from '../../shared/kms/errors.ts';
import { specs } from '../../shared/kms/specs.ts';
import { toHex, utf8 } from '../crypto/bytes.ts';
import { EncodingError } from '../crypto/der.ts';
import { hkdf } from '../crypto/kdf.ts';
import { type KeyPairSpec, keyPairs } from '../crypto/key-pairs.ts';
import { requireKey } from '../crypto/mac.ts';
import type { Random } from '../environment.ts';
import { SYMMETRIC_BYTES } from '../kms/materials.ts';
import { generateMaterial } from '../kms/new-key.ts';
import type { SeedKey } from './schema.ts';

function decoded(text: string): Uint8Array {
  const compact = text.replace(/-----(BEGIN|END) PRIVATE KEY-----|\s/g, '');
  if (compact === '' || compact.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(compact))
    throw new CofferError('SeedInvalid', 'the material is not base64');
  return new Uint8Array(Buffer.from(compact, 'base64'));
}

/** Material, and its id where it must be the same in every vault of the seed: ciphertext names it. */
export interface SeedMaterial {
  readonly bytes: Uint8Array;
  readonly id?: string;
}

/**
 * The first material of a seed's key: what it gives, checked, or new.
 * @throws CofferError `SeedInvalid` when it is not material of the key's spec.
 */
export async function materialOf(accountId: string, key: SeedKey, random: Random): Promise<SeedMaterial> {
  if (key.material === undefined) return { bytes: await generateMaterial(key.spec, random) };
  const bytes = await checked(key.spec, decoded(key.material));
  return { bytes, id: toHex(hkdf(bytes, utf8(`${accountId}/${key.id}`), 'coffer/v1/seed material id')) };
}

async function checked(spec: KeySpec, bytes: Uint8Array): Promise<Uint8Array> {
  const mac = specs[spec].mac?.[0];
  if (mac === undefined && spec !== 'SYMMETRIC_DEFAULT') {
    try {
      return await keyPairs[spec as KeyPairSpec].importPrivateKey(bytes);
    } catch (error) {
      if (!(error instanceof EncodingError)) throw error;
      throw new CofferError('SeedInvalid', `the material is no private key of spec ${spec} in PKCS #8`);
    } finally {
      bytes.fill(0);
    }
  }
  if (mac !== undefined) {
    try {
      requireKey(mac, bytes);
    } catch (error) {
      throw new CofferError('SeedInvalid', (error as RangeError).message);
    }
  } else if (bytes.length !== SYMMETRIC_BYTES)
    throw new CofferError('SeedInvalid', `a symmetric key has ${SYMMETRIC_BYTES} bytes, not ${bytes.length}`);
  return bytes;
}
