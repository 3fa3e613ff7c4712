import { lstat } from 'node:fs/promises';
import { CofferError } from '../../shared/kms/errors.ts';
import { matching, saveResults, summary } from '../files/results.ts';
import type { Session } from '../session.ts';
import type { Shell } from '../shell/shell.ts';
import { paced } from '../throttle.ts';
import { absolute } from './absolute.ts';
import { LongCalls, TELL_MS } from './long-calls.ts';
import type { Emit, Handlers } from './router.ts';

const isThere = (file: string) =>
  lstat(file).then(
    () => true,
    () => false,
  );

/** What answers the window about files. */
export function fileHandlers(
  session: Session,
  { shell, emit }: { readonly shell: Shell; readonly emit: Emit },
): Pick<Handlers, Extract<keyof Handlers, `files.${string}`>> {
  const files = () => session.opened().files;
  const plans = new LongCalls<number>();
  const history = () => session.opened().fileHistory;
  return {
    'files.plan': async ({ id, paths, outputFolder }) => {
      const open = session.opened();
      return plans.run(id, async (stop) => {
        const full = await Promise.all(paths.map(absolute));
        const folder = outputFolder === undefined ? undefined : await absolute(outputFolder);
        const signal = AbortSignal.any([open.signal, stop]);
        const onPlanned = paced(TELL_MS, (done: number, found: number) =>
          emit('files.planned', { id, paths: done, files: found }),
        );
        return { items: await open.files.plan(full, folder, { signal, onPlanned }) };
      });
    },
    'files.cancelPlan': ({ id }) => {
      plans.cancel(id);
      return {};
    },
    'files.start': async (wish) => {
      for (const { path: file } of wish.items) await absolute(file);
      if (wish.outputFolder !== undefined) await absolute(wish.outputFolder);
      return { jobs: await files().start(wish) };
    },
    'files.checkKey': ({ keyArn, region, name }) => {
      const paths = history().sealed(keyArn);
      if (paths.length === 0)
        throw new CofferError('NothingToCheck', 'No past file is known to be encrypted under this key.');
      return { job: files().check(name, { keyArn, paths }, region) };
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
      const title = `Encrypted files ${root.startsWith('arn:') ? 'under' : 'in'} ${root}, looked at ${new Date(createdAt).toISOString()}`;
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
