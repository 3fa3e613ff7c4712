import { ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import { startNodeHelper } from '../../../src/main/key-stores/helper.ts';

const node = process.execPath;
afterEach(() => {
  process.execPath = node;
  vi.restoreAllMocks();
});

it('ends for whoever waits when it cannot be started, and signals nobody: to no process means to its own process group', async () => {
  const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockReturnValue(true);
  process.execPath = '/nowhere/node';
  const helper = startNodeHelper(pathToFileURL('/nowhere/module.js'), []);
  helper.kill();
  await new Promise<void>((resolve) => helper.onExit(resolve));
  expect(kill).not.toHaveBeenCalled();
});
