import { expect, it } from 'vitest';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import { ACCOUNT, openTestEngine, ROOT } from '../../support/engine.ts';

const other = (sid: string) => defaultKeyPolicy(ACCOUNT).replace('Enable IAM User Permissions', sid);
const locked = other('x').replace(ROOT, 'arn:aws:iam::444455556666:root');

it('keeps the policy a key was given, to the byte', async () => {
  const t = await openTestEngine();
  const Policy = ` ${other('first é')}\n`;
  const { id: KeyId, arn } = await t.key({ Policy });
  const plain = await t.key();
  expect(await t.call('GetKeyPolicy', { KeyId })).toEqual({ Policy, PolicyName: 'default' });
  expect((await t.call('GetKeyPolicy', { KeyId: plain.id })).Policy).toBe(defaultKeyPolicy(ACCOUNT));
  await t.call('PutKeyPolicy', { KeyId: arn, PolicyName: 'default', Policy: other('second') });
  const [record] = await t.events(1);
  expect(record).toMatchObject({
    EventName: 'PutKeyPolicy',
    RequestParameters: { keyId: arn, policyName: 'default', policy: other('second') },
    Resources: [arn],
    ReadOnly: false,
  });
  expect((await t.call('GetKeyPolicy', { KeyId, PolicyName: 'default' })).Policy).toBe(other('second'));
  expect((await t.refused('GetKeyPolicy', { KeyId, PolicyName: 'x' })).code).toBe('NotFoundException');
  expect(await t.call('ListKeyPolicies', { KeyId, Limit: 1 })).toEqual({ PolicyNames: ['default'], Truncated: false });
  await t.close();
});

it('does not let a caller lock itself out unless told to', async () => {
  const t = await openTestEngine();
  const { id: KeyId } = await t.key();
  for (const refusal of [
    await t.refused('CreateKey', { Policy: locked }),
    await t.refused('PutKeyPolicy', { KeyId, Policy: locked }),
  ])
    expect([refusal.code, refusal.message]).toEqual([
      'MalformedPolicyDocumentException',
      'The new key policy will not allow you to update the key policy in the future.',
    ]);
  expect((await t.call('GetKeyPolicy', { KeyId })).Policy).toBe(defaultKeyPolicy(ACCOUNT));
  expect((await t.call('ListKeys', {})).Keys.length).toBe(1);
  expect((await t.refused('PutKeyPolicy', { KeyId, Policy: 'a\u0007b' })).code).toBe('ValidationException');
  await t.call('PutKeyPolicy', { KeyId, Policy: locked, BypassPolicyLockoutSafetyCheck: true });
  await t.key({ Policy: locked, BypassPolicyLockoutSafetyCheck: true });
  for (const [name, input] of [
    ['GetKeyPolicy', { KeyId }],
    ['PutKeyPolicy', { KeyId, Policy: other('back') }],
  ] as const)
    expect((await t.refused(name, input)).code).toBe('AccessDeniedException');
  await t.close();
});
