import { ADMINISTRATION } from '../../../shared/iam/policy-templates.ts';

/** Policies that most users and roles begin with. */
export interface Template {
  readonly id: string;
  readonly title: string;
  /** What it lets somebody do. */
  readonly line: string;
  /** The name the policy gets. */
  readonly policyName: string;
  readonly document: string;
}

const allow = (Sid: string, Action: readonly string[]) => ({ Sid, Effect: 'Allow', Action, Resource: '*' });

const text = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement }, null, 2);

/** What the window itself reads, so that its lists are not empty for whoever acts in it. */
const lists = ['kms:ListKeys', 'kms:ListAliases', 'kms:DescribeKey'];

export const templates: readonly Template[] = [
  {
    id: 'use',
    title: 'Use keys',
    line: 'Encrypt, decrypt, sign and make data keys with every key whose policy lets the account decide.',
    policyName: 'UseKeys',
    document: text(
      allow('UseKeys', [
        'kms:Encrypt',
        'kms:Decrypt',
        'kms:ReEncrypt*',
        'kms:GenerateDataKey*',
        'kms:GenerateMac',
        'kms:VerifyMac',
        'kms:Sign',
        'kms:Verify',
        'kms:GetPublicKey',
      ]),
      allow('SeeKeys', lists),
    ),
  },
  {
    id: 'administer',
    title: 'Administer keys',
    line: 'Make, change, rotate and delete keys, and say who may use them; not use them.',
    policyName: 'AdministerKeys',
    document: text(allow('AdministerKeys', ADMINISTRATION)),
  },
  {
    id: 'read',
    title: 'Read only',
    line: 'See keys, their policies, rotation and the activity; change and use nothing.',
    policyName: 'ReadOnly',
    document: text(
      allow('ReadOnly', [
        'kms:Describe*',
        'kms:GetKey*',
        'kms:GetPublicKey',
        'kms:List*',
        'kms:LookupEvents',
        'kms:GetEvent',
        'kms:SummarizeEvents',
      ]),
    ),
  },
  {
    id: 'all',
    title: 'All of KMS',
    line: 'Everything with every key whose policy lets the account decide.',
    policyName: 'AllOfKMS',
    document: text(allow('AllOfKMS', ['kms:*'])),
  },
];
