import type { OperationOutput } from '../../../../shared/kms/operations.ts';
import { DAY_MS } from '../../../../shared/time.ts';
import { formatNumber, formatRelative, plural, shorten } from '../../../lib/format.ts';
import { principalWords } from '../../../lib/principals.ts';
import type { KeyRow } from '../model.ts';

export type Dependents = OperationOutput<'GetKeyDependents'>;

/** What no list of dependents can hold. */
export const NOT_KNOWN = 'Ciphertext, files and programs that are kept elsewhere are not known here.';

/** What is about to happen to the key: it is deleted for good, or it does nothing for a while. */
export type Act = 'delete' | 'pause';

/** The parts of a key that say where its material is. */
type Kept = Pick<KeyRow, 'KeySpec' | 'Origin'>;

/** How many of a kind are named; the rest are counted. */
const NAMED = 5;

/** `a, b and 3 more`, of `total` where not all are at hand. */
export function listed(names: readonly string[], total = names.length): string {
  const shown = names.slice(0, NAMED);
  const rest = total - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${formatNumber(rest)} more`;
  const last = shown.at(-1) ?? '';
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`;
}

const counted = (text: string, count: number): string => (count === 1 ? text : `${text} (${formatNumber(count)})`);

/** A service is named as it is. */
const who = (principal: string): string => (principal.startsWith('arn:') ? principalWords(principal) : principal);

function aliases({ Aliases }: Dependents, act: Act): string[] {
  if (Aliases.length === 0) return [];
  const names = listed(Aliases.map((alias) => shorten(alias, 20)));
  return act === 'delete'
    ? [`${plural(Aliases.length, 'alias goes', 'aliases go')} with it: ${names}.`]
    : [`${plural(Aliases.length, 'alias names', 'aliases name')} it: ${names}.`];
}

function grants({ Grantees, GrantCount }: Dependents, act: Act): string[] {
  if (GrantCount === 0) return [];
  const names = Grantees.map(({ Principal, Count }) => counted(who(Principal), Count));
  const verb = act === 'delete' ? ['grant ends', 'grants end'] : ['grant does nothing', 'grants do nothing'];
  return [
    `${plural(GrantCount, verb[0] ?? '', verb[1])}${act === 'delete' ? ' with it' : ' meanwhile'}: for ${listed(names)}.`,
  ];
}

function regions({ Regions }: Dependents, act: Act): string[] {
  if (Regions.length === 0) return [];
  const names = listed(Regions.map(({ Region }) => Region));
  const primary = Regions.find(({ MultiRegionKeyType }) => MultiRegionKeyType === 'PRIMARY');
  if (act === 'pause')
    return [
      `Its ${Regions.length === 1 ? 'key' : 'keys'} in ${names} ${Regions.length === 1 ? 'goes' : 'go'} on working.`,
    ];
  if (primary) return [`It is a replica: the key in ${names} stays and opens the same.`];
  return [
    `It is the primary key of ${plural(Regions.length, 'replica')}, in ${names}. Its own waiting period begins once ${Regions.length === 1 ? 'that replica is' : 'those are'} deleted.`,
  ];
}

function uses({ UseCount, Uses, Users, UsedSince }: Dependents, now: number): string[] {
  if (UseCount === 0) return [];
  const days = Math.round((now - UsedSince.getTime()) / DAY_MS);
  const operations = Uses.map(({ Name, Count }) => `${formatNumber(Count)} ${Name}`).join(', ');
  const people = Users.map(
    ({ PrincipalArn, Count, LastTime }) =>
      `${who(PrincipalArn)} (${plural(Count, 'call')}, the last ${formatRelative(LastTime, now)})`,
  );
  return [
    `${plural(UseCount, 'call')} used it in the last ${days} days: ${operations}.`,
    `Used lately by ${listed(people)}.`,
  ];
}

function files({ FileCount, FileContexts }: Dependents): string[] {
  if (FileCount === 0) return [];
  const said = FileContexts.map((context) =>
    Object.entries(context)
      .map(([name, value]) => `${name}=${shorten(value, 20)}`)
      .join(', '),
  );
  const contexts = said.length === 0 ? '' : ` Encryption context: ${said.join('; ')}.`;
  return [`${plural(FileCount, 'file was', 'files were')} encrypted with it on the Files screen.${contexts}`];
}

function policies({ Policies }: Dependents): string[] {
  if (Policies.length === 0) return [];
  const names = Policies.map(({ PrincipalArn, PolicyName }) => `${PolicyName} of ${who(PrincipalArn)}`);
  return [`${plural(Policies.length, 'policy names', 'policies name')} it: ${listed(names)}.`];
}

/** What becomes, with the deletion, of material that is, or also is, somewhere else. */
export function materialFacts({ KeySpec, Origin }: Kept): string[] {
  switch (Origin) {
    case 'AWS_KMS':
      return [];
    case 'AWS_CLOUDHSM':
      return ['Its material is in a token, and is destroyed there too.'];
    case 'EXTERNAL_KEY_STORE':
      return ['The key behind the proxy stays, but does not open anything alone: what is encrypted here needs both.'];
    case 'EXTERNAL':
      return [
        KeySpec === 'SYMMETRIC_DEFAULT'
          ? 'Its material was imported. Imported again into a new key, it does not open what this key encrypted.'
          : 'Its material was imported: the original that you keep goes on working outside Coffer.',
      ];
  }
}

/** What is known to depend on a key, a sentence each; none when nothing was found. */
export const dependentFacts = (found: Dependents, act: Act, now: number): string[] => [
  ...files(found),
  ...aliases(found, act),
  ...grants(found, act),
  ...regions(found, act),
  ...policies(found),
  ...uses(found, now),
];
