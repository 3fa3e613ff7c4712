import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../support/bundle.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

describe.skipIf(process.platform === 'win32')('the program', () => {
  let child: Awaited<ReturnType<typeof bundle>>;
  beforeAll(async () => {
    child = await bundle('tests/support/stuck-child.ts');
  });
  afterAll(() => child.remove());

  async function endOf(file: string): Promise<unknown[]> {
    const running = spawn(process.execPath, [child.file, file], { stdio: 'inherit' });
    const late = setTimeout(() => running.kill('SIGTERM'), 10_000);
    const end = await once(running, 'exit');
    clearTimeout(late);
    return end;
  }

  it('ends as usual when nothing hangs', () =>
    inTemporaryFolder(async (dir) => {
      await writeFile(path.join(dir, 'file'), '');
      expect(await endOf(path.join(dir, 'file'))).toEqual([0, null]);
    }));

  it('ends also while a thread of it waits for a disk that does not answer', () =>
    inTemporaryFolder(async (dir) => {
      execFileSync('mkfifo', [path.join(dir, 'pipe')]);
      // Node's own exit waits for that thread without end.
      expect(await endOf(path.join(dir, 'pipe'))).toEqual([null, 'SIGKILL']);
    }));
});
