import { constants, createPrivateKey, createPublicKey, sign as nodeSign, verify as nodeVerify } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KeyPairSpec, keyPairs } from '../../../src/main/crypto/key-pairs.ts';
import { ImportTokens } from '../../../src/main/kms/import-tokens.ts';
import { keyById } from '../../../src/main/kms/key-rows.ts';
import { Materials } from '../../../src/main/kms/materials.ts';
import {
  type KeySpec,
  keySpecs,
  type WrappingKeySpec,
  wrappingAlgorithms,
  wrappingKeySpecs,
} from '../../../src/shared/kms/enums.ts';
import { importable, wraps } from '../../../src/shared/kms/importing.ts';
import { specs } from '../../../src/shared/kms/specs.ts';
import { random } from '../../support/crypto.ts';
import { ACCOUNT, openTestEngine, REGION } from '../../support/engine.ts';
import { freshMaterial, openssl, wrapped } from '../../support/importing.ts';

/** One wrapping key a spec instead of one a case: a hundred RSA keys would take minutes. The tokens are the vault's own. */
const wrappingKeys = new Map<WrappingKeySpec, { privateKey: Uint8Array; publicKey: Uint8Array }>();
const materials = new Map<KeySpec, Uint8Array>();
let t: Awaited<ReturnType<typeof openTestEngine>>;

beforeAll(async () => {
  t = await openTestEngine();
  for (const spec of wrappingKeySpecs) {
    const privateKey = await keyPairs[spec].generate(random);
    wrappingKeys.set(spec, { privateKey, publicKey: keyPairs[spec].publicKey(privateKey) });
  }
  for (const spec of keySpecs.filter(importable)) materials.set(spec, freshMaterial(spec));
});
afterAll(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const message = new TextEncoder().encode('message');

/** What an asymmetric key signs with the imported material, another's code must verify, and the other way round. */
async function tryPair(spec: KeyPairSpec, KeyId: string, id: string): Promise<void> {
  const key = keyById(t.store.db, ACCOUNT, REGION, KeyId);
  const opened = key && (await t.store.transact((tx) => new Materials(t.store, random).keyPair(tx, key, id, spec)));
  if (!opened) throw new Error('no key pair');
  const material = materials.get(spec) as Uint8Array;
  const [scheme] = Object.values(keyPairs[spec].signing);
  const type = scheme?.messageTypes[0];
  if (!scheme || !type) throw new Error('nothing to sign with');
  if (spec === 'SM2') {
    const theirs = openssl(['pkey', '-inform', 'DER', '-in', '{0}', '-pubout', '-outform', 'DER'], [material]);
    expect(opened.publicKey).toEqual(theirs);
    const signature = scheme.sign(opened.privateKey, type, message, random);
    expect(scheme.verify(theirs, type, message, signature)).toBe(true);
    return;
  }
  const privateKey = createPrivateKey({ key: Buffer.from(material), format: 'der', type: 'pkcs8' });
  const theirs = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  expect(opened.publicKey).toEqual(new Uint8Array(theirs));
  const hash = { ECC_NIST_P384: 'sha384', ECC_NIST_P521: 'sha512', ECC_NIST_EDWARDS25519: null }[spec as string];
  const how = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  const node = hash === undefined ? 'sha256' : hash;
  const theirPrivate = spec.startsWith('RSA_') ? { key: privateKey, ...how } : privateKey;
  const theirPublic = spec.startsWith('RSA_')
    ? { key: createPublicKey(privateKey), ...how }
    : createPublicKey(privateKey);
  expect(nodeVerify(node, message, theirPublic, scheme.sign(opened.privateKey, type, message, random))).toBe(true);
  const signature = new Uint8Array(nodeSign(node, message, theirPrivate));
  expect(scheme.verify(opened.publicKey, type, message, signature)).toBe(true);
}

const cases = keySpecs.filter(importable).flatMap((spec) =>
  wrappingAlgorithms.flatMap((algorithm) => {
    const takes = wrappingKeySpecs.filter((wrapping) => wraps(spec, algorithm, wrapping));
    return takes.length > 0 ? [[spec, algorithm, takes] as const] : [];
  }),
);

it('covers every combination AWS has', () => {
  // OAEP: 11 specs with two hashes and 3 key specs, but for P-521 under 2048 bits; key wrap: 14; SM2PKE: 11.
  expect(cases.reduce((sum, [, , takes]) => sum + takes.length, 0)).toBe(2 * (11 * 3 - 1) + 2 * 14 * 3 + 11);
});

it.each(cases)('%s, %s', async (KeySpec, algorithm, takes) => {
  for (const wrapping of takes) {
    const { id: KeyId } = await t.key({ KeySpec, KeyUsage: specs[KeySpec].usages[0], Origin: 'EXTERNAL' });
    const key = keyById(t.store.db, ACCOUNT, REGION, KeyId);
    const pair = wrappingKeys.get(wrapping);
    const material = materials.get(KeySpec);
    if (!key || !pair || !material) throw new Error('not set up');
    const validTo = t.clock.now() + 1000;
    const tokens = new ImportTokens(t.store, random);
    const { KeyMaterialId } = await t.call('ImportKeyMaterial', {
      KeyId,
      ImportToken: tokens.make(key, { algorithm, validTo, wrappingKey: pair.privateKey }),
      EncryptedKeyMaterial: wrapped(algorithm, pair.publicKey, material),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    });
    expect((await t.call('DescribeKey', { KeyId })).KeyMetadata.KeyState).toBe('Enabled');
    if (KeySpec === 'SYMMETRIC_DEFAULT') {
      const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: message });
      expect((await t.call('Decrypt', { CiphertextBlob })).Plaintext).toEqual(message);
    } else if (KeySpec.startsWith('HMAC_'))
      expect(await t.store.transact((tx) => new Materials(t.store, random).read(tx, key, KeyMaterialId))).toEqual(
        material,
      );
    else await tryPair(KeySpec as KeyPairSpec, KeyId, KeyMaterialId);
  }
});
