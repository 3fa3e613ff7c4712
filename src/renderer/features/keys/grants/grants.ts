import { namesOf, principalName } from '../../../../shared/iam/arn.ts';
import { type GrantOperation, grantOperations } from '../../../../shared/kms/enums.ts';
import { canBeGranted } from '../../../../shared/kms/grant-operations.ts';
import { limits } from '../../../../shared/kms/limits.ts';
import type { OperationInput, OperationOutput } from '../../../../shared/kms/operations.ts';
import { kms } from '../../../lib/api.ts';
import type { KeyDetail } from '../model.ts';

export type Grant = OperationOutput<'ListGrants'>['Grants'][number];

type Page = { readonly Limit: number; readonly Marker?: string };

async function everyPage(ask: (page: Page) => Promise<OperationOutput<'ListGrants'>>): Promise<Grant[]> {
  const grants: Grant[] = [];
  let marker: string | undefined;
  do {
    const page = await ask({ Limit: limits.pages.grants.max, ...(marker ? { Marker: marker } : {}) });
    grants.push(...page.Grants);
    marker = page.NextMarker;
  } while (marker !== undefined);
  return grants;
}

/** All grants of a key, page by page. */
export const allGrants = (keyId: string, region: string): Promise<Grant[]> =>
  everyPage((page) => kms('ListGrants', { KeyId: keyId, ...page }, region));

export interface Retirable {
  readonly grants: readonly Grant[];
  /** Why those that name the caller by another of its names could not be asked for. */
  readonly refused?: unknown;
}

/**
 * All grants of a Region that name somebody as whom may retire them, page by page. A grant names a session by its role or by the
 * session's own ARN, and ListRetirableGrants finds each by that name alone. @throws what all of them were refused with.
 */
export async function allRetirableGrants(principalArn: string, region: string): Promise<Retirable> {
  const asked = retiringNames(principalArn).map((RetiringPrincipal) =>
    everyPage((page) => kms('ListRetirableGrants', { RetiringPrincipal, ...page }, region)),
  );
  const settled = await Promise.allSettled(asked);
  const [refused] = settled.flatMap((each) => (each.status === 'rejected' ? [each] : []));
  if (refused && settled.every(({ status }) => status === 'rejected')) throw refused.reason;
  const grants = settled.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  return refused ? { grants, refused: refused.reason } : { grants };
}

/** Whether somebody may retire a grant: whom it names for that, a grantee it allows it, and the root of whose account made it. */
export function mayRetire(grant: Grant, principalArn: string): boolean {
  const names = namesOf(principalArn);
  const is = (arn: string | undefined) => arn !== undefined && names.includes(principalName(arn));
  return (
    principalArn === grant.IssuingAccount ||
    is(grant.RetiringPrincipal) ||
    (grant.Operations.includes('RetireGrant') && is(grant.GranteePrincipal))
  );
}

/** By which ARNs grants name somebody, the usual one first: a session by its role's. */
export const retiringNames = (principalArn: string): readonly [string, ...string[]] => {
  const [own = principalArn, role] = namesOf(principalArn);
  return role === undefined ? [principalArn] : [role, own];
};

/** Whom a grant is for. */
export const granteeOf = (grant: Grant): string => grant.GranteePrincipal ?? grant.GranteeServicePrincipal ?? '';

/** The same without account: `user/ada`. */
export const granteeLabel = (grant: Grant): string =>
  granteeOf(grant).split(':').slice(5).join(':') || granteeOf(grant);

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
