import { dataKeyPairSpecs } from '../../shared/kms/enums.ts';
import type { OperationName } from '../../shared/kms/operations.ts';

type DataKeyPairSpec = (typeof dataKeyPairSpecs)[number];

/**
 * Which calls are counted together ("Request quotas", KMS Developer Guide): cryptographic calls by the kind of their key, those
 * that make data key pairs by the pair's spec, and everything else.
 */
export type QuotaClass =
  | 'symmetric'
  | 'rsa'
  | 'ecc'
  | 'mldsa'
  | 'mlkem'
  | `GenerateDataKeyPair ${DataKeyPairSpec}`
  | 'management';

export type Quotas = Readonly<Record<QuotaClass, number>>;

/**
 * Calls a second; AWS's figures for the smaller Regions. AWS counts each management operation by itself and most at 5; here
 * they share one generous figure, as only one person makes them. Of ML-KEM the guide has no figure yet: as ML-DSA and the curves.
 */
export const defaultQuotas: Quotas = {
  symmetric: 10_000,
  rsa: 1_000,
  ecc: 1_000,
  mldsa: 1_000,
  mlkem: 1_000,
  'GenerateDataKeyPair RSA_2048': 20,
  'GenerateDataKeyPair RSA_3072': 4,
  'GenerateDataKeyPair RSA_4096': 1,
  'GenerateDataKeyPair ECC_NIST_P256': 100,
  'GenerateDataKeyPair ECC_NIST_P384': 100,
  'GenerateDataKeyPair ECC_NIST_P521': 100,
  'GenerateDataKeyPair ECC_SECG_P256K1': 100,
  'GenerateDataKeyPair ECC_NIST_EDWARDS25519': 100,
  'GenerateDataKeyPair SM2': 25,
  'GenerateDataKeyPair ML_KEM_512': 100,
  'GenerateDataKeyPair ML_KEM_768': 100,
  'GenerateDataKeyPair ML_KEM_1024': 100,
  management: 100,
};

/** Operations on secret keys; HMAC keys share their quota. */
const SYMMETRIC: ReadonlySet<OperationName> = new Set<OperationName>([
  'GenerateDataKey',
  'GenerateDataKeyWithoutPlaintext',
  'GenerateRandom',
  'GenerateMac',
  'VerifyMac',
]);

/** The kind of the keys that have an algorithm, or undefined for one there is not. */
function kindOf(algorithm: unknown): QuotaClass | undefined {
  if (typeof algorithm !== 'string') return undefined;
  if (/^RSA/.test(algorithm)) return 'rsa';
  if (/^(ECDSA|ED25519|SM2)/.test(algorithm)) return 'ecc';
  return algorithm === 'ML_DSA_SHAKE_256' ? 'mldsa' : undefined;
}

/**
 * The class of a call. Which key it means is the engine's to find, after throttling; but a call on a key pair succeeds only when
 * it names an algorithm of that kind of key, so the algorithm tells the class of every call that does any work. ReEncrypt counts
 * once, as its dearer half.
 */
export function quotaOf(operation: OperationName, input: Readonly<Record<string, unknown>>): QuotaClass {
  switch (operation) {
    case 'Sign':
    case 'Verify':
      return kindOf(input.SigningAlgorithm) ?? 'ecc';
    case 'Encrypt':
    case 'Decrypt':
      return kindOf(input.EncryptionAlgorithm) ?? 'symmetric';
    case 'ReEncrypt':
      return kindOf(input.SourceEncryptionAlgorithm) ?? kindOf(input.DestinationEncryptionAlgorithm) ?? 'symmetric';
    case 'DeriveSharedSecret':
      return 'ecc';
    case 'Encapsulate':
    case 'Decapsulate':
      return 'mlkem';
    case 'GenerateDataKeyPair':
    case 'GenerateDataKeyPairWithoutPlaintext': {
      const spec = dataKeyPairSpecs.find((each) => each === input.KeyPairSpec);
      return spec ? `GenerateDataKeyPair ${spec}` : 'management';
    }
    default:
      return SYMMETRIC.has(operation) ? 'symmetric' : 'management';
  }
}
