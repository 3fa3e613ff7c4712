import type { GrantMiss } from '../../shared/iam/decision.ts';
import type { GrantOperation } from '../../shared/kms/enums.ts';

type Context = Readonly<Record<string, string>>;

export interface GrantConstraints {
  readonly EncryptionContextSubset?: Context | undefined;
  readonly EncryptionContextEquals?: Context | undefined;
  readonly SourceArn?: string | undefined;
}

/** What a grant permits. */
export interface GrantTerms {
  readonly operations: readonly GrantOperation[];
  readonly constraints?: GrantConstraints | undefined;
}

/** What of a call grants are judged by. */
export interface GrantedCall {
  /** As `kms:Encrypt`. */
  readonly action: string;
  readonly encryptionContext?: Context | undefined;
  /** The resource a service acts for. */
  readonly sourceArn?: string | undefined;
  /** Of CreateGrant: what the new grant would permit. */
  readonly child?: GrantTerms | undefined;
}

const size = (context: Context) => Object.keys(context).length;
const includes = (whole: Context, part: Context) =>
  Object.entries(part).every(([name, value]) => Object.hasOwn(whole, name) && whole[name] === value);
const same = (a: Context, b: Context) => size(a) === size(b) && includes(a, b);

function contextFits(
  { EncryptionContextSubset, EncryptionContextEquals }: GrantConstraints,
  context: Context,
): boolean {
  if (EncryptionContextSubset && !includes(context, EncryptionContextSubset)) return false;
  return !EncryptionContextEquals || same(context, EncryptionContextEquals);
}

/** Whether every call that `child` allows would be allowed by `parent`: a grant gives on no more than it holds. */
function isWithin(child: GrantTerms, parent: GrantTerms): boolean {
  if (!child.operations.every((operation) => parent.operations.includes(operation))) return false;
  const { constraints: inner = {} } = child;
  const { constraints: outer = {} } = parent;
  if (outer.SourceArn !== undefined && inner.SourceArn !== outer.SourceArn) return false;
  if (!outer.EncryptionContextSubset && !outer.EncryptionContextEquals) return true;
  if (inner.EncryptionContextEquals) return contextFits(outer, inner.EncryptionContextEquals);
  if (outer.EncryptionContextEquals || !inner.EncryptionContextSubset) return false;
  return contextFits(outer, inner.EncryptionContextSubset);
}

/** Why a grant of `terms` does not permit the call of its grantee; null when it does (developer guide, "Grants in AWS KMS"). */
export function grantMiss(terms: GrantTerms, call: GrantedCall): GrantMiss | null {
  if (!terms.operations.some((operation) => `kms:${operation}` === call.action)) return 'Operations';
  const { constraints = {} } = terms;
  if (constraints.SourceArn !== undefined && constraints.SourceArn !== call.sourceArn) return 'Constraints.SourceArn';
  if (call.action === 'kms:CreateGrant')
    return call.child !== undefined && isWithin(call.child, terms) ? null : 'more than it holds';
  // DescribeKey has no encryption context, so the constraint does not speak of it.
  if (call.action === 'kms:DescribeKey' || contextFits(constraints, call.encryptionContext ?? {})) return null;
  return 'Constraints.EncryptionContext';
}

export const grantAllows = (terms: GrantTerms, call: GrantedCall): boolean => grantMiss(terms, call) === null;
