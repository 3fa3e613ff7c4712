import { lstat } from 'node:fs/promises';
import { CofferError } from '../../shared/kms/errors.ts';
import { matching, saveResults, summary } from '../files/results.ts';
import type { Session } from '../session.ts';
import type { Shell } from '../shell/shell.ts';
import { absolute } from './absolute.ts';
import type { Handlers } from './router.ts';

const isThere = (file: string) =>
  lstat(file).then(
    () => true,
    () => false,
  );

/** What answers the window about files. */
export function fileHandlers(
  session: Session,
  shell: Shell,
): Pick<Handlers, Extract<keyof Handlers, `files.${string}`>> {
  const files = () => session.opened().files;
  const history = () => session.opened().fileHistory;
  return {
    'files.plan': async ({ paths, outputFolder }) => ({
      items: await files().plan(
        await Promise.all(paths.map(absolute)),
        outputFolder === undefined ? undefined : await absolute(outputFolder),
      ),
    }),
    'files.start': async (wish) => {
      for (const { path: file } of wish.items) await absolute(file);
      return { jobs: await files().start(wish) };
    },
    'files.list': () => ({ jobs: files().list() }),
    'files.cancel': ({ id }) => {
      files().cancel(id);
      return {};
    },
    'files.pause': ({ id }) => {
      files().pause(id);
      return {};
    },
    'files.resume': ({ id }) => {
      files().resume(id);
      return {};
    },
    'files.retry': ({ id, onConflict }) => {
      files().retry(id, onConflict);
      return {};
    },
    'files.results': ({ id, offset, limit, ...filter }) => {
      const results = files().results(id);
      const fitting = matching(results, filter);
      return { ...summary(results), results: fitting.slice(offset, offset + limit), matching: fitting.length };
    },
    'files.saveResults': async ({ id, folder, format, ...filter }) => {
      const results = matching(files().results(id), filter);
      const { path: root, createdAt } = files()
        .list()
        .find((job) => job.id === id) ?? { path: '', createdAt: 0 };
      const title = `Encrypted files in ${root}, looked at ${new Date(createdAt).toISOString()}`;
      return {
        path: await saveResults({ folder: await absolute(folder), format, title }, results),
        results: results.length,
      };
    },
    // The window names a job and no path: what leaves it is a result of its own.
    'files.drag': async ({ id }) => {
      const file = files().outputOf(id);
      if (!shell.drag) throw new CofferError('NoDrag', 'Files cannot be dragged out of this window.');
      if (!(await isThere(file))) throw new CofferError('FileNotFound', 'The result is not there any more.');
      await shell.drag(file);
      return {};
    },
    'files.history': async (asked) => {
      const { entries, matching: count } = history().list(asked);
      const there = await Promise.all(entries.map(async ({ output }) => output !== undefined && isThere(output)));
      return {
        entries: entries.map((entry, at) => ({ ...entry, there: there[at] ?? false })),
        matching: count,
        keys: history().keys(),
      };
    },
    'files.forgetHistory': async () => {
      await history().forget();
      return {};
    },
    'files.clear': () => {
      files().clear();
      return {};
    },
  };
}
