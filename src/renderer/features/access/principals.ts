import type { OperationOutput } from '../../../shared/kms/operations.ts';
import type { Reach } from '../../../shared/kms/schemas/access.ts';

/** Somebody who may or may not use a key. */
export type KeyPrincipal = OperationOutput<'ListKeyAccess'>['Principals'][number];

export interface AccountGroup {
  readonly title: string;
  readonly principals: readonly KeyPrincipal[];
}

/** Principals by account, in the order they come; services by themselves at the end. */
export function byAccount(principals: readonly KeyPrincipal[]): AccountGroup[] {
  const groups = new Map<string, KeyPrincipal[]>();
  const services: KeyPrincipal[] = [];
  for (const principal of principals) {
    if (principal.Kind === 'service') services.push(principal);
    else {
      const group = groups.get(principal.AccountId);
      if (group) group.push(principal);
      else groups.set(principal.AccountId, [principal]);
    }
  }
  return [
    ...[...groups].map(([id, members]) => ({ title: `Account ${id}`, principals: members })),
    ...(services.length > 0 ? [{ title: 'Services', principals: services }] : []),
  ];
}

/** Those whose ARN has all words of the text and, when asked for, who reach anything. */
export function sifted(
  principals: readonly KeyPrincipal[],
  { text, withAccess }: { readonly text: string; readonly withAccess: boolean },
): KeyPrincipal[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return principals.filter(
    ({ PrincipalArn, Reaches }) =>
      words.every((word) => PrincipalArn.toLowerCase().includes(word)) &&
      (!withAccess || Reaches.some((reach) => reach !== 'never')),
  );
}

/** Quoted; what a spreadsheet would take for a formula stays text. */
const cell = (text: string): string => `"${text.replace(/^(?=[=+@-])/, "'").replaceAll('"', '""')}"`;

/** The matrix as comma-separated values (RFC 4180), one line a principal. */
export function toCsv(actions: readonly string[], principals: readonly KeyPrincipal[], reachOf: ReachOf): string {
  const lines = principals.map((principal) => [
    principal.PrincipalArn,
    principal.Kind,
    ...actions.map((action) => reachOf(principal, action)),
  ]);
  return [['Principal', 'Kind', ...actions], ...lines].map((line) => line.map(cell).join(',')).join('\r\n');
}

export type ReachOf = (principal: KeyPrincipal, action: string) => Reach;

/** Reads an answer's cells by the names of its actions. */
export function reachesBy(actionNames: readonly string[]): ReachOf {
  const places = new Map(actionNames.map((name, index) => [name, index]));
  return ({ Reaches }, action) => Reaches[places.get(action) ?? -1] ?? 'never';
}
