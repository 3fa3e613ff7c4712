import type { IamInput, IamOperationName } from '../../src/shared/iam/operations.ts';
import type { OperationInput } from '../../src/shared/kms/operations.ts';
import { policyOf } from './people.ts';

interface DemoKey extends OperationInput<'CreateKey'> {
  readonly alias?: string;
  readonly rotationDays?: number;
  /** Of a key of origin EXTERNAL: whether its material, when there is any, expires. */
  readonly material?: 'stays' | 'expires';
}

/** Who the keys of the account may be used by, beside what its people's own policies say. */
const withDeployer = (account: string): string =>
  policyOf(
    {
      Sid: 'Enable IAM User Permissions',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'kms:*',
      Resource: '*',
    },
    {
      Sid: 'Releases are signed by the deployer',
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:role/Deployer` },
      Action: ['kms:Sign', 'kms:Verify', 'kms:GetPublicKey'],
      Resource: '*',
    },
  );

/** The keys of the demonstration vault, in the order they are made. */
export function demoKeys(account: string): readonly DemoKey[] {
  const Policy = withDeployer(account);
  const tag = (TagKey: string, TagValue: string) => ({ TagKey, TagValue });
  return [
    { alias: 'family', Description: 'Letters and photos', Tags: [tag('home', 'yes')], rotationDays: 180 },
    { alias: 'tax-papers', Description: 'What the tax office may ask for', rotationDays: 365 },
    {
      alias: 'orders',
      Description: 'Orders of the shop',
      MultiRegion: true,
      Tags: [tag('team', 'shop'), tag('stage', 'production')],
      rotationDays: 120,
    },
    { alias: 'staging', Description: 'Orders of the test shop', Tags: [tag('team', 'shop'), tag('stage', 'test')] },
    { alias: 'sessions', KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC', Tags: [tag('team', 'shop')] },
    {
      alias: 'releases',
      KeySpec: 'ECC_NIST_P256',
      KeyUsage: 'SIGN_VERIFY',
      Description: 'Signs what we ship',
      Policy,
    },
    { alias: 'letters', KeySpec: 'ECC_NIST_EDWARDS25519', KeyUsage: 'SIGN_VERIFY' },
    { alias: 'inbox', KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT', Description: 'Others write to us' },
    { alias: 'handshake', KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' },
    { alias: 'after-quantum', KeySpec: 'ML_DSA_65', KeyUsage: 'SIGN_VERIFY' },
    { alias: 'lattice', KeySpec: 'ML_KEM_768', KeyUsage: 'ENCAPSULATE_DECAPSULATE' },
    { alias: 'heirloom', Origin: 'EXTERNAL', Description: 'Material from the safe', material: 'expires' },
    { alias: 'to-be-imported', Origin: 'EXTERNAL' },
    { alias: 'old-laptop', Description: 'Backups of a laptop that is gone' },
    {
      alias: 'projects/2026/a-very-long-name-that-somebody-chose-because-aliases-may-have-256-characters',
      Description:
        'A long description, as people write them when a field lets them: what it is for, who asked for it, and when.',
    },
    { Description: 'No alias yet' },
  ];
}

type DemoCall = { [N in IamOperationName]: readonly [N, IamInput<N>] }[IamOperationName];

/** The calls that make the people of the demonstration vault. */
export function demoPeople(account: string, other: string): readonly DemoCall[] {
  const allow = (Action: string | string[], more: object = {}) => ({ Effect: 'Allow', Action, Resource: '*', ...more });
  const use = ['kms:Encrypt', 'kms:Decrypt', 'kms:GenerateDataKey*', 'kms:DescribeKey', 'kms:ListAliases'];
  return [
    ['CreateAccount', { AccountId: other }],
    ['CreateUser', { UserName: 'ada', Tags: [{ Key: 'team', Value: 'shop' }] }],
    ['PutUserPolicy', { UserName: 'ada', PolicyName: 'UseKeys', PolicyDocument: policyOf(allow(use)) }],
    ['CreateUser', { UserName: 'grace' }],
    [
      'PutUserPolicy',
      {
        UserName: 'grace',
        PolicyName: 'ReadOnly',
        PolicyDocument: policyOf(allow(['kms:Describe*', 'kms:List*', 'kms:Get*'])),
      },
    ],
    [
      'CreateRole',
      {
        RoleName: 'Deployer',
        AssumeRolePolicyDocument: policyOf({
          Effect: 'Allow',
          Principal: { AWS: `arn:aws:iam::${account}:user/ada` },
          Action: 'sts:AssumeRole',
        }),
      },
    ],
    [
      'PutRolePolicy',
      {
        RoleName: 'Deployer',
        PolicyName: 'Sessions',
        PolicyDocument: policyOf(allow(['kms:GenerateMac', 'kms:VerifyMac'])),
      },
    ],
  ];
}
