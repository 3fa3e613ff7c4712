import { keyArn } from '../../shared/iam/arn.ts';
import { defaultKeyPolicy } from '../../shared/iam/default-policy.ts';
import type { KeySpec, KeyUsage } from '../../shared/kms/enums.ts';
import type { AuditEntry, AuditLog } from '../audit/types.ts';
import type { KeyRecord } from './key-rows.ts';
import { metadataOf } from './keys.ts';
import { countKey, insertKey, makeLine } from './new-key.ts';
import type { Context } from './operation.ts';
import { toRecord } from './recorded.ts';
import { addTags } from './tags.ts';

/** A key whose id and material are given. */
export interface GivenKey {
  readonly keyId: string;
  readonly spec: KeySpec;
  readonly usage: KeyUsage;
  readonly description: string;
  readonly tags: readonly { readonly TagKey: string; readonly TagValue: string }[];
  /** Of the form `generateMaterial` gives; overwritten with zeros. */
  readonly material: Uint8Array;
  /** The material's id, when the material itself is given: ciphertext names it. */
  readonly materialId?: string | undefined;
}

/**
 * Makes a key of the caller's account and Region as CreateKey does, but with an id and material from outside: for seeds, as no
 * request can name either. Its record is CreateKey's.
 * @throws KmsError as CreateKey does
 */
export function makeGivenKey(context: Context, audit: AuditLog, given: GivenKey): KeyRecord {
  const { tx, caller, now } = context;
  const { keyId, spec, usage, description, tags } = given;
  const arn = keyArn(caller.region, caller.accountId, keyId);
  const multiRegion = keyId.startsWith('mrk-');
  countKey(context, caller.region);
  makeLine(context, keyId, given.material, given.materialId);
  const key = insertKey(context, {
    region: caller.region,
    keyId,
    description,
    spec,
    usage,
    origin: 'AWS_KMS',
    state: 'Enabled',
    multiRegion: multiRegion ? 'PRIMARY' : null,
    policy: defaultKeyPolicy(caller.accountId),
  });
  addTags(tx, key, tags);
  const { principalArn, accountId, region, sourceIp, userAgent } = caller;
  audit.append(tx, {
    time: now,
    eventName: 'CreateKey',
    eventSource: 'kms.amazonaws.com',
    principalArn,
    accountId,
    region,
    sourceIp,
    userAgent,
    readOnly: false,
    requestParameters: toRecord({
      Description: description,
      KeyUsage: usage,
      KeySpec: spec,
      Origin: 'AWS_KMS',
      MultiRegion: multiRegion,
      Tags: tags,
    }) as AuditEntry['requestParameters'],
    responseElements: toRecord({ KeyMetadata: metadataOf(tx, key) }) as AuditEntry['responseElements'],
    resources: [arn],
  });
  return key;
}
