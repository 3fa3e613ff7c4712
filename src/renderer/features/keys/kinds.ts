import { type KeySpec, type KeyUsage, keySpecs } from '../../../shared/kms/enums.ts';
import { specs } from '../../../shared/kms/specs.ts';

/** What a key is for, as a person chooses it: a usage, with symmetric and public-key encryption kept apart. */
export const kindNames = ['symmetric', 'sign', 'public-key', 'mac', 'agreement', 'encapsulation'] as const;
export type KindName = (typeof kindNames)[number];

export interface Kind {
  readonly title: string;
  /** What one does with it, and who holds what. */
  readonly line: string;
  readonly usage: KeyUsage;
  /** The spec to start from. */
  readonly usual: KeySpec;
}

export const kinds: Readonly<Record<KindName, Kind>> = {
  symmetric: {
    title: 'Symmetric',
    line: 'One key encrypts and decrypts: text, files, data keys. Right for most things.',
    usage: 'ENCRYPT_DECRYPT',
    usual: 'SYMMETRIC_DEFAULT',
  },
  sign: {
    title: 'Sign and verify',
    line: 'Sign here; anyone with the public key can check it.',
    usage: 'SIGN_VERIFY',
    usual: 'ECC_NIST_P256',
  },
  'public-key': {
    title: 'Encrypt with a public key',
    line: 'Others encrypt with the public key, without Coffer; only this vault decrypts.',
    usage: 'ENCRYPT_DECRYPT',
    usual: 'RSA_3072',
  },
  mac: {
    title: 'MAC',
    line: 'Prove with one secret key that a message was not changed.',
    usage: 'GENERATE_VERIFY_MAC',
    usual: 'HMAC_256',
  },
  agreement: {
    title: 'Key agreement',
    line: 'Derive a secret shared with someone from their public key (ECDH).',
    usage: 'KEY_AGREEMENT',
    usual: 'ECC_NIST_P256',
  },
  encapsulation: {
    title: 'Encapsulate',
    line: 'Agree on a secret in a way that holds against quantum computers (ML-KEM).',
    usage: 'ENCAPSULATE_DECAPSULATE',
    usual: 'ML_KEM_768',
  },
};

/** The specs a key of this kind can have, as the table of specs allows them. */
export const specsOf = (kind: KindName): readonly KeySpec[] =>
  keySpecs.filter(
    (spec) =>
      specs[spec].usages.includes(kinds[kind].usage) &&
      (kinds[kind].usage !== 'ENCRYPT_DECRYPT' || (spec === 'SYMMETRIC_DEFAULT') === (kind === 'symmetric')),
  );

/** The kind a key is of. */
export const kindOf = (spec: KeySpec, usage: KeyUsage): KindName =>
  kindNames.find((kind) => kinds[kind].usage === usage && specsOf(kind).includes(spec)) ?? 'symmetric';

interface SpecWords {
  /** The name people say. */
  readonly name: string;
  /** What it is good for, with its sizes. */
  readonly line: string;
}

/** Every spec in words. Sizes of signatures and ciphertexts are in bytes. */
export const specWords: Readonly<Record<KeySpec, SpecWords>> = {
  SYMMETRIC_DEFAULT: { name: 'AES-256-GCM', line: '256-bit key, texts up to 4,096 bytes; larger ones by a data key.' },
  RSA_2048: { name: 'RSA 2048', line: 'For systems that take nothing newer. About 112 bits of security.' },
  RSA_3072: { name: 'RSA 3072', line: 'Understood everywhere. 128 bits of security, 384-byte results.' },
  RSA_4096: { name: 'RSA 4096', line: 'The longest RSA: slower, 512-byte results.' },
  ECC_NIST_P256: { name: 'ECC NIST P-256', line: 'Small, quick and widely understood. 128 bits of security.' },
  ECC_NIST_P384: { name: 'ECC NIST P-384', line: 'Where a rule asks for 192 bits of security.' },
  ECC_NIST_P521: { name: 'ECC NIST P-521', line: 'The strongest NIST curve, 256 bits of security.' },
  ECC_SECG_P256K1: { name: 'secp256k1', line: 'The curve of Bitcoin and Ethereum. Only for those.' },
  ECC_NIST_EDWARDS25519: { name: 'Ed25519', line: 'Modern and quick, 64-byte signatures: SSH, Git, packages.' },
  HMAC_224: { name: 'HMAC SHA-224', line: '28-byte tags, for systems that ask for them.' },
  HMAC_256: { name: 'HMAC SHA-256', line: '32-byte tags. The usual choice; JWT calls it HS256.' },
  HMAC_384: { name: 'HMAC SHA-384', line: '48-byte tags (HS384).' },
  HMAC_512: { name: 'HMAC SHA-512', line: '64-byte tags (HS512).' },
  SM2: { name: 'SM2', line: "China's standard curve. AWS offers it in its China Regions only." },
  ML_DSA_44: { name: 'ML-DSA-44', line: 'Holds against quantum computers. 2,420-byte signatures.' },
  ML_DSA_65: { name: 'ML-DSA-65', line: 'Post-quantum, for most uses. 3,309-byte signatures.' },
  ML_DSA_87: { name: 'ML-DSA-87', line: 'Post-quantum, strongest. 4,627-byte signatures.' },
  ML_KEM_512: { name: 'ML-KEM-512', line: 'The smallest: 768-byte ciphertexts.' },
  ML_KEM_768: { name: 'ML-KEM-768', line: 'The usual choice: 1,088-byte ciphertexts.' },
  ML_KEM_1024: { name: 'ML-KEM-1024', line: 'The strongest: 1,568-byte ciphertexts.' },
};

/** Whether a key of this spec has a public half to hand out. */
export const isKeyPair = (spec: KeySpec): boolean => spec !== 'SYMMETRIC_DEFAULT' && specs[spec].mac === undefined;
