import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { PATHS_PER_CALL } from '../../../src/shared/contract/paths-per-call.ts';
import { decodeWire, encodeWire } from '../../../src/shared/wire.ts';

type Store = typeof import('../../../src/renderer/features/sign/store.ts');
type Session = typeof import('../../../src/renderer/lib/session.ts');

interface Waiting {
  readonly name: string;
  readonly input: { readonly paths?: readonly string[]; readonly what?: { readonly paths: readonly string[] } };
  answer(value: unknown): void;
  refuse(): void;
}

/** Calls of the window that wait for their answer. */
const waiting: Waiting[] = [];
let tell: (name: string, payload: unknown) => void = () => undefined;
let store: Store;

beforeAll(async () => {
  vi.stubGlobal('window', {
    coffer: {
      invoke: (name: string, wire: string) =>
        name.startsWith('sign.')
          ? new Promise((resolve) =>
              waiting.push({
                name,
                input: decodeWire(wire) as Waiting['input'],
                answer: (value) => resolve(encodeWire({ ok: true, value })),
                refuse: () =>
                  resolve(encodeWire({ ok: false, error: { code: 'NotFoundException', message: 'Gone.' } })),
              }),
            )
          : Promise.resolve(encodeWire({ ok: false, error: { code: 'VaultLocked', message: 'Locked.' } })),
      on: (listener: typeof tell) => {
        tell = (name, payload) => listener(name, encodeWire(payload));
      },
    },
  });
  store = await import('../../../src/renderer/features/sign/store.ts');
  const session: Session = await import('../../../src/renderer/lib/session.ts');
  await session.startSession();
});
afterEach(() => {
  expect(waiting).toEqual([]);
  tell('vault.changed', { state: 'locked' });
});
afterAll(() => vi.unstubAllGlobals());

const settled = () => new Promise((resolve) => setTimeout(resolve));
const itemOf = (path: string) => ({ path, name: path, size: 1 });
const next = async (name: string) => {
  await settled();
  const call = waiting.shift();
  expect(call?.name).toBe(name);
  return call as Waiting;
};
const pathsOf = () => store.useSigning.getState().sign.files.map(({ path }) => path);

async function fill(paths: readonly string[]): Promise<void> {
  const added = store.addFiles(paths);
  for (let left = paths.length; left > 0; left -= PATHS_PER_CALL) {
    const call = await next('sign.look');
    call.answer({ items: call.input.paths?.map(itemOf) });
  }
  await added;
}

it('takes as many files as there are, and begins them a call’s worth at a time', async () => {
  const paths = Array.from({ length: 2 * PATHS_PER_CALL + 3 }, (_, at) => `/${at}`);
  await fill([...paths, '/0']);
  expect(pathsOf()).toEqual(paths);
  const started = store.startSigning('key', 'eu-central-1', 'ECDSA_SHA_256');
  const lengths: number[] = [];
  for (let call = 0; call < 3; call++) {
    const { input, answer } = await next('sign.start');
    lengths.push(input.what?.paths.length ?? 0);
    answer({ jobs: [{ id: `${call}`, action: 'sign' }] });
  }
  await started;
  expect(lengths).toEqual([PATHS_PER_CALL, PATHS_PER_CALL, 3]);
  expect(pathsOf()).toEqual([]);
  expect(store.useSigning.getState().jobs.size).toBe(3);
});

it('keeps files that were not begun, and those that were added meanwhile', async () => {
  const paths = Array.from({ length: PATHS_PER_CALL + 2 }, (_, at) => `/${at}`);
  await fill(paths);
  const started = store.startSigning('key', 'eu-central-1', 'ECDSA_SHA_256');
  (await next('sign.start')).answer({ jobs: [] });
  const second = await next('sign.start');
  await fill(['/late']);
  second.refuse();
  await expect(started).rejects.toMatchObject({ code: 'NotFoundException' });
  expect(pathsOf()).toEqual([...paths.slice(PATHS_PER_CALL), '/late']);
});

it('forgets answers that come after the vault was locked', async () => {
  const added = store.addFiles(['/secret']);
  const look = await next('sign.look');
  store.followJobs();
  const list = await next('sign.list');
  const dropped = store.takeToVerify(['/secret.sig']);
  const beside = await next('sign.look');
  tell('vault.changed', { state: 'locked' });
  look.answer({ items: [itemOf('/secret')] });
  list.answer({ jobs: [{ id: 'secret', action: 'sign' }] });
  beside.answer({ items: [itemOf('/secret')] });
  await Promise.all([added, dropped]);
  await settled();
  expect(pathsOf()).toEqual([]);
  expect(store.useSigning.getState().jobs.size).toBe(0);
  expect(store.useSigning.getState().verify.file).toBe('');
});

it('takes the signature of one file for no other’s, and leaves one that was chosen by itself', async () => {
  const draft = () => {
    const { file, signatureFile } = store.useSigning.getState().verify;
    return [file, signatureFile];
  };
  const look = async (path: string, signature?: string) =>
    (await next('sign.look')).answer({ items: [{ ...itemOf(path), ...(signature ? { signature } : {}) }] });
  const drop = async (...paths: string[]) => {
    const dropped = store.takeToVerify(paths);
    await settled();
    return dropped;
  };

  const first = drop('/a');
  await look('/a', '/a.sig');
  await first;
  expect(draft()).toEqual(['/a', '/a.sig']);
  // Nobody verifies the next file by it while that one's own is looked for, or when it has none.
  const second = drop('/b');
  await settled();
  expect(draft()).toEqual(['/b', '']);
  await look('/b');
  await second;
  expect(draft()).toEqual(['/b', '']);

  await drop('/c', '/elsewhere/c.sig');
  expect(draft()).toEqual(['/c', '/elsewhere/c.sig']);
  store.changeFile('/d');
  expect(draft()).toEqual(['/d', '']);

  store.changeVerify({ signatureFile: '/chosen.sig', signatureOf: '' });
  const third = drop('/e');
  await look('/e');
  await third;
  expect(draft()).toEqual(['/e', '/chosen.sig']);
});
