import { expect, it } from 'vitest';
import { plain, sentenceOf } from '../../../src/renderer/features/access/policy/sentence.ts';
import { cases, KEY } from '../policy/cases.ts';

const ACCOUNT = '111122223333';
const facts = { accountId: ACCOUNT, keyArn: KEY };
const base = { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'kms:*', Resource: '*' };

function said(change: object): string[] {
  const sentence = sentenceOf({ ...base, ...change }, facts);
  return sentence ? [plain(sentence.main), ...sentence.conditions.map(plain)] : [];
}

it('says statements in words', () => {
  for (const [change, ...sentences] of [
    [{}, 'Allow this account, and whomever its own policies allow, to do everything (kms:*) with this key'],
    [
      {
        Effect: 'Deny',
        Principal: { AWS: ['*'] },
        Action: ['kms:Encrypt', 'kms:Decrypt'],
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': false } },
      },
      'Deny everyone to do kms:Encrypt and kms:Decrypt with this key, when',
      'aws:MultiFactorAuthPresent is false, if the request has it',
    ],
    [
      {
        Principal: {
          AWS: [`arn:aws:iam::${ACCOUNT}:user/team/ann`, 'arn:aws:sts::444455556666:assumed-role/Reader/s'],
          Service: 's3.amazonaws.com',
        },
        Action: 'kms:Sign',
        Resource: KEY,
      },
      'Allow user ann, role Reader in session s of account 444455556666 and the service s3.amazonaws.com to do kms:Sign with this key',
    ],
    [
      {
        Effect: 'Deny',
        Principal: undefined,
        NotPrincipal: { AWS: ACCOUNT },
        Action: undefined,
        NotAction: ['kms:Get*'],
      },
      'Deny everyone but everyone in this account to do everything but kms:Get* with this key',
    ],
    [
      {
        Condition: {
          StringEquals: { 'kms:ViaService': ['a', 'b', 'c'] },
          'ForAllValues:StringNotLike': { 'kms:ResourceAliases': 'alias/x*' },
          NumericLessThanEquals: { 'kms:RotationPeriodInDays': 365 },
          DateLessThan: { 'aws:CurrentTime': '2027-01-01' },
          NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' },
          Null: { 'kms:EncryptionContext:app': 'false' },
        },
      },
      'Allow this account, and whomever its own policies allow, to do everything (kms:*) with this key, when all of this holds',
      'kms:ViaService is a, b or c',
      'every value of kms:ResourceAliases is not like alias/x*',
      'kms:RotationPeriodInDays is at most 365',
      'aws:CurrentTime is before 2027-01-01',
      'aws:SourceIp is not in 10.0.0.0/8',
      'the request has kms:EncryptionContext:app',
    ],
    [{ Effect: 'allow' }],
  ] as const)
    expect(said(change)).toEqual(sentences);
});

it('has words for every statement of the decision cases', () => {
  for (const each of cases)
    for (const statement of [each.key, each.user, each.user2].flatMap((statements) => statements ?? []))
      expect([each.name, sentenceOf(statement as never, facts)]).toEqual([each.name, expect.anything()]);
});
