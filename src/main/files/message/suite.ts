import { hkdfSync } from 'node:crypto';
import { concat, utf8 } from '../../crypto/bytes.ts';

/**
 * The two committing algorithm suites of the AWS Encryption SDK's message format version 2 ("AWS Encryption SDK algorithms
 * reference"): AES-256-GCM under a key that HKDF-SHA-512 derives from the data key, with a commitment to that key; 0x0578
 * adds an ECDSA signature on P-384 with SHA-384.
 */
export const SUITE = 0x0478;
export const SIGNING_SUITE = 0x0578;
export type SuiteId = typeof SUITE | typeof SIGNING_SUITE;

export const isSuite = (id: number): id is SuiteId => id === SUITE || id === SIGNING_SUITE;

/** The message key and the commitment (32 bytes each) for a 32-byte data key and a 32-byte message id. */
export function deriveKeys(
  suite: SuiteId,
  dataKey: Uint8Array,
  messageId: Uint8Array,
): { key: Uint8Array; commitment: Uint8Array } {
  const id = Uint8Array.of(suite >> 8, suite & 0xff);
  const derive = (info: Uint8Array) => new Uint8Array(hkdfSync('sha512', dataKey, messageId, info, 32));
  return { key: derive(concat(id, utf8('DERIVEKEY'))), commitment: derive(utf8('COMMITKEY')) };
}
