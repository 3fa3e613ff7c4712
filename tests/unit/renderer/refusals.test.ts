import { expect, it } from 'vitest';
import { decidedKeyId, decisionsOf, refusalOf, withContext } from '../../../src/renderer/lib/decisions.ts';
import { questionIn, simulatorPath, simulatorPathOf } from '../../../src/renderer/lib/question.ts';
import type { Decision } from '../../../src/shared/iam/decision.ts';
import { CofferError } from '../../../src/shared/kms/errors.ts';

const ROOT = 'arn:aws:iam::111122223333:root';
const decision: Decision = {
  allowed: false,
  reason: 'explicit deny',
  principal: ROOT,
  action: 'kms:Encrypt',
  resource: 'arn:aws:kms:eu-central-1:111122223333:key/1234',
  statements: [],
  grants: [],
};

it('knows a refusal by its decision', () => {
  const refused = new CofferError('AccessDeniedException', 'no', { decision, mfaHelps: true });
  expect(refusalOf(refused)).toEqual({ decision, mfaHelps: true });
  expect(refusalOf(withContext(refused, { EncryptionContext: { a: 'b' } }))).toEqual({
    decision,
    mfaHelps: true,
    encryptionContext: { a: 'b' },
  });
  expect(withContext(refused, {})).toBe(refused);
  for (const other of [
    new CofferError('AccessDeniedException', 'no'),
    new CofferError('NotFoundException', 'no', { decision }),
    new Error('no'),
  ]) {
    expect(refusalOf(other)).toBeNull();
    expect(withContext(other, { EncryptionContext: { a: 'b' } })).toEqual(other);
  }
});

it('reads the decisions of a record, of whoever called', () => {
  const { principal: _, ...kept } = decision;
  expect(decisionsOf({ userIdentity: { arn: ROOT }, additionalEventData: { decisions: [kept] } })).toEqual([decision]);
  expect(decisionsOf({ userIdentity: {} })).toEqual([]);
});

it('links to the simulator with what was asked', () => {
  expect(decidedKeyId({ resource: '*' })).toBeNull();
  expect(simulatorPathOf({ decision: { ...decision, resource: '*' } })).toBeNull();
  const path = simulatorPathOf({ decision, encryptionContext: { 'a&b': '1=2' } }) ?? '';
  expect(questionIn(new URLSearchParams(path.split('?')[1]))).toEqual({
    keyId: '1234',
    principal: ROOT,
    actions: ['kms:Encrypt'],
    context: { 'a&b': '1=2' },
  });
  expect(simulatorPath({})).toBe('/access/simulator');
  expect(questionIn(new URLSearchParams('context=[&mfa=false'))).toEqual({ mfa: false });
});
