import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyPairSpec } from '../../../src/main/crypto/key-pairs.ts';
import { encryptionAlgorithms } from '../../../src/shared/kms/enums.ts';
import { flipped, random, text } from '../../support/crypto.ts';
import { encryptsElsewhere } from '../../support/independent.ts';
import { type KeyPairEngine, openKeyPairEngine } from '../../support/key-pairs.ts';

let t: KeyPairEngine;
beforeAll(async () => {
  t = await openKeyPairEngine();
});
afterAll(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const USAGE = 'ENCRYPT_DECRYPT';
/** The longest plaintexts of the developer guide ("Key spec reference"), in bytes. */
const schemes = [
  ['RSA_2048', 'RSAES_OAEP_SHA_1', 214],
  ['RSA_2048', 'RSAES_OAEP_SHA_256', 190],
  ['RSA_3072', 'RSAES_OAEP_SHA_1', 342],
  ['RSA_3072', 'RSAES_OAEP_SHA_256', 318],
  ['RSA_4096', 'RSAES_OAEP_SHA_1', 470],
  ['RSA_4096', 'RSAES_OAEP_SHA_256', 446],
  ['SM2', 'SM2PKE', 1024],
] as const;
const modulusBytes: Partial<Record<KeyPairSpec, number>> = { RSA_2048: 256, RSA_3072: 384, RSA_4096: 512 };

describe.each(schemes)('%s with %s', (spec, EncryptionAlgorithm, longest) => {
  it('opens what it sealed, and what anybody did with the public key', { timeout: 120_000 }, async () => {
    const { id: KeyId, arn } = await t.keyOf(spec, USAGE);
    const publicKey = await t.publicKey(KeyId);
    for (const length of [1, 32, longest]) {
      const Plaintext = random.bytes(length);
      const sealed = await t.call('Encrypt', { KeyId, Plaintext, EncryptionAlgorithm });
      expect(sealed).toMatchObject({ KeyId: arn, EncryptionAlgorithm });
      const { CiphertextBlob } = sealed;
      // Nothing but the standard's ciphertext: no header, and another one each time.
      expect(CiphertextBlob.length).toBe(modulusBytes[spec] ?? CiphertextBlob.length);
      const again = await t.call('Encrypt', { KeyId, Plaintext, EncryptionAlgorithm });
      expect(again.CiphertextBlob).not.toEqual(CiphertextBlob);
      const elsewhere = encryptsElsewhere(EncryptionAlgorithm, publicKey, Plaintext);
      for (const blob of [CiphertextBlob, elsewhere])
        expect(await t.call('Decrypt', { KeyId, CiphertextBlob: blob, EncryptionAlgorithm })).toEqual({
          KeyId: arn,
          Plaintext,
          EncryptionAlgorithm,
        });
    }
    const long = { KeyId, Plaintext: new Uint8Array(longest + 1), EncryptionAlgorithm };
    expect(await t.refused('Encrypt', long)).toMatchObject({
      code: 'ValidationException',
      message: `Algorithm ${EncryptionAlgorithm} and key spec ${spec} cannot encrypt data larger than ${longest} bytes.`,
    });
  });

  it('says one thing of all ciphertext that does not open', { timeout: 120_000 }, async () => {
    const { id: KeyId } = await t.keyOf(spec, USAGE);
    const { id: other } = await t.keyOf(spec, USAGE, 'another');
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: text('secret'), EncryptionAlgorithm });
    const messages = new Set<string>();
    const refused = async (input: object) => {
      const error = await t.refused('Decrypt', { KeyId, CiphertextBlob, EncryptionAlgorithm, ...input });
      expect([input, error.code]).toEqual([input, 'InvalidCiphertextException']);
      messages.add(error.message);
    };
    for (const at of [0, 1, 20, 60, 90, -1]) await refused({ CiphertextBlob: flipped(CiphertextBlob, at) });
    await refused({ CiphertextBlob: CiphertextBlob.subarray(0, -1) });
    await refused({ CiphertextBlob: Uint8Array.from([...CiphertextBlob, 0]) });
    await refused({ CiphertextBlob: new Uint8Array(CiphertextBlob.length) });
    await refused({ CiphertextBlob: new Uint8Array(CiphertextBlob.length).fill(255) });
    await refused({ CiphertextBlob: Uint8Array.of(0) });
    await refused({ KeyId: other });
    const hashes = { RSAES_OAEP_SHA_1: 'RSAES_OAEP_SHA_256', RSAES_OAEP_SHA_256: 'RSAES_OAEP_SHA_1' } as const;
    if (EncryptionAlgorithm !== 'SM2PKE') await refused({ EncryptionAlgorithm: hashes[EncryptionAlgorithm] });
    // Without its algorithm the ciphertext is taken for a symmetric one, which names its key.
    await refused({ EncryptionAlgorithm: undefined });
    await refused({ EncryptionAlgorithm: undefined, KeyId: undefined });
    expect(messages.size).toBe(1);
  });

  it('takes no other algorithm and no context', { timeout: 120_000 }, async () => {
    const { id: KeyId } = await t.keyOf(spec, USAGE);
    const mine = schemes.filter(([each]) => each === spec).map(([, algorithm]): string => algorithm);
    for (const another of encryptionAlgorithms) {
      if (mine.includes(another)) continue;
      const refusal = {
        code: 'InvalidKeyUsageException',
        message: `Algorithm ${another} is incompatible with key spec ${spec}.`,
      };
      const named = another === 'SYMMETRIC_DEFAULT' ? undefined : another;
      const input = { KeyId, EncryptionAlgorithm: named };
      expect(await t.refused('Encrypt', { ...input, Plaintext: text('x') })).toMatchObject(refusal);
      if (named) expect(await t.refused('Decrypt', { ...input, CiphertextBlob: text('x') })).toMatchObject(refusal);
    }
    const { CiphertextBlob } = await t.call('Encrypt', {
      KeyId,
      Plaintext: text('x'),
      EncryptionAlgorithm,
      EncryptionContext: {},
    });
    const bound = { KeyId, EncryptionAlgorithm, EncryptionContext: { a: 'b' } };
    for (const refusal of [
      await t.refused('Encrypt', { ...bound, Plaintext: text('x') }),
      await t.refused('Decrypt', { ...bound, CiphertextBlob }),
    ])
      expect(refusal).toMatchObject({
        code: 'ValidationException',
        message: 'EncryptionContext is not supported when encrypting/decrypting with asymmetric CMKs.',
      });
  });
});

