import { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { askForPath } from '../../../src/main/shell/chromium/path-dialog.ts';
import { watchLogind } from '../../../src/main/shell/suspend.ts';

// Where the process has no file descriptor left Node starts nothing, says so a moment later, and gives the child no streams.
beforeEach(() => {
  vi.spyOn(ChildProcess.prototype as unknown as { spawn(): number }, 'spawn').mockImplementation(function (
    this: ChildProcess,
  ) {
    process.nextTick(() => this.emit('error', Object.assign(new Error('spawn EMFILE'), { code: 'EMFILE' })));
    return -24;
  });
});
afterEach(() => vi.restoreAllMocks());

it('a dialog that cannot be started for want of descriptors is one that is not there', async () => {
  expect(await askForPath('folder', 'Which folder?')).toBeUndefined();
});

it('a listener that cannot be started for want of descriptors hears nothing, and the window opens', async () => {
  const stop = watchLogind(() => undefined);
  await new Promise((resolve) => setImmediate(resolve));
  stop();
});
