import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Decision } from '../../../src/shared/iam/decision.ts';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import { ACCOUNT, openTestEngine } from '../../support/engine.ts';
import {
  addPeople,
  allow,
  asRoot,
  asSession,
  asUser,
  attach as attachTo,
  deny,
  OTHER,
  policyOf,
} from '../../support/people.ts';

const Plaintext = new Uint8Array(8);

let t: Awaited<ReturnType<typeof openTestEngine>>;
beforeEach(async () => {
  t = await openTestEngine();
  await addPeople(t.store);
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const attach = (name: string, document: string) => attachTo(t.store, name, document);

async function decisionOf(eventId: unknown): Promise<Decision[]> {
  const { Record } = await t.call('GetEvent', { EventId: String(eventId) });
  return JSON.parse(Record).additionalEventData.decisions;
}

describe('a call is decided by', () => {
  it('the policies of the caller where the key’s policy lets its account decide', async () => {
    const { id: KeyId, arn } = await t.key();
    const refusal = await t.refused('Encrypt', { KeyId, Plaintext }, asUser('ann'));
    expect([refusal.code, refusal.message]).toEqual([
      'AccessDeniedException',
      `User: arn:aws:iam::${ACCOUNT}:user/ann is not authorized to perform: kms:Encrypt on resource: ${arn} because no identity-based policy allows the kms:Encrypt action`,
    ]);
    await attach('ann', policyOf(allow('kms:Encrypt')));
    await t.call('Encrypt', { KeyId, Plaintext }, asUser('ann'));
    expect((await t.refused('DescribeKey', { KeyId }, asUser('ann'))).code).toBe('AccessDeniedException');
    await attach('ann', policyOf(allow('kms:*'), deny('kms:Encrypt', { Resource: arn })));
    await t.call('DescribeKey', { KeyId }, asUser('ann'));
    expect((await t.refused('Encrypt', { KeyId, Plaintext }, asUser('ann'))).message).toMatch(
      /with an explicit deny in an identity-based policy$/,
    );
  });

  it('the policies of a role for its sessions', async () => {
    const { id: KeyId } = await t.key();
    const session = asSession('Reader');
    await t.refused('DescribeKey', { KeyId }, session);
    await attach('Reader', policyOf(allow('kms:DescribeKey')));
    await t.call('DescribeKey', { KeyId }, session);
    // Whoever is not spelled as the role is somebody else.
    await t.refused(
      'DescribeKey',
      { KeyId },
      { ...session, principalArn: session.principalArn.replace('Reader', 'reader') },
    );
  });

  it('both sides across accounts, and never for what has no effect there', async () => {
    const { arn: KeyId } = await t.key();
    const bob = asUser('bob', OTHER);
    await attach('bob', policyOf(allow('kms:*')));
    expect((await t.refused('Encrypt', { KeyId, Plaintext }, bob)).message).toContain(
      'no resource-based policy allows',
    );
    const shared = JSON.parse(defaultKeyPolicy(ACCOUNT));
    shared.Statement.push(allow('kms:*', { Principal: { AWS: OTHER } }));
    await t.call('PutKeyPolicy', { KeyId, Policy: JSON.stringify(shared) });
    await t.call('Encrypt', { KeyId, Plaintext }, bob);
    await t.call('Encrypt', { KeyId, Plaintext }, asRoot(OTHER));
    for (const [name, input] of [
      ['PutKeyPolicy', { KeyId, Policy: defaultKeyPolicy(OTHER), BypassPolicyLockoutSafetyCheck: true }],
      ['ScheduleKeyDeletion', { KeyId }],
      ['DisableKey', { KeyId }],
      ['ListKeyRotations', { KeyId }],
    ] as const)
      for (const caller of [bob, asRoot(OTHER)])
        expect((await t.refused(name, input, caller)).code).toBe('AccessDeniedException');
    await attach('bob', policyOf(allow('kms:DescribeKey')));
    expect((await t.refused('Encrypt', { KeyId, Plaintext }, bob)).message).toContain(
      'no identity-based policy allows',
    );
  });

  it('grants, when no policy allows, and never against a deny', async () => {
    const { id: KeyId } = await t.key();
    const { GrantId } = await t.call('CreateGrant', {
      KeyId,
      GranteePrincipal: asUser('ann').principalArn,
      Operations: ['Encrypt'],
    });
    await t.call('Encrypt', { KeyId, Plaintext }, asUser('ann'));
    const [used] = await t.events(1);
    expect((await decisionOf(used?.EventId))[0]).toMatchObject({ allowed: true, reason: 'grant', grant: GrantId });
    await attach('ann', policyOf(deny('kms:Encrypt')));
    await t.refused('Encrypt', { KeyId, Plaintext }, asUser('ann'));
  });

  it('conditions on what the request says', async () => {
    const { id: KeyId } = await t.key({ Tags: [{ TagKey: 'Project', TagValue: 'Alpha' }] });
    await t.call('CreateAlias', { AliasName: 'alias/files', TargetKeyId: KeyId });
    await attach(
      'ann',
      policyOf(
        allow('kms:Encrypt', {
          Condition: {
            StringEquals: { 'kms:EncryptionContext:app': 'files', 'aws:ResourceTag/Project': 'Alpha' },
            'ForAnyValue:StringEquals': { 'kms:ResourceAliases': 'alias/files' },
          },
        }),
        allow('kms:Decrypt', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
        allow('kms:ScheduleKeyDeletion', {
          Condition: { NumericGreaterThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '20' } },
        }),
      ),
    );
    const EncryptionContext = { app: 'files' };
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext, EncryptionContext }, asUser('ann'));
    await t.refused('Encrypt', { KeyId, Plaintext }, asUser('ann'));
    const refusal = await t.refused('Decrypt', { CiphertextBlob, EncryptionContext }, asUser('ann'));
    expect(refusal.details.mfaHelps).toBe(true);
    const now = t.clock.now();
    await t.call(
      'Decrypt',
      { CiphertextBlob, EncryptionContext },
      { ...asUser('ann'), mfaAt: now, tokenIssuedAt: now },
    );
    expect(
      (await t.refused('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 }, asUser('ann'))).details,
    ).toMatchObject({
      decision: { reason: 'no identity policy allows' },
    });
    await t.call('ScheduleKeyDeletion', { KeyId }, asUser('ann'));
  });

  it('two permissions of ReEncrypt, each by its own key', async () => {
    const from = await t.key();
    const to = await t.key();
    await attach('ann', policyOf(allow('kms:ReEncryptFrom'), allow('kms:ReEncryptTo', { Resource: to.arn })));
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId: from.id, Plaintext });
    await t.call('ReEncrypt', { CiphertextBlob, DestinationKeyId: to.id }, asUser('ann'));
    const [record] = await t.events(1);
    expect((await decisionOf(record?.EventId)).map(({ action, allowed }) => [action, allowed])).toEqual([
      ['kms:ReEncryptFrom', true],
      ['kms:ReEncryptTo', true],
    ]);
    const refusal = await t.refused('ReEncrypt', { CiphertextBlob, DestinationKeyId: from.id }, asUser('ann'));
    expect(refusal.message).toContain('kms:ReEncryptTo');
  });
});