describe('Decrypt', () => {
  it('needs the key named for anything but symmetric ciphertext', async () => {
    const { id: KeyId } = await t.keyOf('RSA_2048', USAGE);
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: text('x'), EncryptionAlgorithm });
    expect(await t.refused('Decrypt', { CiphertextBlob, EncryptionAlgorithm })).toMatchObject({
      code: 'ValidationException',
      message: 'KeyId must not be null',
    });
    const nothing = await t.refused('Decrypt', { KeyId, EncryptionAlgorithm });
    expect(nothing.message).toContain("Value null at 'ciphertextBlob'");
    const symmetric = await t.key();
    const sealed = await t.call('Encrypt', { KeyId: symmetric.id, Plaintext: text('x') });
    expect((await t.refused('Decrypt', { ...sealed, KeyId, EncryptionAlgorithm: undefined })).code).toBe(
      'IncorrectKeyException',
    );
  });

  it('takes a symmetric header that names a key pair for damaged ciphertext', async () => {
    const { id } = await t.keyOf('RSA_2048', USAGE);
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId: (await t.key()).id, Plaintext: text('x') });
    const forged = Uint8Array.from(CiphertextBlob);
    forged.set(Buffer.from(id.replaceAll('-', ''), 'hex'), 7);
    for (const KeyId of [undefined, id])
      expect((await t.refused('Decrypt', { CiphertextBlob: forged, KeyId })).code).toBe('InvalidCiphertextException');
  });

  it('dry runs without ciphertext check the algorithm as well', async () => {
    const { id: KeyId } = await t.keyOf('RSA_2048', USAGE);
    const input = { KeyId, DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] };
    const refused = async (changes: object) => (await t.refused('Decrypt', { ...input, ...changes })).code;
    expect(await refused({ EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' })).toBe('DryRunOperationException');
    expect(await refused({})).toBe('InvalidKeyUsageException');
  });
});

