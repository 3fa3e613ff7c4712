import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { decodeWire, encodeWire } from '../../../src/shared/wire.ts';

type Store = typeof import('../../../src/renderer/features/files/store.ts');
type Looks = typeof import('../../../src/renderer/features/files/looks.ts');
type Session = typeof import('../../../src/renderer/lib/session.ts');

interface Call {
  readonly name: string;
  readonly input: { readonly id?: number; readonly paths?: readonly string[] };
  readonly answer: (value: unknown) => void;
}

/** Calls of the window that wait for their answer. */
const waiting: Call[] = [];
let tell: (name: string, payload: unknown) => void = () => undefined;
let store: Store;
let looks: Looks;

beforeAll(async () => {
  vi.stubGlobal('window', {
    coffer: {
      invoke: (name: string, payload: string) =>
        name.startsWith('files.')
          ? new Promise((resolve) => {
              const answer = (value: unknown) => resolve(encodeWire({ ok: true, value }));
              waiting.push({ name, input: decodeWire(payload) as Call['input'], answer });
            })
          : Promise.resolve(encodeWire({ ok: false, error: { code: 'VaultLocked', message: 'Locked.' } })),
      on: (listener: typeof tell) => {
        tell = (name, payload) => listener(name, encodeWire(payload));
      },
      pathsFor: async (files: readonly { path: string }[]) => files.map(({ path }) => path),
    },
  });
  store = await import('../../../src/renderer/features/files/store.ts');
  looks = await import('../../../src/renderer/features/files/looks.ts');
  const session: Session = await import('../../../src/renderer/lib/session.ts');
  await session.startSession();
});
afterAll(() => vi.unstubAllGlobals());
afterEach(() => {
  looks.endLooks();
  store.clearReview();
  waiting.length = 0;
});

const later = () => new Promise((resolve) => setTimeout(resolve));
const itemAt = (path: string) => ({ path, name: path.slice(1), kind: 'file' });
const paths = (count: number) => Array.from({ length: count }, (_, at) => `/${at}`);
const shown = () => looks.useLooks.getState().looks;
const planned = () => store.useFiles.getState().plan.map(({ path }) => path);

/** Answers the call that waits first, and lets what follows from it happen. */
async function answer(): Promise<void> {
  const { input, answer } = waiting.shift() as Call;
  answer({ items: (input.paths ?? []).map(itemAt) });
  await later();
}

it('forgets a list of jobs that comes after the vault was locked', async () => {
  store.followJobs();
  tell('vault.changed', { state: 'locked' });
  waiting.shift()?.answer({ jobs: [{ id: 'secret' }] });
  await later();
  expect(store.useFiles.getState().jobs.size).toBe(0);
});

it('forgets an answer about dropped files that comes after the vault was locked', async () => {
  const first = store.review(['/secret']);
  await later();
  await answer();
  await first;
  expect(planned()).toEqual(['/secret']);
  store.clearReview();
  const second = store.review(['/secret']);
  await later();
  tell('vault.changed', { state: 'locked' });
  await answer();
  await second;
  expect([planned(), shown()]).toEqual([[], []]);
});

it('shows how many of many paths it has looked at, and takes no word of a call that is over', async () => {
  const reviewing = store.review(paths(2500));
  await later();
  expect(shown()).toMatchObject([{ step: 'looking', seen: 0, total: 2500 }]);
  const [first] = waiting;
  expect(first?.input.paths).toHaveLength(1000);
  tell('files.planned', { id: first?.input.id, paths: 300, files: 70 });
  expect(shown()).toMatchObject([{ seen: 300, files: 70 }]);
  await answer();
  expect(shown()).toMatchObject([{ seen: 1000, files: 0 }]);
  tell('files.planned', { id: first?.input.id, paths: 900, files: 90 });
  expect(shown()).toMatchObject([{ seen: 1000, files: 0 }]);
  tell('files.planned', { id: waiting[0]?.input.id, paths: 1, files: 2 });
  expect(shown()).toMatchObject([{ seen: 1001, files: 2 }]);
  await answer();
  await answer();
  await reviewing;
  expect([planned().length, shown(), waiting]).toEqual([2500, [], []]);
});

it('asks for nothing more once a look is ended, has the main process stop, and leaves the list as it was', async () => {
  const before = store.review(['/before']);
  await later();
  await answer();
  await before;
  const reviewing = store.review(paths(2500));
  await later();
  await answer();
  const [under] = waiting;
  looks.endLooks();
  // Whatever the main process is at.
  await reviewing;
  expect(shown()).toEqual([]);
  expect(waiting.map(({ name, input }) => [name, input.id])).toEqual([
    ['files.plan', under?.input.id],
    ['files.cancelPlan', under?.input.id],
  ]);
  await answer();
  expect(waiting.map(({ name }) => name)).toEqual(['files.cancelPlan']);
  expect(planned()).toEqual(['/before']);
});

it('asks nothing about a drop that was ended while its paths were found', async () => {
  const files = paths(1500).map((path) => ({ path }));
  const dropped = store.reviewDrop({ files } as never);
  expect(shown()).toMatchObject([{ step: 'finding', total: 1500 }]);
  looks.endLooks();
  await dropped;
  await later();
  expect([waiting, planned(), shown()]).toEqual([[], [], []]);
});

it('goes back to the output folder that was looked at when another is given up, and not when one is typed on', async () => {
  const reviewing = store.review(paths(3));
  await later();
  await answer();
  await reviewing;
  const one = store.setOutputFolder('/one');
  await later();
  await answer();
  await one;
  const typed = store.setOutputFolder('/t');
  const further = store.setOutputFolder('/two');
  await typed;
  expect(store.useFiles.getState().outputFolder).toBe('/two');
  looks.endLooks();
  await further;
  expect(store.useFiles.getState().outputFolder).toBe('/one');
  store.clearReview();
  await store.setOutputFolder('');
});
