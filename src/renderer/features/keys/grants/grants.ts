import { type GrantOperation, grantOperations } from '../../../../shared/kms/enums.ts';
import { canBeGranted } from '../../../../shared/kms/grant-operations.ts';
import { limits } from '../../../../shared/kms/limits.ts';
import type { OperationInput, OperationOutput } from '../../../../shared/kms/operations.ts';
import { kms } from '../../../lib/api.ts';
import type { KeyDetail } from '../model.ts';

export type Grant = OperationOutput<'ListGrants'>['Grants'][number];

/** All grants of a key, page by page. */
export async function allGrants(keyId: string, region: string): Promise<Grant[]> {
  const grants: Grant[] = [];
  let marker: string | undefined;
  do {
    const input = { KeyId: keyId, Limit: limits.pages.grants.max, ...(marker ? { Marker: marker } : {}) };
    const page = await kms('ListGrants', input, region);
    grants.push(...page.Grants);
    marker = page.NextMarker;
  } while (marker !== undefined);
  return grants;
}

/** Whom a grant is for. */
export const granteeOf = (grant: Grant): string => grant.GranteePrincipal ?? grant.GranteeServicePrincipal ?? '';

const pairs = (context: Readonly<Record<string, string>>) =>
  Object.entries(context)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');

/** What must hold for the grant to count, in words. */
export function conditionsOf({ Constraints = {} }: Grant): string {
  const { EncryptionContextEquals: equals, EncryptionContextSubset: subset, SourceArn } = Constraints;
  const all = [
    ...(equals ? [`the context is ${pairs(equals)}`] : []),
    ...(subset ? [`the context has ${pairs(subset)}`] : []),
    ...(SourceArn ? [`on behalf of ${SourceArn}`] : []),
  ];
  return all.length > 0 ? all.join('; ') : 'always';
}

/** What a grant on this key can allow. */
export const operationsFor = ({ KeySpec, KeyUsage }: KeyDetail): readonly GrantOperation[] =>
  grantOperations.filter((operation) => canBeGranted(operation, KeySpec, KeyUsage));

/** Services are named, people and roles have ARNs: each goes into a member of its own. */
const isService = (text: string): boolean => text.endsWith('.amazonaws.com');

/** What the form holds. */
export interface GrantWish {
  readonly grantee: string;
  readonly retiring: string;
  readonly operations: readonly GrantOperation[];
  readonly name: string;
  readonly match: 'none' | 'subset' | 'equals';
  readonly context: Readonly<Record<string, string>>;
  readonly sourceArn: string;
}

/** Whether the grantee is a service, which AWS asks a source and a retiring principal for. */
export const forService = ({ grantee }: GrantWish): boolean => isService(grantee.trim());

export function inputOf(keyId: string, wish: GrantWish): OperationInput<'CreateGrant'> {
  const grantee = wish.grantee.trim();
  const retiring = wish.retiring.trim();
  const constraints = {
    ...(wish.match === 'subset' ? { EncryptionContextSubset: wish.context } : {}),
    ...(wish.match === 'equals' ? { EncryptionContextEquals: wish.context } : {}),
    ...(wish.sourceArn.trim() ? { SourceArn: wish.sourceArn.trim() } : {}),
  };
  return {
    KeyId: keyId,
    ...(isService(grantee) ? { GranteeServicePrincipal: grantee } : { GranteePrincipal: grantee }),
    ...(retiring === ''
      ? {}
      : isService(retiring)
        ? { RetiringServicePrincipal: retiring }
        : { RetiringPrincipal: retiring }),
    Operations: [...wish.operations],
    ...(Object.keys(constraints).length > 0 ? { Constraints: constraints } : {}),
    ...(wish.name.trim() ? { Name: wish.name.trim() } : {}),
  };
}
