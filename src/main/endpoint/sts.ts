import { randomUUID } from 'node:crypto';
import { KmsError } from '../../shared/kms/errors.ts';
import type { Authenticated, Reply } from './types.ts';
import { escapeXml, STS_NAMESPACE } from './xml.ts';

/**
 * Answers `sts:GetCallerIdentity`, which tools call first to see whose credentials they have. It is the one operation of the AWS
 * Query protocol here: a form in, XML out.
 * @throws KmsError `InvalidAction` for any other.
 */
export function answerSts({ request, key }: Authenticated): Reply {
  const form = new URLSearchParams(new TextDecoder().decode(request.body));
  const action = form.get('Action') ?? '';
  if (action !== 'GetCallerIdentity')
    throw new KmsError(
      'InvalidAction',
      `Could not find operation ${action.slice(0, 64)} for version ${(form.get('Version') ?? '').slice(0, 16)}`,
    );
  const { principalArn, accountId, userId } = key;
  const requestId = randomUUID();
  const body = `<GetCallerIdentityResponse xmlns="${STS_NAMESPACE}">
  <GetCallerIdentityResult>
    <Arn>${escapeXml(principalArn)}</Arn>
    <UserId>${escapeXml(userId)}</UserId>
    <Account>${escapeXml(accountId)}</Account>
  </GetCallerIdentityResult>
  <ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>
</GetCallerIdentityResponse>
`;
  return { status: 200, type: 'text/xml', body, requestId };
}
