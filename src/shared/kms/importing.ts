import type { KeySpec, WrappingAlgorithm, WrappingKeySpec } from './enums.ts';

/**
 * What can be imported, and how it may be wrapped on the way (developer guide, "Requirements for imported key material" and
 * "Select a wrapping algorithm"). AWS imports no ML-DSA and no ML-KEM keys.
 */
export const importable = (spec: KeySpec): boolean => !spec.startsWith('ML_');

/** Whether material of a key of `spec` may be wrapped by `algorithm` under a wrapping key of `wrappingKey`. */
export function wraps(spec: KeySpec, algorithm: WrappingAlgorithm, wrappingKey: WrappingKeySpec): boolean {
  const isRsa = spec.startsWith('RSA_');
  switch (algorithm) {
    case 'RSAES_PKCS1_V1_5':
      // Deprecated: AWS refuses it since October 10, 2023.
      return false;
    case 'RSAES_OAEP_SHA_1':
    case 'RSAES_OAEP_SHA_256':
      // A P-521 private key is longer than what a 2048-bit modulus carries.
      return wrappingKey !== 'SM2' && !isRsa && !(spec === 'ECC_NIST_P521' && wrappingKey === 'RSA_2048');
    case 'RSA_AES_KEY_WRAP_SHA_1':
    case 'RSA_AES_KEY_WRAP_SHA_256':
      return wrappingKey !== 'SM2';
    case 'SM2PKE':
      return wrappingKey === 'SM2' && !isRsa;
  }
}
