import { z } from 'zod';
import type { Coming } from './kms/coming.ts';
import { DAY } from './kms/lifecycle.ts';

/** What was told of one coming thing: of which stage, and when. */
const ToldOne = z.object({ stage: z.enum(['week', 'day']), at: z.number() });
/** By what it is about. It lies in the vault: dates and keys are nobody's business while that is locked. */
export const Told = z.record(z.string(), ToldOne);
export type Told = z.output<typeof Told>;

const idOf = ({ what, keyId, region, at }: Coming): string => `${what} ${region} ${keyId} ${at}`;

/** A deletion is told of twice, as it cannot be taken back: in its last week and on its last day. */
const stageOf = ({ what, at }: Coming, now: number): 'week' | 'day' =>
  what !== 'rotation' && at - now <= DAY ? 'day' : 'week';

/**
 * What is to be told now: each thing once at each stage, and again only when a day has passed. `told` is what to remember
 * afterwards; what has passed, or was called off, is forgotten.
 */
export function dueReminders(coming: readonly Coming[], told: Told, now: number): { due: Coming[]; told: Told } {
  const next: Told = {};
  const due: Coming[] = [];
  for (const each of coming) {
    const id = idOf(each);
    const stage = stageOf(each, now);
    const before = told[id];
    // What was told at a time that is yet to come was told while this computer's clock was ahead.
    const holds = before && before.at - now < DAY;
    if (holds && (before.stage === stage || now - before.at < DAY)) {
      next[id] = before;
      continue;
    }
    next[id] = { stage, at: now };
    due.push(each);
  }
  return { due, told: next };
}

const NAMES_SHOWN = 3;

const counted = (count: number, one: string, many: string) => `${count} ${count === 1 ? one : many}`;

function namesOf(coming: readonly Coming[]): string {
  const names = coming.map(({ alias, keyId }) => alias?.replace(/^alias\//, '') ?? `${keyId.slice(0, 8)}…`);
  const more = names.length - NAMES_SHOWN;
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/**
 * The reminder in words. The desktop shows it to whoever stands before it, on the lock screen too: names of keys are in it only
 * when the person allowed that.
 */
export function reminderWords(
  due: readonly Coming[],
  now: number,
  withNames: boolean,
): { title: string; body: string } {
  const part = (of: readonly Coming[], one: string, many: string, when: string): string[] =>
    of.length === 0 ? [] : [`${counted(of.length, one, many)} ${when}${withNames ? `: ${namesOf(of)}` : ''}.`];
  const soon = ({ at }: Coming) => at - now <= DAY;
  const of = (what: Coming['what']) => due.filter((each) => each.what === what);
  const gone = of('deletion');
  const expiring = of('expiry');
  const lines = [
    ...part(gone.filter(soon), 'key will be deleted', 'keys will be deleted', 'within a day'),
    ...part(
      gone.filter((each) => !soon(each)),
      'key will be deleted',
      'keys will be deleted',
      'within a week',
    ),
    ...part(
      expiring.filter(soon),
      'key loses its imported material',
      'keys lose their imported material',
      'within a day',
    ),
    ...part(
      expiring.filter((each) => !soon(each)),
      'key loses its imported material',
      'keys lose their imported material',
      'within a week',
    ),
    ...part(of('rotation'), 'key rotates', 'keys rotate', 'within a week'),
  ];
  return { title: 'Coming up in Coffer', body: lines.join('\n') };
}