describe('ReEncrypt', () => {
  it('goes between symmetric and asymmetric keys in all ways', { timeout: 120_000 }, async () => {
    const symmetric = { ...(await t.key()), algorithm: 'SYMMETRIC_DEFAULT', context: { a: 'b' } } as const;
    const other = { ...(await t.key()), algorithm: 'SYMMETRIC_DEFAULT', context: { c: 'd' } } as const;
    const rsa = { ...(await t.keyOf('RSA_2048', USAGE)), algorithm: 'RSAES_OAEP_SHA_256', context: undefined } as const;
    const sm2 = { ...(await t.keyOf('SM2', USAGE)), algorithm: 'SM2PKE', context: undefined } as const;
    const keys = [symmetric, other, rsa, sm2];
    const Plaintext = text('a secret');
    for (const from of keys)
      for (const to of keys) {
        const { CiphertextBlob } = await t.call('Encrypt', {
          KeyId: from.id,
          Plaintext,
          EncryptionAlgorithm: from.algorithm,
          EncryptionContext: from.context,
        });
        const moved = await t.call('ReEncrypt', {
          CiphertextBlob,
          ...(from.algorithm === 'SYMMETRIC_DEFAULT' ? {} : { SourceKeyId: from.id }),
          SourceEncryptionAlgorithm: from.algorithm,
          SourceEncryptionContext: from.context,
          DestinationKeyId: to.id,
          DestinationEncryptionAlgorithm: to.algorithm,
          DestinationEncryptionContext: to.context,
        });
        const material = expect.stringMatching(/^[0-9a-f]{64}$/);
        expect(moved).toEqual({
          CiphertextBlob: moved.CiphertextBlob,
          SourceKeyId: from.arn,
          KeyId: to.arn,
          SourceEncryptionAlgorithm: from.algorithm,
          DestinationEncryptionAlgorithm: to.algorithm,
          ...(from.context ? { SourceKeyMaterialId: material } : {}),
          ...(to.context ? { DestinationKeyMaterialId: material } : {}),
        });
        const opened = await t.call('Decrypt', {
          KeyId: to.id,
          CiphertextBlob: moved.CiphertextBlob,
          EncryptionAlgorithm: to.algorithm,
          EncryptionContext: to.context,
        });
        expect(opened.Plaintext).toEqual(Plaintext);
      }
  });

  it('refuses what either half would', async () => {
    const { id: rsa } = await t.keyOf('RSA_2048', USAGE);
    const { id: symmetric } = await t.key();
    const algorithm = 'RSAES_OAEP_SHA_256';
    const sealed = await t.call('Encrypt', { KeyId: rsa, Plaintext: text('x'), EncryptionAlgorithm: algorithm });
    const out = {
      CiphertextBlob: sealed.CiphertextBlob,
      SourceKeyId: rsa,
      SourceEncryptionAlgorithm: algorithm,
      DestinationKeyId: symmetric,
    };
    const refused = async (changes: object) => {
      const { code, message } = await t.refused('ReEncrypt', { ...out, ...changes });
      return [code, message];
    };
    expect(await refused({ SourceKeyId: undefined })).toEqual(['ValidationException', 'SourceKeyId must not be null']);
    expect((await refused({ SourceEncryptionAlgorithm: undefined }))[0]).toBe('InvalidCiphertextException');
    expect((await refused({ CiphertextBlob: flipped(sealed.CiphertextBlob) }))[0]).toBe('InvalidCiphertextException');
    expect((await refused({ SourceEncryptionContext: { a: 'b' } }))[0]).toBe('ValidationException');
    expect(await refused({ DestinationEncryptionAlgorithm: algorithm })).toEqual([
      'InvalidKeyUsageException',
      `Algorithm ${algorithm} is incompatible with key spec SYMMETRIC_DEFAULT.`,
    ]);
    const long = await t.call('Encrypt', { KeyId: symmetric, Plaintext: new Uint8Array(191) });
    const into = {
      CiphertextBlob: long.CiphertextBlob,
      SourceKeyId: symmetric,
      SourceEncryptionAlgorithm: undefined,
      DestinationKeyId: rsa,
      DestinationEncryptionAlgorithm: algorithm,
    };
    expect((await refused(into))[1]).toContain('cannot encrypt data larger than 190 bytes');
    expect((await refused({ ...into, DestinationEncryptionAlgorithm: undefined }))[0]).toBe('InvalidKeyUsageException');
    const dry = { CiphertextBlob: undefined, DryRun: true, DryRunModifiers: ['IGNORE_CIPHERTEXT'] };
    expect((await refused(dry))[0]).toBe('DryRunOperationException');
    expect((await refused({ ...into, ...dry }))[0]).toBe('DryRunOperationException');
  });

  it('refuses the empty message that anybody can send under a public key', async () => {
    const { id: KeyId, arn } = await t.keyOf('RSA_2048', USAGE);
    const { id: sm2 } = await t.keyOf('SM2', USAGE);
    const { id: symmetric } = await t.key();
    const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';
    const CiphertextBlob = encryptsElsewhere(EncryptionAlgorithm, await t.publicKey(KeyId), new Uint8Array(0));
    const opened = await t.call('Decrypt', { KeyId, CiphertextBlob, EncryptionAlgorithm });
    expect(opened).toEqual({ KeyId: arn, Plaintext: new Uint8Array(0), EncryptionAlgorithm });
    const source = { CiphertextBlob, SourceKeyId: KeyId, SourceEncryptionAlgorithm: EncryptionAlgorithm };
    for (const destination of [
      { DestinationKeyId: symmetric },
      { DestinationKeyId: sm2, DestinationEncryptionAlgorithm: 'SM2PKE' },
    ])
      expect((await t.refused('ReEncrypt', { ...source, ...destination })).code).toBe('ValidationException');
  });
});