describe('a refusal', () => {
  it('tells nothing of the key’s state, and its record why', async () => {
    const { id: KeyId } = await t.key();
    await t.call('DisableKey', { KeyId });
    const refusal = await t.refused('Encrypt', { KeyId, Plaintext }, asUser('ann'));
    expect(refusal.code).toBe('AccessDeniedException');
    const [decision] = await decisionOf(refusal.details.requestId);
    expect(decision).toMatchObject({
      allowed: false,
      reason: 'no identity policy allows',
      statements: [{ statement: { type: 'resource', index: 0 }, matched: 'account' }],
    });
    expect(decision).not.toHaveProperty('principal');
  });

  it('is recorded in bounded length, whatever the policy', async () => {
    const many = Array.from({ length: 120 }, (_, n) =>
      allow('kms:Sign', { Sid: `S${n}`, Resource: `arn:aws:kms:*:*:key/${n}` }),
    );
    await attach('ann', policyOf(...many));
    const { id: KeyId } = await t.key();
    const refusal = await t.refused('Encrypt', { KeyId, Plaintext }, asUser('ann'));
    expect((refusal.details.decision as Decision).statements.length).toBe(121);
    const [decision] = await decisionOf(refusal.details.requestId);
    const kept = decision as Decision & { left: number };
    expect(kept.statements.length + kept.left).toBe(121);
    expect(kept.statements[0]?.matched).toBe('account');
    expect(JSON.stringify(kept).length).toBeLessThan(8192);
  });
});

