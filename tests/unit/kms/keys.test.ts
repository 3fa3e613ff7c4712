import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestEngine } from '../../support/engine.ts';

let t: Awaited<ReturnType<typeof openTestEngine>>;
beforeEach(async () => {
  t = await openTestEngine();
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const NOWHERE = '00000000-0000-4000-8000-000000000000';

describe('keys', () => {
  it('makes a key as AWS describes it', async () => {
    const made = await t.call('CreateKey', { Description: 'photos', Tags: [{ TagKey: 'a', TagValue: 'b' }] });
    const { KeyMetadata: metadata } = await t.call('DescribeKey', { KeyId: made.KeyMetadata.KeyId });
    expect(metadata).toEqual(made.KeyMetadata);
    expect(metadata).toMatchObject({
      Description: 'photos',
      Enabled: true,
      KeyState: 'Enabled',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      MultiRegion: false,
    });
    expect(metadata.KeyId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const policy = await t.call('GetKeyPolicy', { KeyId: metadata.KeyId });
    expect(JSON.parse(policy.Policy).Statement[0].Principal.AWS).toBe('arn:aws:iam::111122223333:root');
    const other = { KeyId: metadata.KeyId, PolicyName: 'other' };
    expect((await t.refused('GetKeyPolicy', other)).code).toBe('NotFoundException');
  });

  it('refuses what is not built and what contradicts itself', async () => {
    const cases = [
      [{ KeySpec: 'RSA_2048' }, 'ValidationException'],
      [{ Origin: 'EXTERNAL_KEY_STORE' }, 'ValidationException'],
      [{ CustomKeyStoreId: 'cks' }, 'CustomKeyStoreNotFoundException'],
      [{ XksKeyId: 'xks' }, 'ValidationException'],
      [{ Policy: '{}' }, 'MalformedPolicyDocumentException'],
      [{ KeyUsage: 'SIGN_VERIFY' }, 'ValidationException'],
      [{ KeySpec: 'SYMMETRIC_DEFAULT', CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' }, 'ValidationException'],
      [{ KeySpec: 'AES' }, 'ValidationException'],
      [{ Description: 'x'.repeat(8193) }, 'ValidationException'],
      [{ Tags: [{ TagKey: 'aws:x', TagValue: '' }] }, 'TagException'],
    ] as const;
    for (const [input, code] of cases) expect((await t.refused('CreateKey', input)).code).toBe(code);
    expect((await t.call('ListKeys', {})).Keys).toEqual([]);
  });

  it('keeps the quota of keys', async () => {
    const small = await openTestEngine({ keysPerRegion: 2 });
    await small.key();
    await small.key();
    expect((await small.refused('CreateKey', {})).code).toBe('LimitExceededException');
    await small.key({}, { region: 'us-east-1' });
    await small.close();
  });

  it('says what was not found as AWS does', async () => {
    const { arn } = await t.key();
    const cases = [
      [NOWHERE, 'NotFoundException', `Key 'arn:aws:kms:eu-central-1:111122223333:key/${NOWHERE}' does not exist`],
      ['alias/none', 'NotFoundException', 'Alias arn:aws:kms:eu-central-1:111122223333:alias/none is not found.'],
      ['nonsense', 'NotFoundException', "Invalid keyId 'nonsense'"],
      [arn.replace('eu-central-1', 'us-east-1'), 'NotFoundException', 'Invalid arn us-east-1'],
      ['arn:aws:s3:::bucket', 'InvalidArnException', 'Invalid arn arn:aws:s3:::bucket'],
    ] as const;
    for (const [KeyId, code, message] of cases)
      expect(await t.refused('DescribeKey', { KeyId })).toMatchObject({ code, message });
    const foreign = arn.replace('111122223333', '444455556666');
    expect((await t.refused('DescribeKey', { KeyId: foreign })).code).toBe('NotFoundException');
    expect((await t.refused('EnableKey', { KeyId: 'alias/none' })).message).toBe("Invalid keyId 'alias/none'");
  });

  it('lists in pages that neither repeat nor skip', async () => {
    const ids = new Set<string>();
    for (let i = 0; i < 7; i++) ids.add((await t.key()).id);
    const seen: string[] = [];
    let Marker: string | undefined;
    do {
      const page = await t.call('ListKeys', { Limit: 3, Marker });
      seen.push(...page.Keys.map((key) => key.KeyId));
      Marker = page.NextMarker;
      expect(page.Truncated).toBe(Marker !== undefined);
    } while (Marker);
    expect(seen).toEqual([...ids].sort());
    expect((await t.refused('ListKeys', { Marker: 'nonsense' })).code).toBe('InvalidMarkerException');
    expect((await t.refused('ListKeys', { Limit: 1001 })).message).toBe(
      "1 validation error detected: Value '1001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 1000",
    );
  });

  it('refuses everyone but the root principal, and tells them nothing of the state', async () => {
    const { id, arn } = await t.key();
    await t.call('DisableKey', { KeyId: id });
    const principalArn = 'arn:aws:iam::111122223333:user/eve';
    const error = await t.refused('Encrypt', { KeyId: id, Plaintext: new Uint8Array(1) }, { principalArn });
    expect(error.code).toBe('AccessDeniedException');
    expect(error.message).toBe(
      `User: ${principalArn} is not authorized to perform: kms:Encrypt on resource: ${arn} because no identity-based policy allows the kms:Encrypt action`,
    );
    expect((await t.refused('ListKeys', {}, { principalArn })).code).toBe('AccessDeniedException');
  });
});

describe('aliases and tags', () => {
  it('moves an alias; what the old key sealed still opens', async () => {
    const one = await t.key();
    const two = await t.key();
    await t.call('CreateAlias', { AliasName: 'alias/a', TargetKeyId: one.id });
    const sealed = await t.call('Encrypt', { KeyId: 'alias/a', Plaintext: new Uint8Array(1) });
    await t.call('UpdateAlias', { AliasName: 'alias/a', TargetKeyId: two.arn });
    expect((await t.call('DescribeKey', { KeyId: 'alias/a' })).KeyMetadata.KeyId).toBe(two.id);
    expect((await t.call('Decrypt', { CiphertextBlob: sealed.CiphertextBlob })).KeyId).toBe(one.arn);
    expect((await t.call('ListAliases', { KeyId: one.id })).Aliases).toEqual([]);
    expect((await t.call('ListAliases', {})).Aliases[0]).toMatchObject({ AliasName: 'alias/a', TargetKeyId: two.id });
    const again = await t.refused('CreateAlias', { AliasName: 'alias/a', TargetKeyId: one.id });
    expect(again.code).toBe('AlreadyExistsException');
    await t.call('DeleteAlias', { AliasName: 'alias/a' });
    expect((await t.refused('DeleteAlias', { AliasName: 'alias/a' })).code).toBe('NotFoundException');
    const gone = { AliasName: 'alias/a', TargetKeyId: one.id };
    expect((await t.refused('UpdateAlias', gone)).code).toBe('NotFoundException');
  });

  it('moves an alias only to a key of the same type and usage', async () => {
    const one = await t.key();
    const two = await t.key();
    await t.call('CreateAlias', { AliasName: 'alias/a', TargetKeyId: one.id });
    const move = { AliasName: 'alias/a', TargetKeyId: two.id };
    for (const [spec, usage] of [
      ['HMAC_256', 'GENERATE_VERIFY_MAC'],
      ['RSA_2048', 'ENCRYPT_DECRYPT'],
      ['ECC_NIST_P256', 'SIGN_VERIFY'],
    ]) {
      await t.store.transact((tx) =>
        tx.run('UPDATE keys SET spec = ?, usage = ? WHERE key_id = ?', [spec ?? '', usage ?? '', two.id]),
      );
      expect((await t.refused('UpdateAlias', move)).code).toBe('ValidationException');
    }
    await t.store.transact((tx) => tx.run(`UPDATE keys SET spec = 'SYMMETRIC_DEFAULT', usage = 'ENCRYPT_DECRYPT'`));
    await t.call('UpdateAlias', move);
    const named = { AliasName: 'alias/b', TargetKeyId: 'alias/a' };
    for (const name of ['CreateAlias', 'UpdateAlias'] as const)
      expect(
        (await t.refused(name, { ...named, AliasName: name === 'UpdateAlias' ? 'alias/a' : 'alias/b' })).code,
      ).toBe('ValidationException');
  });

  it('refuses names that are none', async () => {
    const { id: TargetKeyId } = await t.key();
    for (const [AliasName, code] of [
      ['alias/aws/s3', 'InvalidAliasNameException'],
      ['photos', 'ValidationException'],
      ['alias/', 'ValidationException'],
      ['alias/a b', 'ValidationException'],
    ] as const)
      expect((await t.refused('CreateAlias', { AliasName, TargetKeyId })).code).toBe(code);
    for (let i = 0; i < 50; i++) await t.call('CreateAlias', { AliasName: `alias/n${i}`, TargetKeyId });
    const more = await t.refused('CreateAlias', { AliasName: 'alias/more', TargetKeyId });
    expect(more.code).toBe('LimitExceededException');
    const page = await t.call('ListAliases', { Limit: 30 });
    const rest = await t.call('ListAliases', { Limit: 30, Marker: page.NextMarker });
    expect(page.Aliases.length + rest.Aliases.length).toBe(50);
  });

  it('keeps tags by their rules', async () => {
    const { id: KeyId } = await t.key();
    await t.call('TagResource', { KeyId, Tags: [{ TagKey: 'team', TagValue: 'a' }] });
    await t.call('TagResource', { KeyId, Tags: [{ TagKey: 'team', TagValue: 'b' }] });
    expect((await t.call('ListResourceTags', { KeyId })).Tags).toEqual([{ TagKey: 'team', TagValue: 'b' }]);
    const twice = { TagKey: 'x', TagValue: '' };
    expect((await t.refused('TagResource', { KeyId, Tags: [twice, twice] })).code).toBe('TagException');
    const odd = { KeyId, Tags: [{ TagKey: 'a*', TagValue: '' }] };
    expect((await t.refused('TagResource', odd)).code).toBe('TagException');
    const many = Array.from({ length: 50 }, (_, i) => ({ TagKey: `k${i}`, TagValue: '' }));
    expect((await t.refused('TagResource', { KeyId, Tags: many })).code).toBe('LimitExceededException');
    expect((await t.call('ListResourceTags', { KeyId })).Tags.length).toBe(1);
    await t.call('UntagResource', { KeyId, TagKeys: ['team', 'none'] });
    expect((await t.call('ListResourceTags', { KeyId })).Tags).toEqual([]);
    expect((await t.refused('UntagResource', { KeyId, TagKeys: ['aws:x'] })).code).toBe('TagException');
  });
});
