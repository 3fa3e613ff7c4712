import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { acquireLock } from '../../../src/main/vault/lock.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { bundle } from '../../support/bundle.ts';
import { inTemporaryFolder, PASSPHRASE, refusalOf, vaultOptions } from '../../support/vault.ts';

const options = vaultOptions();
const way = { kind: 'passphrase', secret: PASSPHRASE } as const;

describe('a vault that another process has open', () => {
  let child: Awaited<ReturnType<typeof bundle>>;
  beforeAll(async () => {
    child = await bundle('tests/support/holder-child.ts');
  });
  afterAll(() => child.remove());

  async function openElsewhere(dir: string): Promise<{ holder: ChildProcess; said: Record<string, unknown> }> {
    const holder = spawn(process.execPath, [child.file, dir], { stdio: ['pipe', 'pipe', 'inherit'] });
    const lines = createInterface({ input: holder.stdout as NodeJS.ReadableStream })[Symbol.asyncIterator]();
    return { holder, said: JSON.parse((await lines.next()).value) };
  }

  async function withVault(work: (dir: string) => Promise<void>): Promise<void> {
    await inTemporaryFolder(async (home) => {
      const dir = path.join(home, 'v');
      const { vault } = await Vault.create(dir, options, { name: 'x', passphrase: PASSPHRASE, useKeychain: false });
      await vault.close();
      await work(dir);
    });
  }

  it('is refused with its process number, also while that one is stopped, and free when it closes', () =>
    withVault(async (dir) => {
      const { holder, said } = await openElsewhere(dir);
      expect(said).toEqual({ open: true });
      const expected = { code: 'VaultInUse', details: { pid: holder.pid } };
      expect(await refusalOf(Vault.open(dir, options, way))).toMatchObject(expected);
      holder.kill('SIGSTOP');
      expect(await refusalOf(Vault.open(dir, options, way))).toMatchObject(expected);
      holder.kill('SIGCONT');
      holder.stdin?.end();
      await once(holder, 'exit');
      await (await Vault.open(dir, options, way)).close();
    }));

  it('is taken over when that one was killed', () =>
    withVault(async (dir) => {
      const { holder } = await openElsewhere(dir);
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      expect(JSON.parse(await readFile(path.join(dir, 'lock'), 'utf8')).pid).toBe(holder.pid);
      const vault = await Vault.open(dir, options, way);
      // And the other way around: the child is told of us.
      const { holder: second, said } = await openElsewhere(dir);
      expect(said).toMatchObject({ code: 'VaultInUse', details: { pid: process.pid } });
      second.stdin?.end();
      await once(second, 'exit');
      await vault.close();
    }));

  it.runIf(process.platform === 'linux')('is taken over from a dead process that nobody has collected', () =>
    withVault(async (dir) => {
      const script = 'import os,sys,time\np=os.fork()\nif p==0: os._exit(0)\nprint(p,flush=True)\nsys.stdin.read()';
      const parent = spawn('python3', ['-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
      const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
      const pid = Number((await lines.next()).value);
      const field = () => readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      while (field()[0] !== 'Z') await new Promise((resolve) => setTimeout(resolve, 5));
      const lock = await acquireLock(dir);
      const own = JSON.parse(await readFile(path.join(dir, 'lock'), 'utf8'));
      await lock.release();
      await writeFile(path.join(dir, 'lock'), JSON.stringify({ ...own, pid, started: field()[19] }));
      await (await Vault.open(dir, options, way)).close();
      parent.stdin.end();
      await once(parent, 'exit');
    }),
  );
});
