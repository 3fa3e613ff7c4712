import type { SigningAlgorithm } from '../../../shared/kms/enums.ts';
import { shellQuote } from '../../lib/show-as.ts';

/** Paths, or names where there is no file yet. */
export interface SignedFiles {
  readonly file: string;
  readonly signature: string;
  /** The public key as PEM. */
  readonly publicKey: string;
}

/** Why OpenSSL's command line cannot verify an algorithm's signatures, or `null` when it can. */
export function opensslCannot(algorithm: SigningAlgorithm): string | null {
  if (algorithm === 'ML_DSA_SHAKE_256')
    return 'OpenSSL 3.0 does not know ML-DSA; versions from 3.5 on do. The signature is plain ML-DSA (FIPS 204) with an empty context.';
  if (algorithm === 'ED25519_PH_SHA_512')
    return "OpenSSL's command line has no Ed25519ph. As at AWS, what is signed is Ed25519ph (RFC 8032) of the 64 bytes of the file's SHA-512 digest.";
  return null;
}

/** The command that verifies a detached signature with OpenSSL 3, or `null` where `opensslCannot` says why there is none. */
export function opensslVerify(algorithm: SigningAlgorithm, { file, signature, publicKey }: SignedFiles): string | null {
  if (opensslCannot(algorithm) !== null) return null;
  const lines = (...parts: string[]) => parts.join(' \\\n  ');
  // Both read the message itself and take no digest, which OpenSSL would take for the message.
  const raw = (options: string) =>
    lines(
      'openssl pkeyutl -verify -rawin',
      ...(options ? [options] : []),
      `-pubin -inkey ${shellQuote(publicKey)}`,
      `-sigfile ${shellQuote(signature)}`,
      `-in ${shellQuote(file)}`,
    );
  if (algorithm === 'ED25519_SHA_512') return raw('');
  if (algorithm === 'SM2DSA') return raw('-digest sm3 -pkeyopt distid:1234567812345678');
  const hash = algorithm.slice(-3);
  return lines(
    `openssl dgst -sha${hash}`,
    // The salt that KMS makes and takes is as long as the hash, and MGF1 has the same hash.
    ...(algorithm.startsWith('RSASSA_PSS') ? ['-sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest'] : []),
    `-verify ${shellQuote(publicKey)}`,
    `-signature ${shellQuote(signature)}`,
    shellQuote(file),
  );
}
