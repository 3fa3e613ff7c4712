import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { applyRule, type RuledKey } from '../../../src/renderer/features/people/rule/keys-and-rule.ts';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';
import { hasMfaRule, withMfaRule } from '../../../src/shared/iam/mfa-rule.ts';
import { decodeWire, encodeWire } from '../../../src/shared/wire.ts';

const looked = defaultKeyPolicy('111122223333');
const key: RuledKey = { keyId: 'k', region: 'eu-central-1', name: 'invoices', policy: looked };
const share = {
  Sid: 'Share',
  Effect: 'Allow',
  Principal: { AWS: '444455556666' },
  Action: 'kms:Decrypt',
  Resource: '*',
};
const sidsOf = (policy: string) => (JSON.parse(policy).Statement as { Sid?: string }[]).map(({ Sid }) => Sid);

/** The key's policy as the main process has it, and what was put. */
let policy = looked;
let puts: string[] = [];

beforeEach(() => {
  policy = looked;
  puts = [];
  const answer = (wire: string) => {
    const { operation, input } = decodeWire(wire) as { operation: string; input: { Policy: string } };
    if (operation === 'GetKeyPolicy') return { Policy: policy, PolicyName: 'default' };
    policy = input.Policy;
    puts.push(policy);
    return {};
  };
  vi.stubGlobal('window', {
    coffer: {
      invoke: (_name: string, wire: string) => Promise.resolve(encodeWire({ ok: true, value: answer(wire) })),
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

const apply = (on: boolean) => applyRule([key], on, () => undefined);

it('goes into the policy as it is, with what was put there since it was looked at', async () => {
  const { Statement, ...rest } = JSON.parse(looked);
  policy = JSON.stringify({ ...rest, Statement: [...Statement, share] });
  expect((await apply(true)).left).toEqual([]);
  expect(hasMfaRule(policy)).toBe(true);
  expect(sidsOf(policy)).toContain('Share');
  expect((await apply(false)).left).toEqual([]);
  expect(hasMfaRule(policy)).toBe(false);
  expect(sidsOf(policy)).toContain('Share');
});

it('leaves a policy alone that is as it is to be', async () => {
  policy = withMfaRule(looked);
  expect((await apply(true)).left).toEqual([]);
  expect(puts).toEqual([]);
});
