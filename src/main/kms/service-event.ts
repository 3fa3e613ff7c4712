import type { AuditEntry, Json } from '../audit/types.ts';
import type { KeyRecord } from './key-rows.ts';

/** A record of something the service did by itself (CloudTrail's AwsServiceEvent). */
export function serviceEvent(
  key: KeyRecord,
  now: number,
  eventName: string,
  details: Record<string, Json>,
): AuditEntry {
  return {
    time: now,
    eventName,
    eventSource: 'kms.amazonaws.com',
    principalArn: 'AWS Internal',
    accountId: key.accountId,
    region: key.region,
    sourceIp: 'AWS Internal',
    userAgent: 'AWS Internal',
    readOnly: false,
    requestParameters: null,
    responseElements: { keyId: key.keyId, ...details },
    resources: [key.arn],
  };
}

/** The record of an AWS managed key that was made because a service needed it. */
export function birthOf(key: KeyRecord, now: number): AuditEntry {
  return serviceEvent(key, now, 'CreateKey', { keyManager: key.manager, service: key.service });
}
