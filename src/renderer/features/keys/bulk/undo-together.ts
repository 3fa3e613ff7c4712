import { formatNumber, plural } from '../../../lib/format.ts';
import { PartlyUndone, type Undo } from '../../../lib/undo.ts';
import { type KeyRow, keyName } from '../model.ts';
import { type Done, forEach } from './run-all.ts';

type Undoable = { readonly key: KeyRow; readonly undo: Undo };

/** Keys that are named as not put back. */
const NAMED = 5;

/** Takes the same act on several keys back, as `title` says of them; undefined unless each of them can be. */
export function undoTogether(title: string, done: readonly Pick<Done, 'key' | 'undo'>[]): Undo | undefined {
  const all = done.flatMap(({ key, undo }) => (undo ? [{ key, undo }] : []));
  return all.length > 0 && all.length === done.length ? undoEach(title, all) : undefined;
}

function undoEach(title: string, all: readonly Undoable[]): Undo {
  return {
    title: `${title}: ${plural(all.length, 'key')}`,
    run: async (watch) => {
      const { done, failed } = await forEach(all, ({ undo }) => undo.run(watch), watch);
      if (done.length === all.length) return done.at(-1)?.result;
      // What was changed again since stays so however often it is tried.
      const settled = new Set([
        ...done.map(({ item }) => item),
        ...failed.filter(({ error }) => error.code === 'ChangedSince').map(({ item }) => item),
      ]);
      const rest = all.filter((each) => !settled.has(each));
      const why = failed.slice(0, NAMED).map(({ item, error }) => `${keyName(item.key)}: ${error.message}`);
      throw new PartlyUndone(
        [
          `${title}: done for ${formatNumber(done.length)} of ${plural(all.length, 'key')}.`,
          ...why,
          ...(failed.length > NAMED ? [`And ${formatNumber(failed.length - NAMED)} more failed.`] : []),
          ...(rest.length > 0 ? ['Undo tries again what is left.'] : []),
        ].join(' '),
        rest.length > 0 ? undoEach(title, rest) : null,
      );
    },
  };
}
