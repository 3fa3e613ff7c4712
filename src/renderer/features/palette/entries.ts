import type { OperationOutput } from '../../../shared/kms/operations.ts';
import type { Command } from '../../lib/commands.ts';
import { matches } from './match.ts';

export type KeyOverview = OperationOutput<'ListKeyOverviews'>['Keys'][number];

export interface KeyEntry {
  readonly keyId: string;
  readonly title: string;
}

/** The first `limit` keys whose alias, id or description holds the query's words; none before something is typed. */
export function keyEntries(keys: readonly KeyOverview[], query: string, limit: number): KeyEntry[] {
  const found: KeyEntry[] = [];
  if (query.trim() === '') return found;
  for (const key of keys) {
    if (found.length === limit) break;
    if (!matches(query, `${key.Aliases.join(' ')} ${key.Arn} ${key.Description}`)) continue;
    const alias = key.Aliases[0]?.replace(/^alias\//, '');
    found.push({ keyId: key.KeyId, title: alias ?? (key.Description || 'Key without an alias') });
  }
  return found;
}

export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly Command[];
}

/** What is at hand before what can be done anywhere; a group that is not named comes in between. */
const first = ['Recently used', 'This key', 'Selected keys', 'This person', 'Keys', 'Files', 'Activity'];
const last = ['Screens', 'Actions', 'Acting as', 'Appearance', 'Region'];
const place = (title: string): number =>
  first.includes(title) ? first.indexOf(title) - first.length : 1 + last.indexOf(title);

/** The commands that fit what was typed, by group: those used last, the last one first, then what the screen offers. */
export function commandGroups(commands: readonly Command[], recent: readonly string[], query: string): CommandGroup[] {
  const typed = query.trim() !== '';
  const groups = new Map<string, Command[]>();
  const add = (title: string, command: Command) => {
    const group = groups.get(title);
    if (group) group.push(command);
    else groups.set(title, [command]);
  };
  const fits = ({ title, keywords, group }: Command) => matches(query, `${title} ${keywords ?? ''} ${group}`);
  const found = commands.filter(fits);
  for (const id of recent) {
    const command = found.find((each) => each.id === id);
    if (command) add('Recently used', command);
  }
  for (const command of found)
    if (!recent.includes(command.id) && (typed || !command.quiet)) add(command.group, command);
  return [...groups]
    .map(([title, members]) => ({ title, commands: members }))
    .sort((a, b) => place(a.title) - place(b.title));
}
