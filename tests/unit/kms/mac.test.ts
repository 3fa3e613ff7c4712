import { createRequire } from 'node:module';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KeySpec, MacAlgorithm } from '../../../src/shared/kms/enums.ts';
import { flipped, text } from '../../support/crypto.ts';
import { openTestEngine } from '../../support/engine.ts';

/** The real one, also where the suite runs under BoringSSL's limits. */
const { createHmac }: typeof import('node:crypto') = createRequire(import.meta.url)('node:crypto');

let t: Awaited<ReturnType<typeof openTestEngine>>;
beforeEach(async () => {
  t = await openTestEngine();
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const specs: readonly (readonly [KeySpec, MacAlgorithm, number])[] = [
  ['HMAC_224', 'HMAC_SHA_224', 28],
  ['HMAC_256', 'HMAC_SHA_256', 32],
  ['HMAC_384', 'HMAC_SHA_384', 48],
  ['HMAC_512', 'HMAC_SHA_512', 64],
];
const KeyUsage = 'GENERATE_VERIFY_MAC';
const Message = text('a message');

/** The key's secret, which no operation gives away. */
async function secretOf(KeyId: string): Promise<Uint8Array> {
  const row = t.store.db.get<{ id: string; sealed: Uint8Array; account: string }>(
    'SELECT material_id AS id, sealed, account_id AS account FROM materials WHERE key_id = ?',
    [KeyId],
  );
  if (!row) throw new Error('no material');
  return t.store.openMaterial(`${row.account}/${KeyId}`, row.id, row.sealed);
}

describe.each(specs)('%s', (KeySpec, MacAlgorithm, bytes) => {
  it('makes the HMAC of its secret, and knows it again', async () => {
    const { id: KeyId, arn } = await t.key({ KeySpec, KeyUsage });
    const { id: other } = await t.key({ KeySpec, KeyUsage });
    const secret = await secretOf(KeyId);
    expect(secret).toHaveLength(bytes);
    const hash = `sha${KeySpec.slice(-3)}`;
    for (const message of [Message, new Uint8Array(1), new Uint8Array(4096).fill(9)]) {
      const made = await t.call('GenerateMac', { KeyId, Message: message, MacAlgorithm });
      const expected = new Uint8Array(createHmac(hash, secret).update(message).digest());
      expect(made).toEqual({ KeyId: arn, MacAlgorithm, Mac: expected });
      const verify = { KeyId, Message: message, MacAlgorithm, Mac: made.Mac };
      expect(await t.call('VerifyMac', verify)).toEqual({ KeyId: arn, MacAlgorithm, MacValid: true });
      for (const wrong of [
        { Message: flipped(message) },
        { Mac: flipped(made.Mac) },
        { Mac: flipped(made.Mac, -1) },
        { Mac: made.Mac.subarray(0, -1) },
        { Mac: Uint8Array.from([...made.Mac, 0]) },
        { Mac: new Uint8Array(1) },
        { KeyId: other },
      ])
        expect((await t.refused('VerifyMac', { ...verify, ...wrong })).code).toBe('KMSInvalidMacException');
    }
  });

  it('takes its own algorithm alone', async () => {
    const { id: KeyId } = await t.key({ KeySpec, KeyUsage });
    for (const [, another] of specs) {
      if (another === MacAlgorithm) continue;
      const refusal = {
        code: 'InvalidKeyUsageException',
        message: `Algorithm ${another} is incompatible with key spec ${KeySpec}.`,
      };
      const input = { KeyId, Message, MacAlgorithm: another };
      expect(await t.refused('GenerateMac', input)).toMatchObject(refusal);
      expect(await t.refused('VerifyMac', { ...input, Mac: new Uint8Array(bytes) })).toMatchObject(refusal);
    }
  });
});

describe('GenerateMac and VerifyMac', () => {
  it('are for HMAC keys, and messages of 1 to 4,096 bytes', async () => {
    const { arn } = await t.key();
    const input = { KeyId: arn, Message, MacAlgorithm: 'HMAC_SHA_256', Mac: new Uint8Array(32) };
    for (const name of ['GenerateMac', 'VerifyMac'] as const) {
      expect(await t.refused(name, input)).toMatchObject({
        code: 'InvalidKeyUsageException',
        message: `${arn} key usage is ENCRYPT_DECRYPT which is not valid for ${name}.`,
      });
      for (const length of [0, 4097])
        expect((await t.refused(name, { ...input, Message: new Uint8Array(length) })).code).toBe('ValidationException');
    }
    expect((await t.refused('VerifyMac', { ...input, Mac: new Uint8Array(0) })).code).toBe('ValidationException');
  });

  it('an HMAC key does nothing else, and has no public key', async () => {
    const { id: KeyId, arn } = await t.key({ KeySpec: 'HMAC_512', KeyUsage });
    const usage = { code: 'InvalidKeyUsageException' };
    expect(await t.refused('Encrypt', { KeyId, Plaintext: Message })).toMatchObject(usage);
    expect(await t.refused('GenerateDataKey', { KeyId, KeySpec: 'AES_256' })).toMatchObject(usage);
    expect(await t.refused('GetPublicKey', { KeyId })).toMatchObject({
      code: 'UnsupportedOperationException',
      message: `${arn} key spec is HMAC_512 which is not valid for GetPublicKey.`,
    });
  });

  it('replicas make the same MAC', async () => {
    const { id: KeyId } = await t.key({ KeySpec: 'HMAC_256', KeyUsage, MultiRegion: true });
    await t.call('ReplicateKey', { KeyId, ReplicaRegion: 'us-east-1' });
    t.clock.time += 60_000;
    const input = { KeyId, Message, MacAlgorithm: 'HMAC_SHA_256' } as const;
    const { Mac } = await t.call('GenerateMac', input);
    expect((await t.call('VerifyMac', { ...input, Mac }, { region: 'us-east-1' })).MacValid).toBe(true);
  });
});
