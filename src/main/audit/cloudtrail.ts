import { parseArn, roleArn } from '../../shared/iam/arn.ts';
import { eventIdOf, type TrailRecord } from './chain.ts';

/**
 * Who called, as far as the record tells. Unique ids (`principalId` of users and sessions) are not in it, and looking them up now
 * could find a namesake made later: only of a root it is known, the account's. Likewise the path of a session's role.
 */
function userIdentity({ principal, account }: TrailRecord): Readonly<Record<string, unknown>> {
  const { service, accountId, resource } = parseArn(principal) ?? {};
  const [kind, ...names] = resource?.split('/') ?? [];
  const common = { arn: principal, accountId };
  if (service === 'iam' && resource === 'root') return { type: 'Root', principalId: accountId, ...common };
  if (service === 'iam' && kind === 'user') return { type: 'IAMUser', ...common, userName: names.at(-1) };
  if (service === 'sts' && kind === 'assumed-role' && accountId) {
    const [userName = ''] = names;
    const sessionIssuer = { type: 'Role', arn: roleArn(accountId, '/', userName), accountId, userName };
    return { type: 'AssumedRole', ...common, sessionContext: { sessionIssuer } };
  }
  return { type: 'AWSService', accountId: account, invokedBy: principal };
}

/**
 * A record as a CloudTrail event (event version 1.09, "CloudTrail record contents"). What the service did by itself is an
 * AwsServiceEvent, with its facts in `serviceEventDetails`.
 */
export function toCloudTrail(record: TrailRecord & { readonly hash: Uint8Array }): Record<string, unknown> {
  const identity = userIdentity(record);
  const id = eventIdOf(record.sequence, record.hash);
  const service = identity.type === 'AWSService';
  const response = record.response === null ? null : JSON.parse(record.response);
  return {
    eventVersion: '1.09',
    userIdentity: identity,
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
