import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compilePolicy } from '../../../src/main/policy/compile.ts';
import { decide, type GrantParties } from '../../../src/main/policy/decide.ts';
import { parsePolicy } from '../../../src/main/policy/document.ts';
import { type GrantConstraints, type GrantTerms, grantAllows } from '../../../src/main/policy/grants.ts';
import { isPrincipalArn, isServicePrincipal } from '../../../src/main/policy/principals.ts';
import { givenContext } from '../../../src/main/policy/request-context.ts';
import { namesOf, principalName } from '../../../src/shared/iam/arn.ts';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';

const IT = { Department: 'IT' };
const FULL = { Department: 'IT', Purpose: 'Test' };
const grant = (constraints?: GrantConstraints): GrantTerms => ({
  operations: ['Decrypt', 'DescribeKey', 'CreateGrant'],
  constraints,
});
const decrypts = (terms: GrantTerms, encryptionContext?: Record<string, string>) =>
  grantAllows(terms, { action: 'kms:Decrypt', encryptionContext });

it('allows the operations it names and no other', () => {
  expect(decrypts(grant())).toBe(true);
  for (const action of ['kms:Encrypt', 'kms:ReEncryptFrom', 'Decrypt', 'kms:decrypt', 'kms:*', 'kms:PutKeyPolicy'])
    expect(grantAllows(grant(), { action })).toBe(false);
});

it('holds the encryption context against its constraint', () => {
  const subset = grant({ EncryptionContextSubset: IT });
  const equals = grant({ EncryptionContextEquals: IT });
  expect([decrypts(subset, IT), decrypts(subset, FULL), decrypts(equals, { ...IT })]).toEqual([true, true, true]);
  expect(decrypts(equals, FULL)).toBe(false);
  for (const terms of [subset, equals])
    for (const context of [undefined, {}, { department: 'IT' }, { Department: 'it' }, { Department: 'Finance' }])
      expect(decrypts(terms, context)).toBe(false);
  expect(decrypts(grant({ EncryptionContextEquals: {} }))).toBe(true);
  expect(decrypts(grant({ EncryptionContextEquals: {} }), IT)).toBe(false);
  expect(decrypts(grant({ EncryptionContextSubset: JSON.parse('{"__proto__": "x"}') }), {})).toBe(false);
  expect(grantAllows(equals, { action: 'kms:DescribeKey' })).toBe(true);
});

it('holds the resource a service acts for against its constraint', () => {
  const terms = grant({ SourceArn: 'arn:aws:s3:::a' });
  expect(decrypts(terms)).toBe(false);
  for (const [sourceArn, allowed] of [
    ['arn:aws:s3:::a', true],
    ['arn:aws:s3:::b', false],
  ] as const)
    for (const action of ['kms:Decrypt', 'kms:DescribeKey'])
      expect(grantAllows(terms, { action, sourceArn })).toBe(allowed);
});

it('gives on no more than it holds', () => {
  const sourceArn = 'arn:aws:s3:::a';
  const gives = (parent: GrantTerms, child: GrantTerms) =>
    grantAllows(parent, { action: 'kms:CreateGrant', sourceArn, child });
  const decrypt = (constraints?: GrantConstraints): GrantTerms => ({ operations: ['Decrypt'], constraints });
  expect(gives(grant(), decrypt())).toBe(true);
  expect(gives(grant(), { operations: ['Decrypt', 'Encrypt'] })).toBe(false);
  expect(gives({ operations: ['Decrypt'] }, decrypt())).toBe(false);
  expect(grantAllows(grant(), { action: 'kms:CreateGrant' })).toBe(false);
  const subset = grant({ EncryptionContextSubset: IT });
  const equals = grant({ EncryptionContextEquals: IT });
  const cases: [GrantTerms, GrantConstraints | undefined, boolean][] = [
    [subset, undefined, false],
    [subset, { EncryptionContextSubset: IT }, true],
    [subset, { EncryptionContextSubset: FULL }, true],
    [subset, { EncryptionContextSubset: { Purpose: 'Test' } }, false],
    [subset, { EncryptionContextEquals: FULL }, true],
    [subset, { EncryptionContextEquals: {} }, false],
    [equals, { EncryptionContextEquals: IT }, true],
    [equals, { EncryptionContextEquals: FULL }, false],
    [equals, { EncryptionContextSubset: IT }, false],
    [grant({ SourceArn: 'arn:aws:s3:::a' }), undefined, false],
    [grant({ SourceArn: 'arn:aws:s3:::a' }), { SourceArn: 'arn:aws:s3:::a' }, true],
  ];
  for (const [parent, constraints, allowed] of cases)
    expect([parent, constraints, gives(parent, decrypt(constraints))]).toEqual([parent, constraints, allowed]);
});

