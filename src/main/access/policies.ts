import { iamLimits } from '../../shared/iam/limits.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { parsePolicy } from '../policy/document.ts';
import type { ReadDatabase, Transaction } from '../vault/types.ts';
import type { PrincipalRow } from './principals.ts';

/** A policy that is written into a user or role. */
export interface InlinePolicy {
  readonly name: string;
  readonly document: string;
}

/** The policies of a user or role by name. */
export function listPolicies(db: ReadDatabase, principal: number): InlinePolicy[] {
  return db.all<InlinePolicy>('SELECT name, document FROM identity_policies WHERE principal = ? ORDER BY name', [
    principal,
  ]);
}

/** The length of a document as IAM's limits have it: without white space. */
export const lengthOf = (document: string) => document.replace(/\s/g, '').length;

/**
 * Writes a policy, or another in its place.
 * @throws KmsError `MalformedPolicyDocumentException`; `LimitExceededException` when the policies are too long together.
 */
export function putPolicy(
  tx: Transaction,
  { row, kind, name: principal }: Pick<PrincipalRow, 'row' | 'kind' | 'name'>,
  { name, document }: InlinePolicy,
): void {
  parsePolicy(document, 'identity');
  tx.run(
    `INSERT INTO identity_policies (principal, name, document) VALUES (?, ?, ?)
     ON CONFLICT (principal, name) DO UPDATE SET document = excluded.document`,
    [row, name, document],
  );
  const most = kind === 'user' ? iamLimits.userPolicies : iamLimits.rolePolicies;
  const length = listPolicies(tx, row).reduce((sum, each) => sum + lengthOf(each.document), 0);
  if (length > most)
    throw new KmsError(
      'LimitExceededException',
      `Maximum policy size of ${most} bytes exceeded for ${kind} ${principal}`,
    );
}
