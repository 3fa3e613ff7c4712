import type { KeySpec, KeyState, KeyUsage, Origin } from '../../../shared/kms/enums.ts';
import { limits } from '../../../shared/kms/limits.ts';
import type { OperationOutput } from '../../../shared/kms/operations.ts';
import { specs } from '../../../shared/kms/specs.ts';
import { operationStates } from '../../../shared/kms/states.ts';
import { keyStateLooks } from '../../components/KeyStateBadge.tsx';
import { specWords } from './kinds.ts';

/** One row of the list. */
export type KeyRow = OperationOutput<'ListKeyOverviews'>['Keys'][number];
/** Everything the key's page shows. */
export type KeyDetail = OperationOutput<'GetKeyOverview'>;
export type Material = KeyDetail['Materials'][number];

const ALIAS_PREFIX = 'alias/';

/** An alias as people say it: without `alias/`. */
export const shortAlias = (alias: string): string =>
  alias.startsWith(ALIAS_PREFIX) ? alias.slice(ALIAS_PREFIX.length) : alias;

/** What people call the key: its first alias without the prefix, else its id. */
export const keyName = (key: Pick<KeyRow, 'Aliases' | 'KeyId'>): string => {
  const [first] = key.Aliases;
  return first === undefined ? key.KeyId : shortAlias(first);
};

/** The full name of an alias typed with or without `alias/`; '' for nothing typed. */
export function fullAlias(typed: string): string {
  const name = typed.trim();
  return name === '' || name.startsWith(ALIAS_PREFIX) ? name : `${ALIAS_PREFIX}${name}`;
}

/** Why `alias` (with its prefix) cannot be an alias, or `null`. */
export function aliasProblem(alias: string): string | null {
  const name = shortAlias(alias);
  if (name === '') return 'An alias needs a name.';
  if (!/^[a-zA-Z0-9/_-]+$/.test(name)) return 'Only letters, digits, / _ and - are allowed.';
  if (name.startsWith('aws/')) return 'Names that begin with aws/ are reserved.';
  if (alias.length > limits.aliasName) return `With alias/ at most ${limits.aliasName} characters.`;
  return null;
}

/** The Region of a key, which its ARN tells. */
export const regionOf = ({ Arn }: Pick<KeyRow, 'Arn'>): string => Arn.split(':')[3] ?? '';

/** Why a key in `state` refuses `operation`, as a sentence, or `null` when it does not. */
export function refusal(operation: keyof typeof operationStates, state: KeyState): string | null {
  const rule = operationStates[operation][state];
  return rule === null ? null : `The key ${rule.says}`;
}

const usageWords: Readonly<Record<KeyUsage, string>> = {
  ENCRYPT_DECRYPT: 'Encrypt and decrypt',
  SIGN_VERIFY: 'Sign and verify',
  GENERATE_VERIFY_MAC: 'Make and verify MACs',
  KEY_AGREEMENT: 'Key agreement',
  ENCAPSULATE_DECAPSULATE: 'Encapsulate',
};
export const usageWord = (usage: KeyUsage): string => usageWords[usage];

const originWords: Readonly<Record<Origin, string>> = {
  AWS_KMS: 'made inside Coffer',
  EXTERNAL: 'imported',
  AWS_CLOUDHSM: 'in a CloudHSM key store',
  EXTERNAL_KEY_STORE: 'in an external key store',
};
/** The origin by AWS's name and in words. */
export const originWord = (origin: Origin): string => `${origin}: ${originWords[origin]}`;

/** Whether the key's material is in a custom key store, and none of the vault's. */
export const isInKeyStore = ({ Origin }: Pick<KeyRow, 'Origin'>): boolean =>
  Origin === 'AWS_CLOUDHSM' || Origin === 'EXTERNAL_KEY_STORE';

/** Whether the key can get new material, by schedule or on demand. */
export const rotatesHere = (key: Pick<KeyRow, 'KeySpec' | 'Origin'>): boolean =>
  specs[key.KeySpec].rotates && !isInKeyStore(key);

/** A short name of the spec for the list: the one people say. */
export const specWord = (spec: KeySpec): string => (spec === 'SYMMETRIC_DEFAULT' ? 'Symmetric' : specWords[spec].name);

