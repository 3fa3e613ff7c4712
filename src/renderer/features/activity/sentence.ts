import type { OperationOutput } from '../../../shared/kms/operations.ts';

export type TrailEvent = OperationOutput<'LookupEvents'>['Events'][number];

const said: Readonly<Record<string, string>> = {
  CreateKey: 'made a key',
  DescribeKey: 'looked at a key',
  ListKeys: 'listed the keys',
  ListKeyOverviews: 'opened the list of keys',
  GetKeyOverview: "opened a key's page",
  CreateAlias: 'gave a key an alias',
  UpdateAlias: 'moved an alias to another key',
  DeleteAlias: 'deleted an alias',
  ListAliases: 'listed the aliases',
  TagResource: 'tagged a key',
  UntagResource: "removed a key's tags",
  ListResourceTags: "listed a key's tags",
  EnableKey: 'enabled a key',
  DisableKey: 'disabled a key',
  ScheduleKeyDeletion: 'scheduled the deletion of a key',
  CancelKeyDeletion: 'cancelled the deletion of a key',
  UpdateKeyDescription: "changed a key's description",
  Encrypt: 'encrypted data',
  Decrypt: 'decrypted data',
  ReEncrypt: 're-encrypted data under another key',
  GenerateDataKey: 'made a data key',
  GenerateDataKeyWithoutPlaintext: 'made a sealed data key',
  GenerateRandom: 'drew random bytes',
  EnableKeyRotation: 'switched automatic rotation on',
  DisableKeyRotation: 'switched automatic rotation off',
  GetKeyRotationStatus: "asked for a key's rotation",
  RotateKeyOnDemand: 'rotated a key',
  ListKeyRotations: "listed a key's rotations",
  RotateKey: 'rotated a key by its schedule',
  DeleteKey: 'deleted a key whose waiting time was over',
  GetKeyPolicy: "read a key's policy",
  LookupEvents: 'read the activity',
  GetEvent: 'opened a record',
  SummarizeEvents: 'summed the activity up',
};

/** `arn:aws:iam::111122223333:root` as a person calls it. */
export function principalName(arn: string): string {
  return /:root$/.test(arn) ? 'Root' : (arn.split(/[:/]/).at(-1) ?? arn);
}

/** A record as a plain sentence. */
export function sentenceOf(event: TrailEvent): string {
  const who = event.PrincipalArn.startsWith('arn:') ? principalName(event.PrincipalArn) : 'Coffer';
  const files = event.UserAgent.includes('(files)') ? ' for a file' : '';
  const what = said[event.EventName] ?? `called ${event.EventName}`;
  return event.ErrorCode ? `${who} tried and was refused: ${what}${files}` : `${who} ${what}${files}`;
}
