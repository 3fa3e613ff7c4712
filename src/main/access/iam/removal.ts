import { KmsError } from '../../../shared/kms/errors.ts';
import { listPolicies } from '../policies.ts';
import type { PrincipalRecord } from '../principals.ts';
import type { IamCall } from './operation.ts';

/**
 * Removes a user or role with everything of theirs.
 * @throws KmsError `DeleteConflictException` while it has something, unless it is forced: `details.inTheWay` counts what
 */
export function removePrincipal(
  { tx, accessKeys, mfa }: IamCall,
  principal: PrincipalRecord,
  force: boolean | undefined,
): Record<string, never> {
  const owner = { accountId: principal.accountId, principal };
  const inTheWay = {
    'access keys': accessKeys.ofOwner(tx, owner).length,
    policies: listPolicies(tx, principal.row).length,
    'MFA devices': mfa.ofOwner(tx, owner).length,
  };
  refuseConflict(inTheWay, force);
  tx.run('DELETE FROM principals WHERE row = ?', [principal.row]);
  return {};
}

/** @throws KmsError `DeleteConflictException` when something is in the way and is not to be removed as well. */
export function refuseConflict(inTheWay: Readonly<Record<string, number>>, force = false): void {
  const [first] = Object.entries(inTheWay).flatMap(([what, count]) => (count > 0 ? [what] : []));
  if (first !== undefined && !force)
    throw new KmsError('DeleteConflictException', `Cannot delete entity, must delete ${first} first.`, { inTheWay });
}
