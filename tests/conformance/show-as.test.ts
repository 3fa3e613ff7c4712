import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blobInFile, type Service, toSdk } from '../../src/renderer/lib/show-as.ts';
import { type NpmServe, npmServe } from './support/npm-serve.ts';
import {
  AWKWARD,
  asSent,
  byCli,
  bySdk,
  type Input,
  KEY,
  listening,
  policy,
  REGION,
  ROLE,
  shownInFolder,
} from './support/shown.ts';

/** What the window shows of one call, run by `sh` with the AWS CLI and by Node with the SDK. */

shownInFolder();

const rows: [Service, string, Input][] = [
  ['kms', 'CreateKey', { Description: AWKWARD, MultiRegion: false, Tags: [{ TagKey: 'a', TagValue: 'b' }] }],
  ['kms', 'CreateKey', { Description: '-one', MultiRegion: true, Policy: policy('Mine') }],
  ['kms', 'CreateKey', { Description: '--no-sign-request' }],
  ['kms', 'UpdateKeyDescription', { KeyId: KEY, Description: '' }],
  ['kms', 'UpdateKeyDescription', { KeyId: KEY, Description: 'file:///etc/hostname' }],
  ['kms', 'UpdateKeyDescription', { KeyId: 'fileb://nothing', Description: 'http://coffer.invalid/' }],
  ['kms', 'UpdateKeyDescription', { KeyId: KEY, Description: 'https://coffer.invalid/' }],
  ['kms', 'UpdateKeyDescription', { KeyId: KEY, Description: '{"not": "parsed"}' }],
  ['kms', 'CreateKey', { Description: undefined, KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }],
  ['kms', 'CreateAlias', { AliasName: 'alias/papers-2026/a_b', TargetKeyId: KEY }],
  ['kms', 'PutKeyPolicy', { KeyId: KEY, PolicyName: 'default', Policy: policy(AWKWARD) }],
  [
    'kms',
    'TagResource',
    {
      KeyId: KEY,
      Tags: [
        { TagKey: 'mail', TagValue: 'ada@example.com' },
        { TagKey: 'two words', TagValue: '' },
        { TagKey: '-x', TagValue: '=,=' },
      ],
    },
  ],
  ['kms', 'TagResource', { KeyId: KEY, Tags: [{ TagKey: 'a@b', TagValue: 'c/d:e+f-1' }] }],
  ['kms', 'TagResource', { KeyId: KEY, Tags: [] }],
  ['kms', 'UntagResource', { KeyId: KEY, TagKeys: ['team', 'cost:centre'] }],
  ['kms', 'UntagResource', { KeyId: KEY, TagKeys: ['-x', 'two words', AWKWARD] }],
  ['kms', 'UntagResource', { KeyId: KEY, TagKeys: ['[x]'] }],
  ['kms', 'UntagResource', { KeyId: KEY, TagKeys: ['file://x'] }],
  ['kms', 'UntagResource', { KeyId: KEY, TagKeys: [] }],
  [
    'kms',
    'CreateGrant',
    {
      KeyId: KEY,
      GranteePrincipal: ROLE,
      Operations: ['Decrypt', 'GenerateDataKey'],
      Constraints: { EncryptionContextSubset: { place: AWKWARD } },
      Name: 'a/b_c:d-e',
    },
  ],
  ['kms', 'CreateGrant', { KeyId: KEY, GranteePrincipal: ROLE, Operations: ['Decrypt'], DryRun: true }],
  ['kms', 'RevokeGrant', { KeyId: KEY, GrantId: '0123456789abcdef'.repeat(4), DryRun: false }],
  ...(
    [
      { purpose: 'letters', 'a:b/c.d-e_f': '1' },
      { 'mail@home': 'x', 'a+b': '100%' },
      { 'at@': 'file:///etc/hostname' },
      { 'file://x': '1' },
      { '-x': '1' },
      { true: 'false', '1': '2' },
      { [AWKWARD]: AWKWARD },
      { list: '[1]', map: '{}', empty: '' },
      {},
    ] as const
  ).map(
    (EncryptionContext) =>
      ['kms', 'Encrypt', { KeyId: KEY, Plaintext: Buffer.from(AWKWARD), EncryptionContext }] satisfies [
        Service,
        string,
        Input,
      ],
  ),
  ['kms', 'Encrypt', { KeyId: KEY, Plaintext: Buffer.alloc(600, 7) }],
  ['kms', 'Encrypt', { KeyId: KEY, Plaintext: Uint8Array.of(0xff, 0xfe, 0, 0x0a) }],
  ['kms', 'GenerateRandom', { NumberOfBytes: 32 }],
  [
    'kms',
    'Verify',
    {
      KeyId: KEY,
      Message: blobInFile,
      MessageType: 'RAW',
      Signature: Buffer.alloc(700, 9),
      SigningAlgorithm: 'ML_DSA_SHAKE_256',
    },
  ],
  [
    'kms',
    'ImportKeyMaterial',
    {
      KeyId: KEY,
      ImportToken: blobInFile,
      EncryptedKeyMaterial: Buffer.alloc(513, 3),
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
      ValidTo: new Date('2027-01-02T03:04:05Z'),
    },
  ],
  [
    'kms',
    'CreateCustomKeyStore',
    {
      CustomKeyStoreName: 'The vault downstairs',
      CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
      XksProxyConnectivity: 'PUBLIC_ENDPOINT',
      XksProxyUriEndpoint: 'https://proxy.invalid',
      XksProxyUriPath: '/kms/xks/v1',
      XksProxyAuthenticationCredential: { AccessKeyId: 'ABCDEFGHIJKLMNOPQRST', RawSecretAccessKey: 'a/b+c='.repeat(8) },
    },
  ],
  ['kms', 'ListKeyRotations', { KeyId: KEY, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }],
  [
    'cloudtrail',
    'LookupEvents',
    {
      LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue: `arn:aws:kms:${REGION}:111122223333:key/a` }],
      StartTime: new Date('2026-01-02T03:04:05Z'),
    },
  ],
  ['iam', 'CreateRole', { RoleName: 'reader', Description: AWKWARD, AssumeRolePolicyDocument: policy('Trust') }],
  ['iam', 'PutUserPolicy', { UserName: 'ada+b=c,d@e', PolicyName: 'Mine', PolicyDocument: policy(AWKWARD) }],
  ['iam', 'TagUser', { UserName: 'ada', Tags: [{ Key: 'team', Value: 'blue' }] }],
  [
    'iam',
    'EnableMFADevice',
    {
      UserName: 'ada',
      SerialNumber: 'arn:aws:iam::111122223333:mfa/ada',
      AuthenticationCode1: '012345',
      AuthenticationCode2: '678901',
    },
  ],
  [
    'iam',
    'ResyncMFADevice',
    {
      UserName: 'ada',
      SerialNumber: 'arn:aws:iam::111122223333:mfa/ada',
      AuthenticationCode1: '012345',
      AuthenticationCode2: '678901',
    },
  ],
  ['iam', 'DeactivateMFADevice', { UserName: 'ada', SerialNumber: 'arn:aws:iam::111122223333:mfa/ada' }],
  ['iam', 'UpdateAccessKey', { UserName: 'ada', AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', Status: 'Inactive' }],
  ['iam', 'UpdateAccessKey', { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', Status: 'Active' }],
  ['iam', 'CreateAccessKey', {}],
  ['iam', 'DeleteAccessKey', { UserName: 'ada', AccessKeyId: 'AKIAIOSFODNN7EXAMPLE' }],
  ['iam', 'DeactivateMFADevice', { SerialNumber: 'arn:aws:iam::111122223333:mfa/root-phone' }],
  ['iam', 'DeleteVirtualMFADevice', { SerialNumber: 'arn:aws:iam::111122223333:mfa/ada' }],
  ['iam', 'CreateVirtualMFADevice', { VirtualMFADeviceName: 'ada-phone' }],
  ['iam', 'ListMFADevices', {}],
  ['iam', 'GetAccountAuthorizationDetails', {}],
  ['iam', 'UntagRole', { RoleName: 'reader', TagKeys: ['team', 'two words'] }],
  ['iam', 'DeleteUserPolicy', { UserName: 'ada', PolicyName: 'Mine' }],
  ['iam', 'DeleteUser', { UserName: 'ada' }],
  ['organizations', 'CreateAccount', { Email: 'NAME@example.com', AccountName: 'NAME' }],
  ['organizations', 'CloseAccount', { AccountId: '111122223333' }],
  ['sts', 'GetSessionToken', { SerialNumber: 'arn:aws:iam::111122223333:mfa/ada', TokenCode: '012345' }],
  ['sts', 'AssumeRole', { RoleArn: ROLE, RoleSessionName: 'my-session' }],
  ['iam', 'UpdateRole', { RoleName: 'reader', MaxSessionDuration: 7200 }],
  [
    'iam',
    'SimulatePrincipalPolicy',
    {
      PolicySourceArn: ROLE,
      ActionNames: ['kms:Decrypt', 'kms:Encrypt'],
      ResourceArns: [`arn:aws:kms:${REGION}:111122223333:key/a`],
      ResourcePolicy: policy('Key'),
      PolicyInputList: [policy('One')],
      ContextEntries: [
        { ContextKeyName: 'aws:SourceIp', ContextKeyType: 'ip', ContextKeyValues: ['10.0.0.1'] },
        { ContextKeyName: 'kms:ViaService', ContextKeyType: 'string', ContextKeyValues: [AWKWARD] },
      ],
    },
  ],
];

describe('what is shown asks for what the window asks for', () => {
  const listener = listening();

  it.each(rows)('by the AWS CLI: %s %s %#', async (service, operation, input) => {
    await byCli(operation, input, service, listener.url, listener.env);
    expect(listener.arrived.at(-1)).toEqual({ operation, input: asSent(service, input) });
  });

  it("is bound to IAM's one place", () => {
    const calls = [{ operation: 'DeleteUser', input: { UserName: 'ada' }, service: 'iam' as const }];
    expect(toSdk(calls, { region: '' })).toContain(`new IAMClient({ region: 'us-east-1' })`);
  });

  const installed = rows.filter(([service]) => service === 'kms' || service === 'sts');
  it.each(installed)('by the SDK: %s %s %#', async (service, operation, input) => {
    await bySdk(operation, input, service, listener.url, listener.env);
    expect(listener.arrived.at(-1)).toEqual({ operation, input: asSent(service, input) });
  });
});

describe.each([
  ['AWS CLI', byCli],
  ['SDK', bySdk],
])('what is shown for the %s does the same at the endpoint', (_way, by) => {
  let serve: NpmServe;
  // It may have to build first.
  beforeAll(async () => {
    serve = await npmServe();
  }, 300_000);
  afterAll(() => serve?.stop());
  const kms = (operation: string, input: Input) => by(operation, input, 'kms', serve.url, serve.env);
  const bytes = (text: string) => Buffer.from(text, 'base64');

  it('makes, describes, tags and shares a key', async () => {
    const { KeyMetadata } = await kms('CreateKey', {
      Description: AWKWARD,
      Tags: [{ TagKey: 'two words', TagValue: 'a=b' }],
    });
    const { KeyId } = KeyMetadata;
    expect(KeyMetadata.Description).toBe(AWKWARD);
    await kms('UpdateKeyDescription', { KeyId, Description: 'file:///etc/hostname' });
    expect((await kms('DescribeKey', { KeyId })).KeyMetadata.Description).toBe('file:///etc/hostname');
    await kms('TagResource', { KeyId, Tags: [{ TagKey: '-x', TagValue: '' }] });
    await kms('UntagResource', { KeyId, TagKeys: ['two words'] });
    expect((await kms('ListResourceTags', { KeyId })).Tags).toEqual([{ TagKey: '-x', TagValue: '' }]);

    const { Policy } = await kms('GetKeyPolicy', { KeyId, PolicyName: 'default' });
    // Key policies are Latin-1.
    const Id = AWKWARD.replaceAll(/[^\x20-\xff]/g, 'é');
    const Written = JSON.stringify({ ...JSON.parse(Policy), Id }, null, 2);
    await kms('PutKeyPolicy', { KeyId, PolicyName: 'default', Policy: Written });
    expect((await kms('GetKeyPolicy', { KeyId, PolicyName: 'default' })).Policy).toBe(Written);

    const Constraints = { EncryptionContextSubset: { [AWKWARD]: AWKWARD } };
    const GranteePrincipal = `arn:aws:iam::${KeyMetadata.AWSAccountId}:root`;
    await kms('CreateGrant', { KeyId, GranteePrincipal, Operations: ['Decrypt', 'Encrypt'], Constraints });
    expect((await kms('ListGrants', { KeyId })).Grants).toMatchObject([{ Constraints }]);
  });

  it('encrypts and decrypts, signs and verifies bytes of any kind', async () => {
    const { KeyId } = (await kms('CreateKey', {})).KeyMetadata;
    for (const Plaintext of [Buffer.from(AWKWARD), Uint8Array.of(0xff, 0, 0x0a), Buffer.alloc(600, 7)]) {
      const EncryptionContext = { 'at@': 'file:///etc/hostname', [AWKWARD]: AWKWARD };
      const sealed = await kms('Encrypt', { KeyId, Plaintext, EncryptionContext });
      const CiphertextBlob = bytes(sealed.CiphertextBlob);
      const opened = await kms('Decrypt', { CiphertextBlob, EncryptionContext });
      expect(bytes(opened.Plaintext)).toEqual(Buffer.from(Plaintext));
    }
    const pair = await kms('CreateKey', { KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' });
    const signing = {
      KeyId: pair.KeyMetadata.KeyId,
      Message: Buffer.alloc(4096, AWKWARD),
      MessageType: 'RAW',
      SigningAlgorithm: 'RSASSA_PSS_SHA_512',
    };
    const { Signature } = await kms('Sign', signing);
    expect(await kms('Verify', { ...signing, Signature: bytes(Signature) })).toMatchObject({ SignatureValid: true });
  });
});