it('never lets a child do what its parent may not', () => {
  const context = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { noNullPrototype: true });
  const constraints = fc.oneof(
    fc.constant(undefined),
    fc.record({ EncryptionContextSubset: context }),
    fc.record({ EncryptionContextEquals: context }),
  );
  fc.assert(
    fc.property(constraints, constraints, context, (outer, inner, request) => {
      const child: GrantTerms = { operations: ['Decrypt'], constraints: inner };
      if (grantAllows(grant(outer), { action: 'kms:CreateGrant', child }) && decrypts(child, request))
        expect(decrypts(grant(outer), request)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

it('knows principals by form', () => {
  for (const resource of ['root', 'user/ann', 'role/app/Reader', 'user/a/b/c@d.e'])
    expect(isPrincipalArn(`arn:aws:iam::111122223333:${resource}`)).toBe(true);
  expect(isPrincipalArn('arn:aws:sts::111122223333:assumed-role/R/s')).toBe(true);
  expect(isPrincipalArn('arn:aws:sts::111122223333:federated-user/bob')).toBe(true);
  for (const text of [
    '111122223333',
    '*',
    's3.amazonaws.com',
    'arn:aws:iam::111122223333:group/g',
    'arn:aws:iam::111122223333:user/',
    'arn:aws:iam::111122223333:user/*',
    'arn:aws:iam::1111:root',
    'arn:aws:iam:us-east-1:111122223333:root',
    'arn:aws:sts::111122223333:assumed-role/R',
    'arn:aws:kms::111122223333:key/x',
    'arn:aws-cn:iam::111122223333:root',
  ])
    expect([text, isPrincipalArn(text)]).toEqual([text, false]);
  expect(
    ['s3.amazonaws.com', 'dynamodb.eu-central-1.amazonaws.com', 'amazonaws.com', 'x'].map(isServicePrincipal),
  ).toEqual([true, true, false, false]);
  expect(principalName('arn:aws:iam::111122223333:role/app/team/Reader')).toBe('arn:aws:iam::111122223333:role/Reader');
  expect(namesOf('arn:aws:sts::111122223333:assumed-role/Reader/s')).toEqual([
    'arn:aws:sts::111122223333:assumed-role/Reader/s',
    'arn:aws:iam::111122223333:role/Reader',
  ]);
});

it('lets only a grant’s own principals retire it', () => {
  const parties: GrantParties = {
    id: 'g',
    issuer: '111122223333',
    grantee: 'arn:aws:iam::111122223333:user/ann',
    retiring: 'arn:aws:iam::444455556666:role/Janitor',
    terms: { operations: ['Decrypt'] },
  };
  const key = compilePolicy(parsePolicy(defaultKeyPolicy('999900001111')), 'resource', 'default');
  const retires = (principalArn: string, of = parties) =>
    decide(
      {
        principalArn,
        accountId: principalArn.split(':')[4] ?? '',
        action: 'kms:RetireGrant',
        resource: 'arn:aws:kms:eu-central-1:999900001111:key/x',
        resourceAccountId: '999900001111',
        context: givenContext({}),
      },
      { key, retires: of },
    ).allowed;
  expect(retires('arn:aws:iam::111122223333:root')).toBe(true);
  expect(retires('arn:aws:sts::444455556666:assumed-role/Janitor/now')).toBe(true);
  expect(retires(parties.grantee)).toBe(false);
  expect(retires(parties.grantee, { ...parties, terms: { operations: ['RetireGrant'] } })).toBe(true);
  // The key's account did not make the grant: it may revoke, not retire.
  expect(retires('arn:aws:iam::999900001111:root')).toBe(false);
  expect(retires('arn:aws:iam::444455556666:root', { ...parties, retiring: null })).toBe(false);
});
