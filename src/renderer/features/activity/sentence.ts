import type { OperationOutput } from '../../../shared/kms/operations.ts';

export type TrailEvent = OperationOutput<'LookupEvents'>['Events'][number];

/** What a call does: as something that was done, and as something that was tried. */
const said: Readonly<Record<string, readonly [done: string, tried: string]>> = {
  CreateKey: ['made a key', 'make a key'],
  DescribeKey: ['looked at a key', 'look at a key'],
  ListKeys: ['listed the keys', 'list the keys'],
  ListKeyOverviews: ['opened the list of keys', 'open the list of keys'],
  GetKeyOverview: ["opened a key's page", "open a key's page"],
  CreateAlias: ['gave a key an alias', 'give a key an alias'],
  UpdateAlias: ['moved an alias to another key', 'move an alias to another key'],
  DeleteAlias: ['deleted an alias', 'delete an alias'],
  ListAliases: ['listed the aliases', 'list the aliases'],
  TagResource: ['tagged a key', 'tag a key'],
  UntagResource: ["removed a key's tags", "remove a key's tags"],
  ListResourceTags: ["listed a key's tags", "list a key's tags"],
  EnableKey: ['enabled a key', 'enable a key'],
  DisableKey: ['disabled a key', 'disable a key'],
  ScheduleKeyDeletion: ['scheduled the deletion of a key', 'schedule the deletion of a key'],
  CancelKeyDeletion: ['cancelled the deletion of a key', 'cancel the deletion of a key'],
  UpdateKeyDescription: ["changed a key's description", "change a key's description"],
  Encrypt: ['encrypted data', 'encrypt data'],
  Decrypt: ['decrypted data', 'decrypt data'],
  ReEncrypt: ['re-encrypted data under another key', 're-encrypt data under another key'],
  GenerateDataKey: ['made a data key', 'make a data key'],
  GenerateDataKeyWithoutPlaintext: ['made a sealed data key', 'make a sealed data key'],
  GenerateRandom: ['drew random bytes', 'draw random bytes'],
  EnableKeyRotation: ['switched automatic rotation on', 'switch automatic rotation on'],
  DisableKeyRotation: ['switched automatic rotation off', 'switch automatic rotation off'],
  GetKeyRotationStatus: ["asked for a key's rotation", "ask for a key's rotation"],
  RotateKeyOnDemand: ['rotated a key', 'rotate a key'],
  ListKeyRotations: ["listed a key's rotations", "list a key's rotations"],
  RotateKey: ['rotated a key by its schedule', 'rotate a key by its schedule'],
  DeleteKey: ['deleted a key whose waiting time was over', 'delete a key whose waiting time was over'],
  GetKeyPolicy: ["read a key's policy", "read a key's policy"],
  SimulateAccess: ['asked whether calls would be allowed', 'ask whether calls would be allowed'],
  ListKeyAccess: ['asked who can use a key', 'ask who can use a key'],
  CreateAccessKey: ['made an access key', 'make an access key'],
  UpdateAccessKey: ['switched an access key', 'switch an access key'],
  DeleteAccessKey: ['deleted an access key', 'delete an access key'],
  ConsoleLogin: ['began to act in the window', 'act in the window'],
  SwitchRole: ['was taken on in the window', 'be taken on in the window'],
  CheckMfa: ['entered an MFA code', 'enter an MFA code'],
  CreateAccount: ['made an account', 'make an account'],
  DeleteAccount: ['deleted an account', 'delete an account'],
  CreateUser: ['made a user', 'make a user'],
  DeleteUser: ['deleted a user', 'delete a user'],
  PutUserPolicy: ["wrote a user's policy", "write a user's policy"],
  DeleteUserPolicy: ["deleted a user's policy", "delete a user's policy"],
  CreateRole: ['made a role', 'make a role'],
  DeleteRole: ['deleted a role', 'delete a role'],
  PutRolePolicy: ["wrote a role's policy", "write a role's policy"],
  DeleteRolePolicy: ["deleted a role's policy", "delete a role's policy"],
  UpdateAssumeRolePolicy: ['changed whom a role trusts', 'change whom a role trusts'],
  AssumeRole: ['took on a role', 'take on a role'],
  GetAccountAuthorizationDetails: ['looked at the people', 'look at the people'],
  ListAccessKeys: ['listed access keys', 'list access keys'],
  CreateVirtualMFADevice: ['made an MFA device', 'make an MFA device'],
  EnableMFADevice: ['added an MFA device', 'add an MFA device'],
  DeactivateMFADevice: ['removed an MFA device', 'remove an MFA device'],
  LookupEvents: ['read the activity', 'read the activity'],
  GetEvent: ['opened a record', 'open a record'],
  SummarizeEvents: ['summed the activity up', 'sum the activity up'],
};

/** `arn:aws:iam::111122223333:root` as a person calls it. */
export function principalName(arn: string): string {
  // Of an assumed role the role's name, not the session's.
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  return role ?? (/:root$/.test(arn) ? 'Root' : (arn.split(/[:/]/).at(-1) ?? arn));
}

/** A record as a plain sentence. */
export function sentenceOf(event: TrailEvent): string {
  const who = event.PrincipalArn.startsWith('arn:') ? principalName(event.PrincipalArn) : 'Coffer';
  const files = event.UserAgent.includes('(files)') ? ' for a file' : '';
  const [done, tried] = said[event.EventName] ?? [`called ${event.EventName}`, `call ${event.EventName}`];
  return event.ErrorCode ? `${who} tried to ${tried}${files}` : `${who} ${done}${files}`;
}
