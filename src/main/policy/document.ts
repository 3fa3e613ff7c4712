import { type JsonNode, type JsonPath, jsonOf, parseJson, placeOf } from '../../shared/iam/json-tree.ts';
import {
  identityPolicy,
  type PolicyDocument,
  type PolicyType,
  resourcePolicy,
} from '../../shared/iam/policy-document.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import { type Fault, principalFaults, shapeFaults } from './faults.ts';

export const malformed = (message: string) => new KmsError('MalformedPolicyDocumentException', message);

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

export const faultMessage = (path: JsonPath, says: string) => {
  const place = placeOf(path);
  return `The policy is not valid${place === '' ? '' : ` at ${place}`}: ${says}.`;
};

/** The document of a tree, or everything that makes it none. */
export function documentOf(
  tree: JsonNode,
  type: PolicyType,
): { readonly document: PolicyDocument } | { readonly faults: readonly [Fault, ...Fault[]] } {
  const value = withList(jsonOf(tree));
  const result = (type === 'resource' ? resourcePolicy : identityPolicy).safeParse(value);
  const [first, ...rest] = result.success ? principalFaults(result.data) : shapeFaults(value, result.error);
  if (first) return { faults: [first, ...rest] };
  return { document: result.data as PolicyDocument };
}

/** As `parsePolicy`, whatever the text's size. @throws KmsError `MalformedPolicyDocumentException`, with the place. */
export function readPolicy(text: string, type: PolicyType): PolicyDocument {
  const { tree, fault } = parseJson(text);
  if (fault?.kind === 'structure') throw malformed(faultMessage(fault.path, fault.says));
  if (!tree) throw malformed('The policy is not valid JSON.');
  const read = documentOf(tree, type);
  if ('document' in read) return read.document;
  const [{ path, says }] = read.faults;
  throw malformed(faultMessage(path, says));
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
