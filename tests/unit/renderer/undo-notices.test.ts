import { notificationsStore } from '@mantine/notifications';
import type { ReactElement } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { notifyAside, notifyError, notifySuccess, undoLast } from '../../../src/renderer/lib/notify.tsx';
import { useSession } from '../../../src/renderer/lib/session.ts';
import { PartlyUndone, rememberUndo, type Undo, useLastUndo, type Watch } from '../../../src/renderer/lib/undo.ts';
import { CofferError } from '../../../src/shared/kms/errors.ts';

const shown = () => notificationsStore.getState().notifications.map(({ title }) => String(title));
const isOpen = (state: 'open' | 'locked') => useSession.setState({ status: { state } as never });
const undo = (run: Undo['run'], title = 'Put it back'): Undo => ({ title, run });

/** An undo under way, until it is ended: how it is watched. */
function slowUndo() {
  let watch: Watch | undefined;
  let fail = (_error: unknown): void => undefined;
  let succeed = (): void => undefined;
  rememberUndo(
    undo((given) => {
      watch = given;
      return new Promise<void>((resolve, reject) => {
        succeed = resolve;
        fail = reject;
      });
    }),
  );
  const running = undoLast();
  if (!watch) throw new Error('the undo did not begin');
  return { ...watch, succeed, fail, running };
}

let now = 0;
beforeEach(() => {
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  isOpen('open');
});
afterEach(() => {
  vi.restoreAllMocks();
  notificationsStore.setState({ ...notificationsStore.getState(), notifications: [], queue: [] });
  rememberUndo(null);
});

it('takes what is done for the last act, also when it cannot be taken back, but not what is none', () => {
  const first = undo(() => Promise.resolve());
  notifySuccess('Done.', undefined, { undo: first });
  notifyAside('It is on the clipboard.');
  expect(useLastUndo.getState().undo).toBe(first);
  notifySuccess('Done, for good.');
  expect(useLastUndo.getState().undo).toBeNull();
});

it('shows how far a long undo is, and stops it when asked to', async () => {
  const { signal, onProgress, succeed, running } = slowUndo();
  onProgress(1, 100);
  expect(shown()).toEqual([]);
  now = 1000;
  onProgress(40, 100);
  onProgress(41, 100);
  expect(shown()).toEqual(['Put it back']);
  const message = notificationsStore.getState().notifications[0]?.message;
  const { props } = message as ReactElement<{ done: number; total: number; onStop: () => void }>;
  expect(props).toMatchObject({ done: 41, total: 100 });
  props.onStop();
  expect(signal.aborted).toBe(true);
  succeed();
  await running;
  expect(shown()).toEqual(['Undone']);
});

it('keeps the way back for what is left, unless something was done since', async () => {
  const rest = undo(() => Promise.resolve(), 'the rest');
  const first = slowUndo();
  first.fail(new PartlyUndone('Done for 1 of 2 keys.', rest));
  await first.running;
  expect(shown()).toEqual(['PartlyUndone']);
  expect(useLastUndo.getState().undo).toBe(rest);

  const second = slowUndo();
  const since = undo(() => Promise.resolve(), 'since');
  rememberUndo(since);
  second.fail(new PartlyUndone('Done for 1 of 2 keys.', rest));
  await second.running;
  expect(useLastUndo.getState().undo).toBe(since);
});

it('says nothing of an undo that the lock cut off', async () => {
  const { fail, running } = slowUndo();
  isOpen('locked');
  fail(
    new PartlyUndone(
      'invoices: The vault is locked.',
      undo(() => Promise.resolve()),
    ),
  );
  await running;
  expect(shown()).toEqual([]);
  expect(useLastUndo.getState().undo).toBeNull();
});

it('says nothing of an act that ends when the vault is locked by then, and keeps no way back for the next session', () => {
  isOpen('locked');
  notifySuccess('2 keys enabled.', undefined, { answer: {}, undo: undo(() => Promise.resolve()) });
  expect(shown()).toEqual([]);
  expect(useLastUndo.getState().undo).toBeNull();
  notifyError(new CofferError('VaultLocked', 'The vault is locked.'));
  expect(shown()).toEqual([]);
  // What is done with a locked vault is said.
  notifySuccess('The passphrase of the backup opens it.', 'The backup was restored');
  expect(shown()).toEqual(['The backup was restored']);
});
