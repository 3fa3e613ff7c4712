import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { share } from '../../../src/renderer/features/keys/share/deeds.ts';
import {
  identityPolicyFor,
  identityPolicyName,
  statementFor,
  type Target,
  withShare,
} from '../../../src/renderer/features/keys/share/sharing.ts';
import { openTestBridge } from '../../support/bridge.ts';
import { REGION } from '../../support/engine.ts';
import { code } from '../../support/iam.ts';
import { addPeople, asRoot, OTHER } from '../../support/people.ts';

const bob: Target = { arn: `arn:aws:iam::${OTHER}:user/bob`, accountId: OTHER, kind: 'user', name: 'bob' };

describe('sharing with a user of another account', () => {
  let t: Awaited<ReturnType<typeof openTestBridge>>;
  let arn: string;
  beforeEach(async () => {
    t = await openTestBridge();
    await addPeople(t.store);
    arn = (await t.key()).arn;
  });
  afterEach(() => {
    t.close();
    vi.unstubAllGlobals();
  });

  const keyPolicy = async () => (await t.call('GetKeyPolicy', { KeyId: arn })).Policy;
  const shareWith = async (context: Record<string, string>) => {
    const before = await keyPolicy();
    const policy = withShare(before, statementFor(bob, context)) ?? '';
    return share({ keyArn: arn, region: REGION, before, policy, target: bob, context, bothSides: true });
  };
  /** From now on the policy of the key cannot be changed. */
  const fixKeyPolicy = async () => {
    const deny = { Effect: 'Deny', Principal: '*', Action: 'kms:PutKeyPolicy', Resource: '*' };
    const { Statement, ...rest } = JSON.parse(await keyPolicy());
    const Policy = JSON.stringify({ ...rest, Statement: [...Statement, deny] });
    await t.call('PutKeyPolicy', { KeyId: arn, Policy, BypassPolicyLockoutSafetyCheck: true });
  };

  it('leaves an earlier share with the same user as it was when the key refuses a new one', async () => {
    await shareWith({ purpose: 'tax' });
    await fixKeyPolicy();
    expect(await code(shareWith({}))).toBe('AccessDeniedException');
    const asked = { UserName: 'bob', PolicyName: identityPolicyName(arn) };
    const { PolicyDocument } = await t.iam('GetUserPolicy', asked, asRoot(OTHER));
    expect(JSON.parse(PolicyDocument)).toEqual(identityPolicyFor(arn, { purpose: 'tax' }));
  });

  it('leaves nothing on the other side when the key refuses the first', async () => {
    await fixKeyPolicy();
    expect(await code(shareWith({}))).toBe('AccessDeniedException');
    expect((await t.iam('ListUserPolicies', { UserName: 'bob' }, asRoot(OTHER))).PolicyNames).toEqual([]);
  });
});
