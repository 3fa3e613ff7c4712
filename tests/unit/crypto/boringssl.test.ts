import { createCipheriv, createECDH, createHash } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
// The suites that run once more.
import './aead.test.ts';
import './kdf.test.ts';
import './stream.test.ts';
import '../kms/asymmetric-encryption.test.ts';
import '../kms/data-key-pairs.test.ts';
import '../kms/mac.test.ts';
import '../kms/rotation.test.ts';
import '../kms/shared-secrets.test.ts';
import '../kms/sign.test.ts';
import '../kms/symmetric.test.ts';
import '../vault/slots.test.ts';
import '../vault/vault.test.ts';

/** Electron's node:crypto is BoringSSL: the suites named above run once more without what that lacks. */
vi.mock('node:crypto', async (original) => {
  const { withBoringSslOnly } = await import('../../support/boringssl.ts');
  const node = withBoringSslOnly(await original());
  return { ...node, default: node };
});

describe('node:crypto in this file', () => {
  it('lacks what BoringSSL lacks and has what it has', () => {
    const key = new Uint8Array(32);
    for (const use of [
      () => createCipheriv('chacha20-poly1305', key, new Uint8Array(12)),
      () => createCipheriv('id-aes256-wrap-pad', key, new Uint8Array(4)),
      () => createHash('sm3'),
      () => createHash('sha3-256'),
      () => createECDH('secp256k1'),
    ])
      expect(use).toThrow('BoringSSL has no');
    expect(createHash('sha256').digest()).toHaveLength(32);
  });
});
