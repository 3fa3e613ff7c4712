import { eventIdOf, type TrailRecord } from './chain.ts';

/** What CloudTrail calls the kind of principal behind an ARN. */
function userType(principal: string): string {
  if (/^arn:[^:]+:iam::\d{12}:root$/.test(principal)) return 'Root';
  if (/^arn:[^:]+:iam::\d{12}:user\//.test(principal)) return 'IAMUser';
  if (/^arn:[^:]+:sts::\d{12}:assumed-role\//.test(principal)) return 'AssumedRole';
  return 'AWSService';
}

/**
 * A record as a CloudTrail event (event version 1.09, "CloudTrail record contents"). What the service did by itself is an
 * AwsServiceEvent, with its facts in `serviceEventDetails`.
 */
export function toCloudTrail(record: TrailRecord & { readonly hash: Uint8Array }): Record<string, unknown> {
  const type = userType(record.principal);
  const id = eventIdOf(record.sequence, record.hash);
  const service = type === 'AWSService';
  const response = record.response === null ? null : JSON.parse(record.response);
  return {
    eventVersion: '1.09',
    userIdentity: service
      ? { type, accountId: record.account, invokedBy: record.principal }
      : {
          type,
          principalId: record.account,
          arn: record.principal,
          accountId: record.account,
          ...(type === 'IAMUser' ? { userName: record.principal.split('/').at(-1) } : {}),
        },
    eventTime: new Date(record.time).toISOString().replace(/\.\d{3}Z$/, 'Z'),
    eventSource: record.source,
    eventName: record.name,
    awsRegion: record.region,
    sourceIPAddress: record.ip,
    userAgent: record.agent,
    ...(record.error === null ? {} : { errorCode: record.error }),
    ...(record.message === null ? {} : { errorMessage: record.message }),
    requestParameters: record.request === null ? null : JSON.parse(record.request),
    responseElements: service ? null : response,
    ...(service && response !== null ? { serviceEventDetails: response } : {}),
    // AWS's place for what is part of neither request nor answer: how each permission was decided.
    ...(record.decision === null ? {} : { additionalEventData: { decisions: JSON.parse(record.decision) } }),
    requestID: id,
    eventID: id,
    readOnly: record.readOnly,
    resources: record.resources.map((ARN) => ({ accountId: ARN.split(':')[4] ?? '', type: 'AWS::KMS::Key', ARN })),
    eventType: service ? 'AwsServiceEvent' : 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: record.account,
    eventCategory: 'Management',
  };
}
