import {
  identityPolicy,
  listOf,
  type PolicyDocument,
  type PolicyType,
  type Principals,
  resourcePolicy,
} from '../../shared/iam/policy-document.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import { findFault, placeOf } from './json.ts';
import { accountOf, isPrincipalArn, isServicePrincipal } from './principals.ts';

export const malformed = (message: string) => new KmsError('MalformedPolicyDocumentException', message);

const notValid = (place: string, says?: string) =>
  malformed(`The policy is not valid${place === '' ? '' : ` at ${place}`}${says ? `: ${says}` : ''}.`);

/** Of a Principal element: which of its names is of no form there is. */
function invalidPrincipal(principals: Principals | undefined): { name: string; kind: string } | undefined {
  if (principals === undefined || principals === '*') return undefined;
  const aws = listOf(principals.AWS).find(
    (name) => name !== '*' && accountOf(name) === undefined && !isPrincipalArn(name),
  );
  if (aws !== undefined) return { name: aws, kind: 'AWS' };
  const service = listOf(principals.Service).find((name) => !isServicePrincipal(name));
  return service === undefined ? undefined : { name: service, kind: 'Service' };
}

function checkPrincipals({ Statement }: PolicyDocument): void {
  Statement.forEach((statement, index) => {
    for (const element of ['Principal', 'NotPrincipal'] as const) {
      const invalid = invalidPrincipal(statement[element]);
      if (invalid) throw notValid(`Statement[${index}].${element}.${invalid.kind}`, `${invalid.name} is no principal`);
    }
  });
}

/** One statement may stand without its list. */
function withList(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !('Statement' in value)) return value;
  return Array.isArray(value.Statement) ? value : { ...value, Statement: [value.Statement] };
}

/** @throws KmsError `LimitExceededException` above 32,768 bytes. */
export function checkSize(text: string): void {
  const size = Buffer.byteLength(text);
  if (size > limits.policyBytes)
    throw new KmsError(
      'LimitExceededException',
      `The policy has ${size} bytes; it must not have more than ${limits.policyBytes}.`,
    );
}

/** As `parsePolicy`, whatever the text's size. @throws KmsError `MalformedPolicyDocumentException`, with the place. */
export function readPolicy(text: string, type: PolicyType): PolicyDocument {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('The policy is not valid JSON.');
  }
  const fault = findFault(text);
  if (fault) throw notValid(fault.place, fault.says);
  const result = (type === 'resource' ? resourcePolicy : identityPolicy).safeParse(withList(value));
  if (!result.success) {
    const [issue] = result.error.issues;
    const says = issue?.code === 'invalid_key' ? issue.issues[0]?.message : issue?.message;
    throw notValid(placeOf(issue?.path ?? []), says);
  }
  checkPrincipals(result.data);
  return result.data;
}

/**
 * Reads a policy document: a key's policy, or that of a user or role. Its statements come back as a list.
 * @throws KmsError `LimitExceededException` above 32,768 bytes, `MalformedPolicyDocumentException` for what is no policy, with
 * the place.
 */
export function parsePolicy(text: string, type: PolicyType = 'resource'): PolicyDocument {
  checkSize(text);
  return readPolicy(text, type);
}
