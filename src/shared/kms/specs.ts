import type {
  EncapsulationAlgorithm,
  EncryptionAlgorithm,
  KeyAgreementAlgorithm,
  KeySpec,
  KeyUsage,
  MacAlgorithm,
  SigningAlgorithm,
} from './enums.ts';

/** What a key spec can be used for, and with which algorithms (API reference, CreateKey and KeyMetadata). */
export interface SpecFacts {
  readonly usages: readonly KeyUsage[];
  /** Whether AWS rotates keys of this spec. */
  readonly rotates: boolean;
  readonly encryption?: readonly EncryptionAlgorithm[];
  readonly signing?: readonly SigningAlgorithm[];
  readonly mac?: readonly MacAlgorithm[];
  readonly agreement?: readonly KeyAgreementAlgorithm[];
  readonly encapsulation?: readonly EncapsulationAlgorithm[];
}

const rsa: SpecFacts = {
  usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY'],
  rotates: false,
  encryption: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'],
  signing: [
    'RSASSA_PKCS1_V1_5_SHA_256',
    'RSASSA_PKCS1_V1_5_SHA_384',
    'RSASSA_PKCS1_V1_5_SHA_512',
    'RSASSA_PSS_SHA_256',
    'RSASSA_PSS_SHA_384',
    'RSASSA_PSS_SHA_512',
  ],
};
const nist = (algorithm: SigningAlgorithm): SpecFacts => ({
  usages: ['SIGN_VERIFY', 'KEY_AGREEMENT'],
  rotates: false,
  signing: [algorithm],
  agreement: ['ECDH'],
});
const hmac = (algorithm: MacAlgorithm): SpecFacts => ({
  usages: ['GENERATE_VERIFY_MAC'],
  rotates: false,
  mac: [algorithm],
});
const mlDsa: SpecFacts = { usages: ['SIGN_VERIFY'], rotates: false, signing: ['ML_DSA_SHAKE_256'] };
const mlKem: SpecFacts = { usages: ['ENCAPSULATE_DECAPSULATE'], rotates: false, encapsulation: ['ML_KEM'] };

export const specs: Readonly<Record<KeySpec, SpecFacts>> = {
  SYMMETRIC_DEFAULT: { usages: ['ENCRYPT_DECRYPT'], rotates: true, encryption: ['SYMMETRIC_DEFAULT'] },
  RSA_2048: rsa,
  RSA_3072: rsa,
  RSA_4096: rsa,
  ECC_NIST_P256: nist('ECDSA_SHA_256'),
  ECC_NIST_P384: nist('ECDSA_SHA_384'),
  ECC_NIST_P521: nist('ECDSA_SHA_512'),
  ECC_SECG_P256K1: { usages: ['SIGN_VERIFY'], rotates: false, signing: ['ECDSA_SHA_256'] },
  ECC_NIST_EDWARDS25519: {
    usages: ['SIGN_VERIFY'],
    rotates: false,
    signing: ['ED25519_SHA_512', 'ED25519_PH_SHA_512'],
  },
  HMAC_224: hmac('HMAC_SHA_224'),
  HMAC_256: hmac('HMAC_SHA_256'),
  HMAC_384: hmac('HMAC_SHA_384'),
  HMAC_512: hmac('HMAC_SHA_512'),
  SM2: {
    usages: ['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'KEY_AGREEMENT'],
    rotates: false,
    encryption: ['SM2PKE'],
    signing: ['SM2DSA'],
    agreement: ['ECDH'],
  },
  ML_DSA_44: mlDsa,
  ML_DSA_65: mlDsa,
  ML_DSA_87: mlDsa,
  ML_KEM_512: mlKem,
  ML_KEM_768: mlKem,
  ML_KEM_1024: mlKem,
};

/** Bytes of what is signed when it is not the message: a digest of the algorithm's hash, or the representative µ of ML-DSA. */
export function digestBytesOf(algorithm: SigningAlgorithm): number {
  if (algorithm.endsWith('_SHA_512') || algorithm === 'ML_DSA_SHAKE_256') return 64;
  return algorithm.endsWith('_SHA_384') ? 48 : 32;
}

/** The algorithms of a key, as KeyMetadata and GetPublicKey list them: those of its one usage. */
export function algorithmsOf(spec: KeySpec, usage: KeyUsage) {
  const { encryption, signing, mac, agreement, encapsulation } = specs[spec];
  switch (usage) {
    case 'ENCRYPT_DECRYPT':
      return { EncryptionAlgorithms: [...(encryption ?? [])] };
    case 'SIGN_VERIFY':
      return { SigningAlgorithms: [...(signing ?? [])] };
    case 'GENERATE_VERIFY_MAC':
      return { MacAlgorithms: [...(mac ?? [])] };
    case 'KEY_AGREEMENT':
      return { KeyAgreementAlgorithms: [...(agreement ?? [])] };
    case 'ENCAPSULATE_DECAPSULATE':
      return { EncapsulationAlgorithms: [...(encapsulation ?? [])] };
  }
}
