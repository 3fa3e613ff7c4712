import { rootArn } from '../../shared/iam/arn.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { type GrantedCall, type GrantTerms, grantAllows } from './grants.ts';
import { namesOf } from './principals.ts';

/** Who made, has and may end a grant; principals by the names of `principalName`. */
export interface GrantParties {
  readonly issuer: string;
  readonly grantee: string;
  readonly retiring: string | null;
  readonly terms: GrantTerms;
}

/** One permission an operation needs before it runs. */
export interface Request extends GrantedCall {
  readonly principalArn: string;
  /** ARN of the key or alias, or `*` for an operation on none. */
  readonly resource: string;
  /** The account the resource belongs to. */
  readonly resourceAccountId: string;
  /** What requests to an AWS managed key must come through, as `s3.eu-central-1.amazonaws.com`. */
  readonly managedFor?: string | null | undefined;
  /** The service the request came through. */
  readonly viaService?: string | undefined;
  /** The grants on the key of principals with these names; asked for when nothing else allows. */
  readonly grants?: ((names: readonly string[]) => readonly GrantTerms[]) | undefined;
  /** Of RetireGrant: the grant, which alone says who may. */
  readonly retires?: GrantParties | undefined;
}

/** What the policy of an AWS managed key lets its account do: see it, and through its service use it. */
const SEEN = /^kms:(Describe|Get|List)\w+$|^kms:RevokeGrant$/;
const USED = /^kms:(Encrypt|Decrypt|ReEncrypt(From|To)|GenerateDataKey\w*|CreateGrant|DescribeKey)$/;

function managedKeyAllows({ action, managedFor, viaService }: Request): boolean {
  return SEEN.test(action) || (USED.test(action) && viaService === managedFor);
}

/** The retiring principal, a grantee that was allowed it, and as a last resort the account that made the grant. */
function mayRetire(principalArn: string, { issuer, grantee, retiring, terms }: GrantParties): boolean {
  const names = namesOf(principalArn);
  return (
    principalArn === rootArn(issuer) ||
    (retiring !== null && names.includes(retiring)) ||
    (terms.operations.includes('RetireGrant') && names.includes(grantee))
  );
}

function isAllowed(request: Request): boolean {
  const { principalArn, resourceAccountId, managedFor, grants, retires } = request;
  if (retires) return mayRetire(principalArn, retires);
  if (principalArn === rootArn(resourceAccountId) && (!managedFor || managedKeyAllows(request))) return true;
  return grants?.(namesOf(principalArn)).some((terms) => grantAllows(terms, request)) ?? false;
}

/**
 * The root principal of the resource's account may do everything, but to an AWS managed key only what its policy says;
 * everyone may do what a grant allows; everything else is refused.
 * @throws KmsError `AccessDeniedException`
 */
export function authorize(request: Request): void {
  if (isAllowed(request)) return;
  const { principalArn, action, resource } = request;
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  throw new KmsError(
    'AccessDeniedException',
    `User: ${principalArn} is not authorized to perform: ${action}${on} because no identity-based policy allows the ${action} action`,
  );
}
