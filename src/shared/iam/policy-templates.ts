import type { KeySpec, KeyUsage } from '../kms/enums.ts';
import { rootArn } from './arn.ts';
import { accountStatement } from './default-policy.ts';
import type { PolicyDocument, PolicyStatement } from './policy-document.ts';

/** What a template is made for, and what it asked. */
export interface TemplateAnswers {
  readonly accountId: string;
  readonly region: string;
  readonly keySpec: KeySpec;
  readonly keyUsage: KeyUsage;
  /** ARNs. */
  readonly administrators: readonly string[];
  readonly users: readonly string[];
  /** Another account's 12 digits. */
  readonly account: string;
  /** As `s3`. */
  readonly service: string;
  readonly contextName: string;
  readonly contextValue: string;
}

/** Something a template asks. */
export interface TemplateField {
  readonly name: 'administrators' | 'users' | 'account' | 'service' | 'contextName' | 'contextValue';
  readonly label: string;
  readonly line: string;
}

export interface PolicyTemplate {
  readonly name: string;
  readonly title: string;
  /** What it is for, in one sentence. */
  readonly line: string;
  readonly fields: readonly TemplateField[];
  /** Whether it only makes sense for symmetric encryption keys, which alone have an encryption context and AWS services that use them. */
  readonly symmetricOnly?: boolean;
  statements(answers: TemplateAnswers): readonly PolicyStatement[];
}

const ofPair: Readonly<Record<KeyUsage, readonly string[]>> = {
  ENCRYPT_DECRYPT: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:DescribeKey', 'kms:GetPublicKey'],
  SIGN_VERIFY: ['kms:Sign', 'kms:Verify', 'kms:DescribeKey', 'kms:GetPublicKey'],
  GENERATE_VERIFY_MAC: ['kms:GenerateMac', 'kms:VerifyMac', 'kms:DescribeKey'],
  KEY_AGREEMENT: ['kms:DeriveSharedSecret', 'kms:DescribeKey', 'kms:GetPublicKey'],
  ENCAPSULATE_DECAPSULATE: ['kms:Encapsulate', 'kms:Decapsulate', 'kms:DescribeKey', 'kms:GetPublicKey'],
};
const SYMMETRIC_USE = ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*'];

/** The actions of those who use a key, as AWS's console gives them. */
const useActions = ({ keySpec, keyUsage }: TemplateAnswers): string[] =>
  keySpec === 'SYMMETRIC_DEFAULT' ? [...SYMMETRIC_USE, 'kms:DescribeKey'] : [...ofPair[keyUsage]];

/** The actions of those who manage one, as AWS's console gives them. */
export const ADMINISTRATION: readonly string[] = [
  'kms:Create*',
  'kms:Describe*',
  'kms:Enable*',
  'kms:List*',
  'kms:Put*',
  'kms:Update*',
  'kms:Revoke*',
  'kms:Disable*',
  'kms:Get*',
  'kms:Delete*',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:ScheduleKeyDeletion',
  'kms:CancelKeyDeletion',
  'kms:RotateKeyOnDemand',
];

const allow = (Sid: string, AWS: string | readonly string[], Action: readonly string[]): PolicyStatement => ({
  Sid,
  Effect: 'Allow',
  Principal: { AWS: typeof AWS === 'string' ? AWS : [...AWS] },
  Action: [...Action],
  Resource: '*',
});

const administrators: TemplateField = {
  name: 'administrators',
  label: 'Key administrators',
  line: 'Users and roles that may manage the key, but not use it',
};
const users: TemplateField = { name: 'users', label: 'Key users', line: 'Users and roles that may use the key' };

export const policyTemplates: readonly PolicyTemplate[] = [
  {
    name: 'default',
    title: 'Default',
    line: 'The account may do everything, and its users and roles what their own policies allow.',
    fields: [],
    statements: ({ accountId }) => [accountStatement(accountId)],
  },
  {
    name: 'administrators-and-users',
    title: 'Administrators and users',
    line: 'Some manage the key, others use it, and nobody does both by accident.',
    fields: [administrators, users],
    statements: (answers) => [
      accountStatement(answers.accountId),
      allow('Key administrators', answers.administrators, ADMINISTRATION),
      allow('Key users', answers.users, useActions(answers)),
    ],
  },
  {
    name: 'cross-account',
    title: 'Another account',
    line: 'Another account may use the key; who in it may, its own policies say.',
    fields: [{ name: 'account', label: 'Account', line: 'The 12 digits of the other account' }],
    statements: (answers) => [
      accountStatement(answers.accountId),
      allow('Use by another account', rootArn(answers.account), useActions(answers)),
    ],
  },
  {
    name: 'via-service',
    title: 'Through one service only',
    line: 'Everyone in the account may use the key, but only by way of one AWS service.',
    fields: [{ name: 'service', label: 'Service', line: 'Its name, as s3' }],
    symmetricOnly: true,
    statements: (answers) => {
      const { accountId, region, service } = answers;
      const through = { 'kms:CallerAccount': accountId, 'kms:ViaService': `${service}.${region}.amazonaws.com` };
      return [
        accountStatement(accountId),
        { ...allow(`Use through ${service}`, '*', useActions(answers)), Condition: { StringEquals: through } },
      ];
    },
  },
  {
    name: 'mfa-for-deletion',
    title: 'Second factor for deletion',
    line: 'As the default, but nobody schedules the deletion of the key, or deletes material, without MFA.',
    fields: [],
    statements: ({ accountId }) => [
      accountStatement(accountId),
      {
        Sid: 'Deletion needs a second factor',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: ['kms:ScheduleKeyDeletion', 'kms:DeleteImportedKeyMaterial'],
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      },
    ],
  },
  {
    name: 'encryption-context',
    title: 'Bound to an encryption context',
    line: 'Some may use the key, but only for what carries one pair of the encryption context.',
    fields: [
      users,
      { name: 'contextName', label: 'Name of the pair', line: 'As app' },
      { name: 'contextValue', label: 'Value of the pair', line: 'As payroll' },
    ],
    symmetricOnly: true,
    statements: ({ accountId, users: AWS, contextName, contextValue }) => [
      accountStatement(accountId),
      {
        ...allow('Use for one context', AWS, SYMMETRIC_USE),
        Condition: { StringEquals: { [`kms:EncryptionContext:${contextName}`]: contextValue } },
      },
      allow('See the key', AWS, ['kms:DescribeKey']),
    ],
  },
];

/** Why an answer will not do, or null. */
export function answerProblem({ name }: TemplateField, answers: TemplateAnswers): string | null {
  const answer = answers[name];
  if (answer.length === 0) return 'This is needed.';
  if (name === 'account' && !/^\d{12}$/.test(answers.account)) return 'An account id has 12 digits.';
  if (name === 'service' && !/^[a-z][a-z0-9-]*$/.test(answers.service)) return 'A service is named as s3 or dynamodb.';
  return null;
}

export const fromTemplate = (template: PolicyTemplate, answers: TemplateAnswers): PolicyDocument => ({
  Version: '2012-10-17',
  Id: `key-${template.name}-1`,
  Statement: [...template.statements(answers)],
});
