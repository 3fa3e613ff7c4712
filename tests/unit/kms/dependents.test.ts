import { afterEach, beforeEach, expect, it } from 'vitest';
import { ACCOUNT, openTestEngine, REGION, ROOT } from '../../support/engine.ts';
import { addPeople, allow, asUser, attach, policyOf } from '../../support/people.ts';

const Plaintext = new Uint8Array(8);
const ANN = `arn:aws:iam::${ACCOUNT}:user/ann`;
const FILES = { userAgent: 'Coffer/1 (files)' };

let t: Awaited<ReturnType<typeof openTestEngine>>;
beforeEach(async () => {
  t = await openTestEngine();
  await addPeople(t.store);
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const of = (KeyId: string, as = {}) => t.call('GetKeyDependents', { KeyId }, as);

it('finds nothing on a key that nobody named or used', async () => {
  const { id } = await t.key();
  await t.key();
  expect(await of(id)).toMatchObject({
    KeyId: id,
    Aliases: [],
    Regions: [],
    GrantCount: 0,
    Grantees: [],
    Policies: [],
    UseCount: 0,
    Uses: [],
    Users: [],
    FileCount: 0,
    FileContexts: [],
    Unseen: [],
  });
});

it('names aliases, grantees by their number of grants, and the policies that name the key or an alias', async () => {
  const { id: KeyId, arn } = await t.key();
  const other = await t.key();
  for (const AliasName of ['alias/b', 'alias/a']) await t.call('CreateAlias', { AliasName, TargetKeyId: KeyId });
  for (const [GranteePrincipal, Name] of [
    [ROOT, 'one'],
    [ANN, 'one'],
    [ANN, 'two'],
  ] as const)
    await t.call('CreateGrant', { KeyId, GranteePrincipal, Operations: ['Encrypt'], Name });
  await attach(t.store, 'ann', policyOf(allow('kms:Encrypt', { Resource: arn })));
  const byAlias = { StringEquals: { 'kms:ResourceAliases': 'alias/a' } };
  await attach(t.store, 'Reader', policyOf(allow('kms:Decrypt', { Condition: byAlias })));
  const found = await of(KeyId);
  expect(found.Aliases).toEqual(['alias/a', 'alias/b']);
  expect(found.GrantCount).toBe(3);
  expect(found.Grantees).toEqual([
    { Principal: ANN, Count: 2 },
    { Principal: ROOT, Count: 1 },
  ]);
  expect(found.Policies.map(({ PrincipalArn }) => PrincipalArn)).toEqual([
    ANN,
    `arn:aws:iam::${ACCOUNT}:role/teams/Reader`,
  ]);
  expect(await of(other.id)).toMatchObject({ Aliases: [], GrantCount: 0, Grantees: [], Policies: [] });
});

it('counts who used it in the last 30 days, and files for ever, with their contexts', async () => {
  const { id: KeyId } = await t.key();
  await attach(t.store, 'ann', policyOf(allow('kms:*')));
  const dataKey = (EncryptionContext: Record<string, string>) =>
    t.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256', EncryptionContext }, FILES);
  await dataKey({ purpose: 'letters', 'aws-crypto-public-key': 'x' });
  await dataKey({ purpose: 'letters', 'aws-crypto-public-key': 'y' });
  await dataKey({ 'coffer:content': 'folder' });
  t.clock.advanceDays(31);
  await t.call('Encrypt', { KeyId, Plaintext });
  t.clock.advanceDays(1);
  await t.call('Encrypt', { KeyId, Plaintext }, asUser('ann'));
  await t.call('Encrypt', { KeyId, Plaintext }, asUser('ann'));
  await t.refused('Encrypt', { KeyId, Plaintext, EncryptionContext: { ['a'.repeat(9000)]: 'b' } });
  const found = await of(KeyId);
  expect(found).toMatchObject({ UseCount: 3, Uses: [{ Name: 'Encrypt', Count: 3 }], FileCount: 3 });
  expect(found.Users).toEqual([
    { PrincipalArn: ANN, Count: 2, LastTime: new Date(t.clock.now()) },
    { PrincipalArn: ROOT, Count: 1, LastTime: new Date(t.clock.now() - 86_400_000) },
  ]);
  expect(found.FileContexts).toEqual([{ purpose: 'letters' }]);
});

it('knows the key in other Regions', async () => {
  const { id: KeyId } = await t.key({ MultiRegion: true });
  await t.call('ReplicateKey', { KeyId, ReplicaRegion: 'us-east-1' });
  expect((await of(KeyId)).Regions).toEqual([{ Region: 'us-east-1', MultiRegionKeyType: 'REPLICA' }]);
  expect((await of(KeyId, { region: 'us-east-1' })).Regions).toEqual([
    { Region: REGION, MultiRegionKeyType: 'PRIMARY' },
  ]);
});

it('shows no more than the permissions of what it gathers, and says which are missing', async () => {
  const { id: KeyId } = await t.key();
  await t.call('CreateAlias', { AliasName: 'alias/a', TargetKeyId: KeyId });
  await t.call('CreateGrant', { KeyId, GranteePrincipal: ANN, Operations: ['Encrypt'] });
  await t.call('Encrypt', { KeyId, Plaintext });
  await t.refused('GetKeyDependents', { KeyId }, asUser('ann'));
  await attach(t.store, 'ann', policyOf(allow('kms:DescribeKey')));
  const unseen = ['kms:ListAliases', 'kms:ListGrants', 'kms:LookupEvents', 'iam:GetAccountAuthorizationDetails'];
  expect(await of(KeyId, asUser('ann'))).toMatchObject({
    Aliases: [],
    GrantCount: 0,
    Grantees: [],
    UseCount: 0,
    Users: [],
    Unseen: unseen,
  });
  await attach(t.store, 'ann', policyOf(allow('kms:DescribeKey'), allow(unseen)));
  expect(await of(KeyId, asUser('ann'))).toMatchObject({
    Aliases: ['alias/a'],
    GrantCount: 1,
    UseCount: 1,
    Unseen: [],
  });
});
