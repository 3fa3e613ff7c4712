import * as nodeCrypto from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { calls } from '../../support/boringssl.ts';

/** The suite over again with a node:crypto that has no more than Electron's. The other tests register themselves here. */
import './damage.test.ts';
import './der.test.ts';
import './ecc.test.ts';
import './ed25519.test.ts';
import './key-pairs.test.ts';
import './key-wrap.test.ts';
import './mac.test.ts';
import './post-quantum.test.ts';
import './rsa.test.ts';
import './sm2.test.ts';
import './standards.test.ts';
import './wycheproof.test.ts';

vi.mock('node:crypto', async (original) => {
  const { withBoringSslOnly } = await import('../../support/boringssl.ts');
  return withBoringSslOnly(await original<typeof nodeCrypto>());
});

describe('the guard', () => {
  it('refuses what BoringSSL lacks', () => {
    const { createCipheriv, createECDH, createHash, createHmac, generateKeyPairSync } = nodeCrypto;
    expect(() => createHash('sm3')).toThrow('BoringSSL has no sm3');
    expect(() => createHash('sha3-256')).toThrow('BoringSSL has no sha3-256');
    expect(() => createHmac('sm3', 'key')).toThrow('BoringSSL has no sm3');
    expect(() => createECDH('secp256k1')).toThrow('BoringSSL has no secp256k1');
    for (const cipher of ['chacha20-poly1305', 'id-aes256-wrap-pad', 'aes256-wrap', 'sm4-cbc']) {
      expect(() => createCipheriv(cipher, new Uint8Array(32), null)).toThrow(`BoringSSL has no ${cipher}`);
    }
    expect(() => generateKeyPairSync('ec', { namedCurve: 'secp256k1' })).toThrow('BoringSSL has no secp256k1');
    expect(() => generateKeyPairSync('rsa-pss', { modulusLength: 2048 })).toThrow('BoringSSL has no rsa-pss');
  });

  it('stood in the way of the whole suite', () => {
    const passed = [
      'createHash',
      'createHmac',
      'createPrivateKey',
      'createPublicKey',
      'generateKeyPair',
      'sign',
      'verify',
    ];
    for (const name of passed) expect(calls.get(name) ?? 0, name).toBeGreaterThan(3);
  });
});