export const columns = ['alias', 'keyId', 'spec', 'usage', 'state', 'rotation', 'region', 'lastUsed'] as const;
export type Column = (typeof columns)[number];
export interface Sort {
  readonly column: Column;
  readonly descending: boolean;
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
/** Ids and names of enums: plain text, compared as it is. */
const byText = (text: (key: KeyRow) => string) => (a: KeyRow, b: KeyRow) => {
  const [one, other] = [text(a), text(b)];
  return one < other ? -1 : one > other ? 1 : 0;
};
const byNumber = (value: (key: KeyRow) => number) => (a: KeyRow, b: KeyRow) => value(a) - value(b);

/** By alias as people sort names; keys without an alias come after those that have one. */
export const byName = (a: KeyRow, b: KeyRow): number =>
  Number(a.Aliases.length === 0) - Number(b.Aliases.length === 0) || collator.compare(keyName(a), keyName(b));

const comparators: Readonly<Record<Exclude<Column, 'alias'>, (a: KeyRow, b: KeyRow) => number>> = {
  keyId: byText((key) => key.KeyId),
  spec: byText((key) => key.KeySpec),
  usage: byText((key) => usageWord(key.KeyUsage)),
  state: byText((key) => key.KeyState),
  rotation: byNumber((key) => (key.RotationEnabled ? (key.RotationPeriodInDays ?? 0) : Number.MAX_SAFE_INTEGER)),
  // All keys of the list are of one Region: those that are in others, too, are told apart.
  region: byNumber((key) => Number(!key.MultiRegion)),
  lastUsed: byNumber((key) => key.LastUsedDate?.getTime() ?? 0),
};

/** What the list can be grouped by. */
export const groupings = ['state', 'spec', 'usage', 'rotation', 'region', 'origin'] as const;
export type Grouping = (typeof groupings)[number];

export interface Group {
  readonly title: string;
  readonly keys: readonly KeyRow[];
}

const originTitles: Readonly<Record<Origin, string>> = {
  AWS_KMS: 'Made inside Coffer',
  EXTERNAL: 'Imported',
  AWS_CLOUDHSM: 'In a CloudHSM key store',
  EXTERNAL_KEY_STORE: 'In an external key store',
};

const groupTitle: Readonly<Record<Grouping, (key: KeyRow) => string>> = {
  state: (key) => keyStateLooks[key.KeyState].word,
  spec: (key) => specWord(key.KeySpec),
  usage: (key) => usageWord(key.KeyUsage),
  rotation: (key) => (key.RotationEnabled ? 'Rotates automatically' : 'No automatic rotation'),
  region: (key) => (key.MultiRegion ? 'In several Regions' : 'In this Region only'),
  origin: (key) => originTitles[key.Origin],
};

/** Sorted keys by what they have in common; within a group they keep their order. */
export function groupKeys(keys: readonly KeyRow[], by: Grouping): Group[] {
  const groups = new Map<string, KeyRow[]>();
  for (const key of keys) {
    const title = groupTitle[by](key);
    const group = groups.get(title);
    if (group) group.push(key);
    else groups.set(title, [key]);
  }
  return [...groups]
    .map(([title, members]) => ({ title, keys: members }))
    .sort((a, b) => collator.compare(a.title, b.title));
}

export interface Filter {
  readonly text: string;
  readonly state: KeyState | null;
}

/** The keys (sorted by name) that the filter lets through, sorted; keys that compare the same stay sorted by name. */
export function arrange(keys: readonly KeyRow[], filter: Filter, sort: Sort | null): KeyRow[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const shown = keys.filter((key) => {
    if (filter.state !== null && key.KeyState !== filter.state) return false;
    if (words.length === 0) return true;
    const text = `${key.Aliases.join(' ')} ${key.KeyId} ${key.Description} ${key.KeySpec}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  if (sort === null) return shown;
  if (sort.column === 'alias') return sort.descending ? shown.reverse() : shown;
  const compare = comparators[sort.column];
  return shown.sort(sort.descending ? (a, b) => compare(b, a) : compare);
}