it('a stored policy that cannot be read refuses everyone, and can be replaced by the root of its account', async () => {
  const { id: KeyId } = await t.key();
  await attach('ann', policyOf(allow('kms:*')));
  await t.store.transact((tx) => tx.run(`UPDATE keys SET policy = '{"Statement":[{"Effect":"Maybe"}]}'`));
  for (const caller of [asRoot(ACCOUNT), asUser('ann')])
    expect((await t.refused('Encrypt', { KeyId, Plaintext }, caller)).code).toBe('AccessDeniedException');
  await t.refused('PutKeyPolicy', { KeyId, Policy: defaultKeyPolicy(ACCOUNT) }, asRoot(OTHER));
  expect((await t.call('GetKeyPolicy', { KeyId })).Policy).toContain('Maybe');
  await t.call('PutKeyPolicy', { KeyId, Policy: defaultKeyPolicy(ACCOUNT) });
  await t.call('Encrypt', { KeyId, Plaintext });
});

it('the root of an account is refused what its key’s policy does not give', async () => {
  const only = policyOf(allow('kms:*', { Principal: { AWS: asUser('ann').principalArn } }));
  const { id: KeyId } = await t.key({ Policy: only, BypassPolicyLockoutSafetyCheck: true });
  await t.refused('DescribeKey', { KeyId });
  await t.call('DescribeKey', { KeyId }, asUser('ann'));
});

it('the overviews of keys show no more than the permissions of what they gather', async () => {
  const { id: KeyId } = await t.key({ Tags: [{ TagKey: 'a', TagValue: 'b' }] });
  await t.call('CreateAlias', { AliasName: 'alias/a', TargetKeyId: KeyId });
  const hidden = await t.key();
  const reads = allow(['kms:ListKeys', 'kms:DescribeKey']);
  await attach('ann', policyOf(reads, deny('kms:DescribeKey', { Resource: hidden.arn })));
  const { Keys, Undescribed } = await t.call('ListKeyOverviews', {}, asUser('ann'));
  expect(Keys.map((key) => [key.KeyId, key.Aliases, key.TagCount])).toEqual([[KeyId, [], 0]]);
  expect(Undescribed).toBe(1);
  await t.refused('GetKeyOverview', { KeyId: hidden.id }, asUser('ann'));
  const unseen = ['kms:ListAliases', 'kms:ListResourceTags', 'kms:ListKeyRotations'];
  expect(await t.call('GetKeyOverview', { KeyId }, asUser('ann'))).toMatchObject({
    Aliases: [],
    Tags: [],
    Materials: [],
    Unseen: unseen,
  });
  await attach('ann', policyOf(reads, allow(unseen)));
  const seen = await t.call('GetKeyOverview', { KeyId }, asUser('ann'));
  expect([seen.Aliases, seen.Tags.length, seen.Materials.length, seen.Unseen]).toEqual([['alias/a'], 1, 1, []]);
});
