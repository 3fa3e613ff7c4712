import { randomUUID } from 'node:crypto';
import { KmsError } from '../../shared/kms/errors.ts';
import type { TemporaryCredentials } from '../access/sessions.ts';
import type { Throttle } from './throttle.ts';
import { type Authenticated, callerOf, type Reply } from './types.ts';
import { escapeXml, STS_NAMESPACE } from './xml.ts';

/** An answer's members: text, or members of its own. */
type Members = { readonly [name: string]: string | Members };

interface Answer {
  readonly result: Members;
  readonly requestId: string;
}

function xmlOf(members: Members): string {
  return Object.entries(members)
    .map(([name, value]) => `<${name}>${typeof value === 'string' ? escapeXml(value) : xmlOf(value)}</${name}>`)
    .join('');
}

const credentialsOf = ({ accessKeyId, secretAccessKey, sessionToken, expiresAt }: TemporaryCredentials): Members => ({
  AccessKeyId: accessKeyId,
  SecretAccessKey: secretAccessKey,
  SessionToken: sessionToken,
  Expiration: new Date(expiresAt).toISOString().replace('.000Z', 'Z'),
});

/** The parameters of a form, each once; numbers as numbers. @throws KmsError `ValidationException` */
function parametersOf(form: URLSearchParams): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (Object.hasOwn(input, name)) throw new KmsError('ValidationException', 'A parameter is there twice.');
    // An empty text is how some programs leave a parameter out.
    if (value === '' || name === '__proto__') continue;
    input[name] = name === 'DurationSeconds' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  }
  return input;
}

type Operation = (authenticated: Authenticated, input: Record<string, unknown>) => Answer | Promise<Answer>;

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  [
    'GetCallerIdentity',
    ({ key: { principalArn, userId, accountId } }) => ({
      result: { Arn: principalArn, UserId: userId, Account: accountId },
      requestId: randomUUID(),
    }),
  ],
  [
    'AssumeRole',
    async (authenticated, input) => {
      const { output, requestId } = await authenticated.served.sts.assumeRole(callerOf(authenticated), input);
      const AssumedRoleUser = { AssumedRoleId: output.userId, Arn: output.arn };
      return { result: { Credentials: credentialsOf(output), AssumedRoleUser }, requestId };
    },
  ],
  [
    'GetSessionToken',
    async (authenticated, input) => {
      const { output, requestId } = await authenticated.served.sts.getSessionToken(callerOf(authenticated), input);
      return { result: { Credentials: credentialsOf(output) }, requestId };
    },
  ],
]);

/**
 * Answers STS in the AWS Query protocol: a form in, XML out.
 * @throws KmsError `InvalidAction` for an operation there is not; as the operation refuses
 */
export async function answerSts(authenticated: Authenticated, throttle: Throttle): Promise<Reply> {
  const { request, credential, key } = authenticated;
  const form = new URLSearchParams(new TextDecoder().decode(request.body));
  const name = form.get('Action') ?? '';
  const operation = operations.get(name);
  if (!operation)
    throw new KmsError(
      'InvalidAction',
      `Could not find operation ${name.slice(0, 64)} for version ${(form.get('Version') ?? '').slice(0, 16)}`,
    );
  if (!throttle.take(key.accountId, credential.region.slice(0, 32), 'management'))
    throw new KmsError('ThrottlingException', 'Rate exceeded');
  const { result, requestId } = await operation(authenticated, parametersOf(form));
  const metadata = xmlOf({ ResponseMetadata: { RequestId: requestId } });
  const body = `<${name}Response xmlns="${STS_NAMESPACE}">${xmlOf({ [`${name}Result`]: result })}${metadata}</${name}Response>\n`;
  return { status: 200, type: 'text/xml', body, requestId };
}
