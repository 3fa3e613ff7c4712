import { ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { watchSuspend } from '../../../src/main/shell/suspend.ts';

// Without gdbus, as on Windows, macOS and a Linux that lacks it.
beforeEach(() => {
  vi.stubEnv('PATH', '/nowhere');
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('tells a sleep by the time that is missing, once, and a busy computer from it', () => {
  let suspended = 0;
  const stop = watchSuspend(() => {
    suspended += 1;
  });
  vi.advanceTimersByTime(600_000);
  vi.setSystemTime(Date.now() + 20_000);
  vi.advanceTimersByTime(10_000);
  expect(suspended).toBe(0);
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(10_000);
  expect(suspended).toBe(1);
  stop();
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(10_000);
  expect(suspended).toBe(1);
});

it('ends no process where none could be started: a signal to no process goes to its own process group', () => {
  const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockReturnValue(true);
  watchSuspend(() => undefined)();
  expect(kill).not.toHaveBeenCalled();
});
