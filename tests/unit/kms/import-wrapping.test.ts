import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type KeyPairSpec, keyPairs } from '../../../src/main/crypto/key-pairs.ts';
import { ImportTokens } from '../../../src/main/kms/import-tokens.ts';
import { keyById } from '../../../src/main/kms/key-rows.ts';
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
import { freshMaterial, publicKeyTo, wrapped } from '../../support/importing.ts';
import { verifiesElsewhere } from '../../support/independent.ts';

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

/** The key at work: what it makes is what its owner's copy of the material makes, or checks. */
async function use(KeySpec: KeySpec, KeyId: string, material: Uint8Array): Promise<void> {
  const { signing, mac } = specs[KeySpec];
  if (mac?.[0]) {
    const { Mac } = await t.call('GenerateMac', { KeyId, Message: message, MacAlgorithm: mac[0] });
    const theirs = createHmac(`sha${KeySpec.slice(5)}`, material)
      .update(message)
      .digest();
    expect(Buffer.from(Mac)).toEqual(theirs);
  } else if (signing) {
    const publicKey = publicKeyTo(KeySpec, material);
    expect((await t.call('GetPublicKey', { KeyId })).PublicKey).toEqual(publicKey);
    const [algorithm] = signing;
    if (!algorithm) throw new Error('nothing to sign with');
    const { Signature } = await t.call('Sign', { KeyId, Message: message, SigningAlgorithm: algorithm });
    expect(verifiesElsewhere(KeySpec as KeyPairSpec, algorithm, publicKey, message, Signature)).toBe(true);
  } else {
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: message });
    expect((await t.call('Decrypt', { CiphertextBlob })).Plaintext).toEqual(message);
  }
}

/** What the key is for: signing where it can. */
const usageOf = (spec: KeySpec) => {
  const { usages } = specs[spec];
  return usages.includes('SIGN_VERIFY') ? 'SIGN_VERIFY' : usages[0];
};

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
    const { id: KeyId } = await t.key({ KeySpec, KeyUsage: usageOf(KeySpec), Origin: 'EXTERNAL' });
    const key = keyById(t.store.db, ACCOUNT, REGION, KeyId);
    const pair = wrappingKeys.get(wrapping);
    const material = materials.get(KeySpec);
    if (!key || !pair || !material) throw new Error('not set up');
    const validTo = t.clock.now() + 1000;
    const tokens = new ImportTokens(t.store, random);
    await t.call('ImportKeyMaterial', {
      KeyId,
      ImportToken: tokens.make(key, { algorithm, validTo, wrappingKey: pair.privateKey }),
      EncryptedKeyMaterial: wrapped(algorithm, pair.publicKey, material),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    });
    expect((await t.call('DescribeKey', { KeyId })).KeyMetadata.KeyState).toBe('Enabled');
    await use(KeySpec, KeyId, material);
  }
});
