import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyActionNames } from '../../../src/shared/iam/actions.ts';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import { ACCOUNT, openTestEngine, ROOT } from '../../support/engine.ts';
import { addPeople, allow, asRoot, asUser, attach, deny, OTHER, policyOf } from '../../support/people.ts';

let t: Awaited<ReturnType<typeof openTestEngine>>;
let KeyId: string;
beforeEach(async () => {
  t = await openTestEngine();
  await addPeople(t.store);
  ({ id: KeyId } = await t.key());
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const READER = `arn:aws:iam::${ACCOUNT}:role/teams/Reader`;
const ANN = asUser('ann').principalArn;
const BOB = asUser('bob', OTHER).principalArn;

describe('SimulateAccess', () => {
  const ask = async (PrincipalArn: string, more: object = {}, ActionNames = ['kms:Decrypt']) =>
    (await t.call('SimulateAccess', { KeyId, PrincipalArn, ActionNames, ...more })).Decisions;

  it('decides as the call would be decided, with its reasons', async () => {
    await attach(t.store, 'ann', policyOf(allow(['kms:Decrypt', 'kms:Encrypt'])));
    const decisions = await ask(ANN, {}, ['kms:Decrypt', 'kms:Sign']);
    expect(decisions).toMatchObject([
      { allowed: true, reason: 'identity policy', statement: { type: 'identity', policy: 'p', index: 0 } },
      { allowed: false, reason: 'no identity policy allows' },
    ]);
    const refusal = await t.refused(
      'Sign',
      { KeyId, Message: new Uint8Array(1), SigningAlgorithm: 'ECDSA_SHA_256' },
      asUser('ann'),
    );
    expect(refusal.details.decision).toEqual(decisions[1]);
    expect(await ask(ROOT)).toMatchObject([{ allowed: true, reason: 'key policy' }]);
    expect(await ask(ACCOUNT)).toMatchObject([{ principal: ROOT }]);
    expect(await ask(BOB)).toMatchObject([{ allowed: false, reason: 'no key policy allows' }]);
  });

  it('takes what the request would say', async () => {
    const condition = {
      Bool: { 'aws:MultiFactorAuthPresent': 'true' },
      StringEquals: { 'kms:EncryptionContext:app': 'files', 'kms:ViaService': 's3.eu-central-1.amazonaws.com' },
      IpAddress: { 'aws:SourceIp': '192.0.2.0/24' },
      StringLike: { 'aws:UserAgent': 'mine*' },
    };
    await attach(t.store, 'Reader', policyOf(allow('kms:Decrypt', { Condition: condition })));
    const whole = {
      MultiFactorAuthPresent: true,
      EncryptionContext: { app: 'files' },
      ViaService: 's3.eu-central-1.amazonaws.com',
      SourceIp: '192.0.2.7',
      ContextEntries: { 'AWS:userAGENT': ['mine/1'] },
    };
    expect(await ask(READER, whole)).toMatchObject([{ allowed: true }]);
    for (const name of Object.keys(whole))
      expect((await ask(READER, { ...whole, [name]: undefined }))[0]?.allowed).toBe(false);
    expect((await ask(READER, { ...whole, MultiFactorAuthPresent: false }))[0]?.statements[1]?.mismatch).toEqual({
      element: 'Condition',
      operator: 'Bool',
      key: 'aws:MultiFactorAuthPresent',
      expected: ['true'],
      actual: ['false'],
    });
  });

  it('asks a policy that is not saved', async () => {
    const Policy = policyOf(allow('kms:Decrypt', { Principal: { AWS: ANN } }));
    expect(await ask(ANN, { Policy })).toMatchObject([{ allowed: true, reason: 'key policy' }]);
    expect(await ask(ROOT, { Policy })).toMatchObject([{ allowed: false }]);
    expect(
      (await t.refused('SimulateAccess', { KeyId, PrincipalArn: ANN, ActionNames: ['kms:Decrypt'], Policy: '{' })).code,
    ).toBe('MalformedPolicyDocumentException');
    expect((await t.call('GetKeyPolicy', { KeyId })).Policy).toBe(defaultKeyPolicy(ACCOUNT));
  });

  it('refuses what is no principal and no action, and whoever may not read the policy', async () => {
    const input = { KeyId, PrincipalArn: ANN, ActionNames: ['kms:Decrypt'] };
    expect((await t.refused('SimulateAccess', { ...input, PrincipalArn: 'ann' })).code).toBe('InvalidArnException');
    expect((await t.refused('SimulateAccess', { ...input, ActionNames: ['kms:Nothing'] })).code).toBe(
      'ValidationException',
    );
    for (const caller of [asUser('ann'), asRoot(OTHER)])
      expect(
        (
          await t.refused(
            'SimulateAccess',
            { ...input, KeyId: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/${KeyId}` },
            caller,
          )
        ).message,
      ).toContain('kms:GetKeyPolicy');
  });
});

describe('ListKeyAccess', () => {
  const actions = ['kms:Decrypt', 'kms:DescribeKey', 'kms:PutKeyPolicy'];
  async function matrix(more: object = {}): Promise<Record<string, string>> {
    const { Principals } = await t.call('ListKeyAccess', { KeyId, ActionNames: actions, ...more });
    return Object.fromEntries(Principals.map(({ PrincipalArn, Reaches }) => [PrincipalArn, Reaches.join(' ')]));
  }

  it('has every principal of the vault, and says what depends on conditions', async () => {
    await attach(
      t.store,
      'ann',
      policyOf(allow('kms:*'), deny('kms:Decrypt', { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'false' } } })),
    );
    await attach(
      t.store,
      'Reader',
      policyOf(allow('kms:DescribeKey'), allow('kms:Decrypt', { Condition: { Null: { 'kms:ViaService': 'false' } } })),
    );
    expect(await matrix()).toEqual({
      [ROOT]: 'always always always',
      [`arn:aws:iam::${OTHER}:root`]: 'never never never',
      [ANN]: 'conditional always always',
      [READER]: 'conditional always never',
      [BOB]: 'never never never',
    });
  });

  it('counts grants, and names whom only the policy and grants know', async () => {
    const stranger = 'arn:aws:iam::777788889999:role/app/Stranger';
    const base = { KeyId, Operations: ['Decrypt' as const, 'DescribeKey' as const] };
    await t.call('CreateGrant', { ...base, GranteePrincipal: ANN });
    await t.call('CreateGrant', {
      ...base,
      GranteePrincipal: stranger,
      Constraints: { EncryptionContextEquals: { a: 'b' } },
    });
    const Policy = policyOf(
      allow('kms:*', { Principal: { AWS: ACCOUNT } }),
      allow('kms:Decrypt', { Principal: { Service: 's3.amazonaws.com', AWS: OTHER } }),
    );
    const found = await matrix({ Policy });
    expect(found[ANN]).toBe('always always never');
    expect(found['arn:aws:iam::777788889999:role/Stranger']).toBe('conditional always never');
    expect(found['s3.amazonaws.com']).toBe('always never never');
    expect(found[`arn:aws:iam::${OTHER}:root`]).toBe('always never never');
    expect(Object.keys(found).length).toBe(7);
  });

  it('answers for every action unless some are named', async () => {
    const { ActionNames, Principals } = await t.call('ListKeyAccess', { KeyId });
    expect(ActionNames).toEqual(keyActionNames);
    expect(Principals[0]?.Reaches.length).toBe(keyActionNames.length);
    expect((await t.refused('ListKeyAccess', { KeyId }, asUser('ann'))).code).toBe('AccessDeniedException');
  });
});
