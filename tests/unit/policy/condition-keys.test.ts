import { expect, it } from 'vitest';
import { valuedGlobalKeys } from '../../../src/main/policy/global-values.ts';
import { valuedKmsKeys } from '../../../src/main/policy/kms-values.ts';
import { requestContext } from '../../../src/main/policy/request-context.ts';
import { actionNames, actions } from '../../../src/shared/iam/actions.ts';
import { type ConditionKey, canHave, conditionKeyOf, conditionKeys } from '../../../src/shared/iam/condition-keys.ts';
import { iamOperations, isAccountOperation, isIamOperation } from '../../../src/shared/iam/operations.ts';
import { peopleActions } from '../../../src/shared/iam/people-actions.ts';
import { grantOperations } from '../../../src/shared/kms/enums.ts';
import { operations } from '../../../src/shared/kms/operations.ts';
import { callerOf, REGION } from './cases.ts';

it('has a value for every key that is not declared absent, and no other', () => {
  // What only requests of IAM and STS have, those give.
  const declared = conditionKeys
    .filter(({ name, absent }) => absent === undefined && !/^(iam|sts):/.test(name))
    .map(({ name }) => name.toLowerCase());
  expect([...valuedKmsKeys, ...valuedGlobalKeys].sort()).toEqual([...declared].sort());
});

it('knows keys whatever their case, and what follows a prefix', () => {
  expect(conditionKeyOf('KMS:viaservice')?.name).toBe('kms:ViaService');
  expect(conditionKeyOf('kms:EncryptionContext:aws:s3:arn')?.name).toBe('kms:EncryptionContext:');
  expect(conditionKeyOf('kms:EncryptionContextKeys')?.multiValued).toBe(true);
  expect(conditionKeyOf('aws:ResourceTag/a/b')?.type).toBe('String');
  for (const name of [
    'kms:EncryptionContext:',
    'kms:EncryptionContext',
    'aws:ResourceTag',
    'kms:Nothing',
    '',
    'constructor',
  ])
    expect([name, conditionKeyOf(name)]).toEqual([name, undefined]);
});

it('names actions that there are', () => {
  for (const { name, actions: of = [] } of conditionKeys)
    for (const action of of) {
      const isKnown = actions.has(action) || peopleActions.includes(action);
      expect([name, action, isKnown]).toEqual([name, action, true]);
    }
  for (const operation of grantOperations) expect([operation, actions.has(operation)]).toEqual([operation, true]);
  expect(new Set(actionNames).size).toBe(actionNames.length);
  // An operation is its own action but for these: both halves of one, and what the window reads by an action of AWS's.
  const others = [
    'ReEncrypt',
    'ListKeyOverviews',
    'GetKeyOverview',
    'GetKeyDependents',
    'SimulateAccess',
    'ListKeyAccess',
  ];
  const own = Object.keys(operations).filter((name) => !others.includes(name));
  expect(own.filter((name) => !actions.has(name))).toEqual([]);
});

it("knows an action of IAM's for each operation that is not the owner's alone, and STS's", () => {
  const names = Object.keys(iamOperations).filter((name) => isIamOperation(name) && !isAccountOperation(name));
  expect([...peopleActions].sort()).toEqual(
    [...names.map((name) => `iam:${name}`), 'sts:AssumeRole', 'sts:GetCallerIdentity', 'sts:GetSessionToken'].sort(),
  );
});

it('gives requests of IAM and STS the global keys and their own, none of KMS', () => {
  const carried = (action: string) =>
    conditionKeys.filter((key) => canHave(key, action)).flatMap(({ name }) => (name.startsWith('aws:') ? [] : [name]));
  expect(carried('sts:AssumeRole')).toEqual(['iam:ResourceTag/', 'sts:ExternalId', 'sts:RoleSessionName']);
  expect(carried('iam:GetUser')).toEqual(['iam:ResourceTag/']);
  expect(carried('iam:ListUsers')).toEqual([]);
  const has = (name: string, action: string) => canHave(conditionKeyOf(name) as ConditionKey, action);
  expect(has('aws:RequestTag/team', 'iam:CreateUser')).toBe(true);
  expect(has('aws:RequestTag/team', 'iam:GetUser')).toBe(false);
  expect(has('aws:MultiFactorAuthPresent', 'sts:AssumeRole')).toBe(true);
  expect(has('kms:ViaService', 'kms:Encrypt')).toBe(true);
});

it('gives a request only the keys of its action', () => {
  const caller = { ...callerOf('root'), region: REGION, sourceIp: 'coffer.local', userAgent: 'test' };
  const contextOf = (action: string, input: Record<string, unknown>) =>
    requestContext({ caller, now: 0, action, input, resourceAccountId: caller.accountId });
  const input = { PendingWindowInDays: 7, MacAlgorithm: 'HMAC_SHA_256', ValidTo: new Date(0), Operations: ['Sign'] };
  for (const key of conditionKeys.filter(({ name }) => !/[:/]$/.test(name)))
    for (const action of actionNames)
      if (!canHave(key, action)) expect(contextOf(action, input).get(key.name.toLowerCase())).toBeUndefined();
  const schedule = contextOf('kms:ScheduleKeyDeletion', input);
  expect(schedule.get('kms:schedulekeydeletionpendingwindowindays')).toEqual(['7']);
  expect(schedule.get('kms:macalgorithm')).toBeUndefined();
  expect(contextOf('kms:ImportKeyMaterial', input).get('kms:validto')).toEqual(['1970-01-01T00:00:00.000Z']);
  // A window is no address, and long-lived credentials say nothing of a second factor.
  expect(schedule.get('aws:sourceip')).toBeUndefined();
  expect(schedule.get('aws:multifactorauthpresent')).toBeUndefined();
  expect(schedule.get('aws:principaltype')).toEqual(['Account']);
  expect(schedule.get('aws:constructor')).toBeUndefined();
  expect(schedule.get('__proto__/x')).toBeUndefined();
});

it('asks for aliases and tags once, and only when a condition does', () => {
  let asked = 0;
  const key = {
    accountId: '111122223333',
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    multiRegion: null,
    createdAt: 0,
    lastUsed: null,
    aliases: () => {
      asked++;
      return ['alias/a'];
    },
    tags: () => ({}),
  };
  const caller = { ...callerOf('root'), region: REGION, sourceIp: '::1', userAgent: 'test' };
  const context = requestContext({ caller, now: 0, action: 'kms:Encrypt', input: {}, key, resourceAccountId: '1' });
  expect([context.get('kms:keyspec'), asked]).toEqual([['SYMMETRIC_DEFAULT'], 0]);
  expect(context.get('kms:resourcealiases')).toEqual(['alias/a']);
  expect([context.get('kms:resourcealiases'), asked]).toEqual([['alias/a'], 1]);
});
