import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { CofferError } from '../../shared/kms/errors.ts';

/** One process at a time: a file that names its holder, told apart from a later process with the same number by its start time. */
const Holder = z.object({ pid: z.number().int().positive(), started: z.string(), host: z.string() });
type Holder = z.output<typeof Holder>;

/** The start time of a process in clock ticks since boot, where /proc tells; elsewhere ''. */
function startedAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The command in parentheses may hold spaces; the start time is field 22, the 20th after it.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function isAlive({ pid, started, host }: Holder): boolean {
  if (host !== hostname()) return true; // A vault on a shared disk: only that computer can know.
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  return startedAt(pid) === started;
}

function inUse(holder: Holder): CofferError {
  const where = holder.host === hostname() ? '' : ` on ${holder.host}`;
  return new CofferError(
    'VaultInUse',
    `Another Coffer (process ${holder.pid}${where}) has this vault open. Close it there first.`,
    {
      pid: holder.pid,
      host: holder.host,
    },
  );
}

export interface VaultLock {
  release(): Promise<void>;
}

/**
 * Takes the vault's lock. @throws CofferError `VaultInUse` with the holder's pid.
 */
export async function acquireLock(dir: string): Promise<VaultLock> {
  const file = path.join(dir, 'lock');
  const own = JSON.stringify({ pid: process.pid, started: startedAt(process.pid), host: hostname() });
  const draft = path.join(dir, `lock.${process.pid}.tmp`);
  await writeFile(draft, own, { mode: 0o600 });
  try {
    for (let tries = 0; tries < 5; tries++) {
      try {
        // link, unlike open with O_EXCL, never shows a lock whose holder is not written in it yet.
        await link(draft, file);
        return { release: () => release(file, own) };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const text = await readFile(file, 'utf8').catch(() => '');
      const holder = parse(text);
      if (holder && isAlive(holder)) throw inUse(holder);
      // Stale. Move it aside and look again at what was moved: somebody quicker may have put a live lock in its place.
      const aside = path.join(dir, `lock.${process.pid}.stale`);
      await rename(file, aside).catch(() => undefined);
      const moved = await readFile(aside, 'utf8').catch(() => text);
      if (moved !== text) await link(aside, file).catch(() => undefined);
      await rm(aside, { force: true });
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new CofferError('VaultInUse', 'Another Coffer is opening this vault at this moment. Try again.');
}

function parse(text: string): Holder | undefined {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function release(file: string, own: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => '')) === own) await rm(file, { force: true });
}
