import { createHash } from 'node:crypto';
import type { CallInput, CallOutput } from '../../shared/contract/index.ts';
import type { SigningAlgorithm } from '../../shared/kms/enums.ts';
import { CofferError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import { specs } from '../../shared/kms/specs.ts';
import { fromPem } from '../../shared/pem.ts';
import { EncodingError } from '../crypto/der.ts';
import { isKeyPairSpec, type KeyPairSpec, keyPairs } from '../crypto/key-pairs.ts';
import { readSmallFile } from '../files/small.ts';

const unreadable = (message: string) => new CofferError('PublicKeyUnreadable', message);

/** Blocks that people have in hand in place of a public key, and what to do with each. */
const others: readonly (readonly [label: RegExp, says: string])[] = [
  [
    /PRIVATE KEY/,
    'This is a private key. Verifying takes the public one: openssl pkey -in KEY -pubout. Give the private key to nobody.',
  ],
  [
    /CERTIFICATE/,
    'This is a certificate. Its public key is what is needed: openssl x509 -in CERTIFICATE -pubkey -noout.',
  ],
  [
    /RSA PUBLIC KEY/,
    'This is an RSA key in the older form of PKCS #1: openssl rsa -RSAPublicKey_in -in KEY -pubout writes it as a PUBLIC KEY.',
  ],
  [/PGP|SSH2/, 'This is a key of another kind. A PEM with PUBLIC KEY in its first line is needed.'],
];

const NOT_ONE =
  'This is no public key. A PEM with PUBLIC KEY in its first line is needed, its base64, or DER in a file.';

/** The DER in what was pasted. @throws CofferError `PublicKeyUnreadable` */
function fromText(text: string): Uint8Array {
  const label = /-----BEGIN ([^-]*)-----/.exec(text)?.[1];
  const other = others.find(([pattern]) => label !== undefined && pattern.test(label));
  if (other) throw unreadable(other[1]);
  if (/^\s*(ssh|ecdsa|sk)-/.test(text))
    throw unreadable('This is an SSH key: ssh-keygen -e -m PKCS8 -f KEY writes it as a PUBLIC KEY.');
  const der = fromPem('PUBLIC KEY', text);
  if (der === null) throw unreadable(NOT_ONE);
  return der;
}

/** A file's DER, PEM or base64. DER begins with a SEQUENCE and no text does: 0x30 is the digit 0. */
async function fromFile(file: string): Promise<Uint8Array> {
  const content = await readSmallFile(file, 'a public key', 4 * limits.publicKeyBytes);
  const isText = content.every((byte) => byte === 9 || byte === 10 || byte === 13 || (byte >= 32 && byte < 127));
  return isText ? fromText(Buffer.from(content).toString('latin1')) : content;
}

/** The spec of signing keys that a public key is one of. @throws CofferError `PublicKeyUnreadable` */
export function specOf(spki: Uint8Array): KeyPairSpec {
  for (const [spec, facts] of Object.entries(specs) as [KeyPairSpec, (typeof specs)[KeyPairSpec]][]) {
    if (!facts.signing || !isKeyPairSpec(spec)) continue;
    try {
      keyPairs[spec].requirePublicKey(spki);
      return spec;
    } catch (error) {
      if (!(error instanceof EncodingError)) throw error;
    }
  }
  throw unreadable(
    'This is no sound public key that can verify here: RSA with 2,048, 3,072 or 4,096 bits, P-256, P-384, P-521, secp256k1, Ed25519, SM2 and ML-DSA can.',
  );
}

export const fingerprintOf = (spki: Uint8Array): string => createHash('sha256').update(spki).digest('hex');

export const algorithmsOfSpec = (spec: KeyPairSpec): SigningAlgorithm[] => [...(specs[spec].signing ?? [])];

/** A public key from outside: what it is, and which algorithms it verifies with. @throws CofferError */
export async function readPublicKey(given: CallInput<'sign.readPublicKey'>): Promise<CallOutput<'sign.readPublicKey'>> {
  const publicKey = 'text' in given ? fromText(given.text) : await fromFile(given.path);
  const spec = specOf(publicKey);
  return { publicKey, spec, algorithms: algorithmsOfSpec(spec), fingerprint: fingerprintOf(publicKey) };
}
