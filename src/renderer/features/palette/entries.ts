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
const RECENT = 'Recently used';
const first = ['This key', 'Selected keys', 'This person', 'Keys', 'Files', 'Activity'];
const last = ['Screens', 'Actions', 'Acting as', 'Appearance', 'Region'];
const place = (title: string): number =>
  first.includes(title) ? first.indexOf(title) - first.length : 1 + last.indexOf(title);

const BY_KEYWORDS = 3;

/** How well a command fits what was typed: by its title before by its keywords. Lower is better; null when it does not. */
function rank({ title, keywords = '', quiet }: Command, query: string): number | null {
  const typed = query.trim().toLowerCase();
  const lower = title.toLowerCase();
  const words = new Set(lower.split(/[^\p{L}\p{N}]+/u));
  // Of two that fit the same, what is one of many stands back.
  const late = quiet ? 0.5 : 0;
  if (lower.startsWith(typed)) return late;
  if (typed.split(/\s+/).every((word) => words.has(word))) return 1 + late;
  if (matches(typed, lower)) return 2 + late;
  return matches(typed, `${lower} ${keywords}`) ? BY_KEYWORDS + late : null;
}

/**
 * The commands that fit what was typed, by group: those used last, the last one first, then what fits best, then what the screen
 * offers.
 */
export function commandGroups(commands: readonly Command[], recent: readonly string[], query: string): CommandGroup[] {
  const typed = query.trim() !== '';
  const groups = new Map<string, { best: number; members: { command: Command; rank: number }[] }>();
  for (const command of commands) {
    const how = rank(command, query);
    if (how === null) continue;
    // What is found by its keywords only is not what was meant most likely.
    const used = recent.includes(command.id) && (!typed || how < BY_KEYWORDS);
    if (command.quiet && !typed && !used) continue;
    const title = used ? RECENT : command.group;
    const group = groups.get(title) ?? { best: how, members: [] };
    group.best = Math.min(group.best, how);
    group.members.push({ command, rank: how });
    groups.set(title, group);
  }
  const order = (title: string, { best }: { best: number }) => (title === RECENT ? -1 : best);
  return [...groups]
    .sort(([a, one], [b, other]) => order(a, one) - order(b, other) || place(a) - place(b))
    .map(([title, { members }]) => ({
      title,
      commands: members
        .sort((a, b) =>
          title === RECENT ? recent.indexOf(a.command.id) - recent.indexOf(b.command.id) : a.rank - b.rank,
        )
        .map(({ command }) => command),
    }));
}
