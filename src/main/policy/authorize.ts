import { rootArn } from '../../shared/iam/arn.ts';
import { KmsError } from '../../shared/kms/errors.ts';

/** One permission an operation needs before it runs. */
export interface Request {
  readonly principalArn: string;
  /** As `kms:Encrypt`. */
  readonly action: string;
  /** ARN of the key or alias, or `*` for an operation on none. */
  readonly resource: string;
  /** The account the resource belongs to. */
  readonly resourceAccountId: string;
}

/**
 * The root principal of the resource's account may do everything; everyone else is refused.
 * @throws KmsError `AccessDeniedException`
 */
export function authorize({ principalArn, action, resource, resourceAccountId }: Request): void {
  if (principalArn === rootArn(resourceAccountId)) return;
  const on = resource === '*' ? '' : ` on resource: ${resource}`;
  throw new KmsError(
    'AccessDeniedException',
    `User: ${principalArn} is not authorized to perform: ${action}${on} because no identity-based policy allows the ${action} action`,
  );
}
