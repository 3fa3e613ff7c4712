import type { KeySpec, WrappingAlgorithm } from '../../shared/kms/enums.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { specs } from '../../shared/kms/specs.ts';
import { framed, toHex } from '../crypto/bytes.ts';
import { EncodingError } from '../crypto/der.ts';
import { digest } from '../crypto/digest.ts';
import { withSecret } from '../crypto/key-format.ts';
import { type KeyPairSpec, keyPairs } from '../crypto/key-pairs.ts';
import { unwrapMaterial, wrapMaterial } from '../crypto/key-wrap.ts';
import { MAX_KEY_BYTES, macBytes } from '../crypto/mac.ts';
import * as sm2 from '../crypto/sm2.ts';
import type { Random } from '../environment.ts';
import type { ImportParameters } from './import-tokens.ts';
import type { KeyRecord } from './key-rows.ts';
import { SYMMETRIC_BYTES } from './materials.ts';

const incorrect = (message: string) => new KmsError('IncorrectKeyMaterialException', message);

/** The material out of its wrapping. One refusal for every reason. @throws KmsError `InvalidCiphertextException` */
export function unwrap({ algorithm, wrappingKey }: Omit<ImportParameters, 'validTo'>, wrapped: Uint8Array): Uint8Array {
  const material = unwrapWith(algorithm, wrappingKey, wrapped);
  if (!material)
    throw new KmsError(
      'InvalidCiphertextException',
      'The encrypted key material does not open: it is damaged, or was not encrypted with the public key and wrapping algorithm that belong to the import token.',
    );
  return material;
}

function unwrapWith(algorithm: WrappingAlgorithm, wrappingKey: Uint8Array, wrapped: Uint8Array): Uint8Array | null {
  switch (algorithm) {
    case 'RSAES_PKCS1_V1_5':
      return null;
    case 'SM2PKE':
      return sm2.decrypt(wrappingKey, wrapped);
    default:
      return unwrapMaterial(algorithm, wrappingKey, wrapped);
  }
}

/** Wraps material for ImportKeyMaterial, as its owner does elsewhere. @throws EncodingError for what is no public key */
export function wrap(
  algorithm: WrappingAlgorithm,
  wrappingKey: Uint8Array,
  material: Uint8Array,
  random: Random,
): Uint8Array {
  switch (algorithm) {
    case 'RSAES_PKCS1_V1_5':
      throw new KmsError('UnsupportedOperationException', 'RSAES_PKCS1_V1_5 is not supported any more.');
    case 'SM2PKE':
      return sm2.encrypt(wrappingKey, material, random);
    default:
      return wrapMaterial(algorithm, wrappingKey, material, random);
  }
}

/** New material for a key of `spec`: bytes as they are, or a private key as PKCS #8 in DER. */
export async function newMaterial(spec: KeySpec, random: Random): Promise<Uint8Array> {
  const algorithm = specs[spec].mac?.[0];
  if (algorithm) return random.bytes(macBytes(algorithm));
  return spec === 'SYMMETRIC_DEFAULT' ? random.bytes(SYMMETRIC_BYTES) : keyPairs[spec as KeyPairSpec].generate(random);
}

type Owner = Pick<KeyRecord, 'accountId' | 'keyId' | 'spec'>;

/**
 * Checks material against its key's spec: exactly 32 bytes for symmetric encryption, as long as the hash up to 128 bytes for
 * HMAC, PKCS #8 DER for a key pair, which comes back in Coffer's own encoding (developer guide, "Requirements for imported key
 * material"). Prime numbers are tested on the thread pool.
 * @throws KmsError `IncorrectKeyMaterialException`
 */
export async function checkMaterial({ spec }: Pick<Owner, 'spec'>, bytes: Uint8Array): Promise<Uint8Array> {
  const algorithm = specs[spec].mac?.[0];
  if (spec === 'SYMMETRIC_DEFAULT' || algorithm) {
    const [least, most] = algorithm ? [macBytes(algorithm), MAX_KEY_BYTES] : [SYMMETRIC_BYTES, SYMMETRIC_BYTES];
    if (bytes.length < least || bytes.length > most)
      throw incorrect(
        `Key material for ${spec} has ${least === most ? least : `${least} to ${most}`} bytes, not ${bytes.length}.`,
      );
    return bytes.slice();
  }
  try {
    return await keyPairs[spec as KeyPairSpec].importPrivateKey(bytes);
  } catch (error) {
    // It names tags and lengths, never contents.
    if (!(error instanceof EncodingError)) throw error;
    throw incorrect(
      `Key material for ${spec} is its private key as PKCS #8 in DER, which this is not: ${error.message}.`,
    );
  }
}

/**
 * The id of imported material (64 hexadecimal digits): SHA-256 over the key it is for and the material, as AWS computes it
 * from the key id and the material. So the same material is known again without being kept, and in another key it has another
 * id. For a key pair the public key stands for the material: however the private key is written, it is the same one.
 */
export function materialIdOf({ accountId, keyId, spec }: Owner, material: Uint8Array): string {
  const secret = spec === 'SYMMETRIC_DEFAULT' || specs[spec].mac !== undefined;
  const told = secret ? material : keyPairs[spec as KeyPairSpec].publicKey(material);
  return withSecret(framed('coffer imported material', accountId, keyId, told), (bytes) =>
    toHex(digest('SHA_256', bytes)),
  );
}
