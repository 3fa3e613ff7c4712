import {
  constants,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  sign as nodeSign,
  verify as nodeVerify,
  publicEncrypt,
  randomBytes,
} from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { KeySpec, SigningAlgorithm } from '../../../src/shared/kms/enums.ts';
import { openTestEngine } from '../../support/engine.ts';
import { freshMaterial, importer, publicKeyTo, wrapped } from '../../support/importing.ts';

/** Imported keys at work: what their owner does with the key at home, and what Coffer does with it, fit together. */
let t: Awaited<ReturnType<typeof openTestEngine>>;
let own: ReturnType<typeof importer>;
beforeAll(async () => {
  t = await openTestEngine();
  own = importer(t);
});
afterAll(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const Message = new TextEncoder().encode('message');
const WRAP = { WrappingAlgorithm: 'RSA_AES_KEY_WRAP_SHA_256' } as const;

async function imported(KeySpec: KeySpec, KeyUsage: 'SIGN_VERIFY' | 'ENCRYPT_DECRYPT' | 'KEY_AGREEMENT') {
  const material = freshMaterial(KeySpec);
  const KeyId = await own.external({ KeySpec, KeyUsage });
  await own.put(KeyId, material, WRAP);
  return { KeyId, material };
}
const nodePrivate = (material: Uint8Array) =>
  createPrivateKey({ key: Buffer.from(material), format: 'der', type: 'pkcs8' });

it.each([
  ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256', 'sha256'],
  ['ECC_NIST_P256', 'ECDSA_SHA_256', 'sha256'],
  ['ECC_NIST_P384', 'ECDSA_SHA_384', 'sha384'],
  ['ECC_NIST_P521', 'ECDSA_SHA_512', 'sha512'],
  ['ECC_SECG_P256K1', 'ECDSA_SHA_256', 'sha256'],
  ['ECC_NIST_EDWARDS25519', 'ED25519_SHA_512', null],
] as const satisfies readonly (readonly [KeySpec, SigningAlgorithm, string | null])[])(
  '%s signs and verifies',
  async (KeySpec, SigningAlgorithm, hash) => {
    const { KeyId, material } = await imported(KeySpec, 'SIGN_VERIFY');
    const theirs = createPublicKey(nodePrivate(material));
    expect(Buffer.from((await t.call('GetPublicKey', { KeyId })).PublicKey)).toEqual(
      theirs.export({ format: 'der', type: 'spki' }),
    );
    const { Signature } = await t.call('Sign', { KeyId, Message, SigningAlgorithm });
    expect(nodeVerify(hash, Message, theirs, Signature)).toBe(true);
    const signed = new Uint8Array(nodeSign(hash, Message, nodePrivate(material)));
    const verdict = await t.call('Verify', { KeyId, Message, SigningAlgorithm, Signature: signed });
    expect(verdict.SignatureValid).toBe(true);
    await t.call('DeleteImportedKeyMaterial', { KeyId });
    expect((await t.refused('Sign', { KeyId, Message, SigningAlgorithm })).code).toBe('KMSInvalidStateException');
    expect((await t.refused('GetPublicKey', { KeyId })).code).toBe('KMSInvalidStateException');
  },
);

it('RSA and SM2 decrypt', async () => {
  const rsa = await imported('RSA_2048', 'ENCRYPT_DECRYPT');
  const how = { key: createPublicKey(nodePrivate(rsa.material)), padding: constants.RSA_PKCS1_OAEP_PADDING };
  const CiphertextBlob = new Uint8Array(publicEncrypt({ ...how, oaepHash: 'sha256' }, Message));
  const opened = await t.call('Decrypt', {
    KeyId: rsa.KeyId,
    CiphertextBlob,
    EncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
  });
  expect(opened.Plaintext).toEqual(Message);
  const sm2 = await imported('SM2', 'ENCRYPT_DECRYPT');
  const theirs = wrapped('SM2PKE', publicKeyTo('SM2', sm2.material), Message);
  const answer = await t.call('Decrypt', { KeyId: sm2.KeyId, CiphertextBlob: theirs, EncryptionAlgorithm: 'SM2PKE' });
  expect(answer.Plaintext).toEqual(Message);
});

it('agrees on secrets', async () => {
  const { KeyId, material } = await imported('ECC_NIST_P384', 'KEY_AGREEMENT');
  const peer = nodePrivate(freshMaterial('ECC_NIST_P384'));
  const PublicKey = new Uint8Array(createPublicKey(peer).export({ format: 'der', type: 'spki' }));
  const { SharedSecret } = await t.call('DeriveSharedSecret', { KeyId, PublicKey, KeyAgreementAlgorithm: 'ECDH' });
  const theirs = diffieHellman({ privateKey: nodePrivate(material), publicKey: createPublicKey(peer) });
  expect(Buffer.from(SharedSecret ?? [])).toEqual(theirs);
});

it.each([
  ['HMAC_224', 'sha224', 28],
  ['HMAC_256', 'sha256', 32],
  ['HMAC_384', 'sha384', 48],
  ['HMAC_512', 'sha512', 64],
] as const)('%s makes MACs with keys of every length AWS takes', async (KeySpec, hash, least) => {
  const MacAlgorithm = KeySpec.replace('HMAC_', 'HMAC_SHA_') as `HMAC_SHA_${224 | 256 | 384 | 512}`;
  for (const length of [least, least + 1, 128]) {
    const KeyId = await own.external({ KeySpec, KeyUsage: 'GENERATE_VERIFY_MAC' });
    const key = new Uint8Array(randomBytes(length));
    await own.put(KeyId, key);
    const { Mac } = await t.call('GenerateMac', { KeyId, Message, MacAlgorithm });
    expect(Buffer.from(Mac)).toEqual(createHmac(hash, key).update(Message).digest());
    await t.call('VerifyMac', { KeyId, Message, MacAlgorithm, Mac });
  }
});
