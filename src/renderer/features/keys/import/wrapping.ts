import {
  type KeySpec,
  type WrappingAlgorithm,
  type WrappingKeySpec,
  wrappingAlgorithms,
  wrappingKeySpecs,
} from '../../../../shared/kms/enums.ts';
import { wraps } from '../../../../shared/kms/importing.ts';
import { shellQuote } from '../../../lib/show-as.ts';

/** How material may be wrapped on its way in. */
export interface Wrapping {
  readonly algorithm: WrappingAlgorithm;
  readonly wrappingKey: WrappingKeySpec;
}

/** The wrapping key specs that go with an algorithm for material of `spec`, longest last. */
export const wrappingKeysFor = (spec: KeySpec, algorithm: WrappingAlgorithm): readonly WrappingKeySpec[] =>
  wrappingKeySpecs.filter((wrappingKey) => wraps(spec, algorithm, wrappingKey));

/** The wrapping algorithms material of `spec` can be wrapped by. */
export const algorithmsFor = (spec: KeySpec): readonly WrappingAlgorithm[] =>
  wrappingAlgorithms.filter((algorithm) => wrappingKeysFor(spec, algorithm).length > 0);

/** What to start from: OAEP with SHA-256 where the material fits, and the longest RSA key, as AWS advises. */
export function usualWrapping(spec: KeySpec): Wrapping {
  const algorithm = wraps(spec, 'RSAES_OAEP_SHA_256', 'RSA_4096') ? 'RSAES_OAEP_SHA_256' : 'RSA_AES_KEY_WRAP_SHA_256';
  return { algorithm, wrappingKey: 'RSA_4096' };
}

/** What each algorithm does, for whom its name says nothing. */
export const algorithmLines: Readonly<Record<WrappingAlgorithm, string>> = {
  RSAES_PKCS1_V1_5: 'No longer supported.',
  RSAES_OAEP_SHA_1: 'The material itself under RSA, with SHA-1: only where SHA-256 cannot be had.',
  RSAES_OAEP_SHA_256: 'The material itself under RSA, with SHA-256.',
  RSA_AES_KEY_WRAP_SHA_1: 'A new AES key under RSA with SHA-1, and the material under that key: any length.',
  RSA_AES_KEY_WRAP_SHA_256: 'A new AES key under RSA with SHA-256, and the material under that key: any length.',
  SM2PKE: 'The material itself under SM2.',
};

/** Names of the files in the commands, all in one folder. */
export interface WrapFiles {
  readonly wrappingKey: string;
  readonly material: string;
  readonly wrapped: string;
}

const isBytes = (spec: KeySpec) => spec === 'SYMMETRIC_DEFAULT' || spec.startsWith('HMAC_');

/** What the material is called: bytes as they are, or a private key as PKCS #8 in DER. */
export const materialName = (spec: KeySpec): string => (isBytes(spec) ? 'material.bin' : 'material.der');

/** What the material has to be, in words. */
export function materialLine(spec: KeySpec): string {
  if (spec === 'SYMMETRIC_DEFAULT') return 'Exactly 32 bytes, as they are.';
  if (isBytes(spec)) return `${Number(spec.slice('HMAC_'.length)) / 8} to 128 bytes, as they are.`;
  return 'The private key as PKCS #8 in DER, not encrypted.';
}

const curves: Partial<Record<KeySpec, string>> = {
  ECC_NIST_P256: 'P-256',
  ECC_NIST_P384: 'P-384',
  ECC_NIST_P521: 'P-521',
  ECC_SECG_P256K1: 'secp256k1',
  SM2: 'SM2',
};

const join = (...words: readonly string[]) => words.join(' \\\n  ');

/** The openssl command that makes new material for a key of `spec`. */
export function makeCommand(spec: KeySpec, material = materialName(spec)): string {
  const out = shellQuote(material);
  if (isBytes(spec)) {
    const bytes = spec === 'SYMMETRIC_DEFAULT' ? 32 : Number(spec.slice('HMAC_'.length)) / 8;
    return `openssl rand -out ${out} ${bytes}`;
  }
  const curve = curves[spec];
  const algorithm = spec.startsWith('RSA_')
    ? `RSA -pkeyopt rsa_keygen_bits:${spec.slice('RSA_'.length)}`
    : curve
      ? `EC -pkeyopt ec_paramgen_curve:${curve}`
      : 'ED25519';
  return join(`openssl genpkey -algorithm ${algorithm} |`, `openssl pkcs8 -topk8 -nocrypt -outform DER -out ${out}`);
}

function oaep(algorithm: WrappingAlgorithm, from: string, to: string, wrappingKey: string): string {
  const hash = algorithm.endsWith('SHA_1') ? 'sha1' : 'sha256';
  return join(
    `openssl pkeyutl -encrypt -in ${from} -out ${to}`,
    `-pubin -keyform DER -inkey ${wrappingKey}`,
    `-pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:${hash} -pkeyopt rsa_mgf1_md:${hash}`,
  );
}

/** The openssl commands that wrap the material (developer guide, "Encrypt the key material"). */
export function wrapCommands(algorithm: WrappingAlgorithm, files: WrapFiles): string {
  const [wrappingKey, material, wrapped] = [files.wrappingKey, files.material, files.wrapped].map(shellQuote) as [
    string,
    string,
    string,
  ];
  switch (algorithm) {
    case 'RSA_AES_KEY_WRAP_SHA_1':
    case 'RSA_AES_KEY_WRAP_SHA_256':
      return [
        'openssl rand -out aes.bin 32',
        join(
          `openssl enc -id-aes256-wrap-pad -iv A65959A6 -in ${material} -out material.wrapped`,
          `-K "$(od -An -v -tx1 aes.bin | tr -d ' \\n')"`,
        ),
        oaep(algorithm, 'aes.bin', 'aes.wrapped', wrappingKey),
        `cat aes.wrapped material.wrapped > ${wrapped}`,
        'rm aes.bin aes.wrapped material.wrapped',
      ].join('\n');
    case 'SM2PKE':
      return join(
        `openssl pkeyutl -encrypt -in ${material} -out ${wrapped}`,
        `-pubin -keyform DER -inkey ${wrappingKey}`,
      );
    default:
      return oaep(algorithm, material, wrapped, wrappingKey);
  }
}
