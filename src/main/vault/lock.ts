import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { CofferError } from '../../shared/kms/errors.ts';
import { hasNoHardLinks } from './new-file.ts';

/**
 * One process at a time: a file that names its holder. The holder is taken for dead only when that is certain: the process
 * table it lived in is gone with its boot, or is ours and does not hold it any more. A later process with the same number is
 * told apart by its start time. A process that is stopped still holds.
 */
const Holder = z.object({
  pid: z.number().int().positive(),
  /** Clock ticks from boot to the start of the process, where /proc tells; elsewhere ''. */
  started: z.string(),
  host: z.string(),
  /** Differs between computers of the same name; '' where there is none. */
  machine: z.string(),
  /** The kernel's boot and the process table in it; '' where there is no /proc. */
  boot: z.string(),
  processes: z.string(),
  /** Tells two locks of one process apart. */
  token: z.string(),
});
type Holder = z.output<typeof Holder>;

/** Tokens of the locks that this process holds or is taking. */
const ours = new Set<string>();

function orEmpty(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

/** Fields of /proc/<pid>/stat after the command, which stands in parentheses and may hold spaces: state is the first. */
function stat(pid: number): readonly string[] {
  const text = orEmpty(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return text === '' ? [] : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

function self(): Holder {
  return {
    pid: process.pid,
    started: stat(process.pid)[19] ?? '',
    host: hostname(),
    // machine-id(5) asks for a hash: the id itself is not to be written where others may read it.
    machine: orEmpty(() =>
      createHash('sha256')
        .update(`coffer ${readFileSync('/etc/machine-id', 'utf8').trim()}`)
        .digest('hex')
        .slice(0, 32),
    ),
    boot: orEmpty(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
    processes: orEmpty(() => readlinkSync('/proc/self/ns/pid')),
    token: randomUUID(),
  };
}

/** Whether the holder may still live. */
function mayLive(holder: Holder, we: Holder): boolean {
  if (holder.boot !== we.boot) return holder.host !== we.host || holder.machine !== we.machine;
  if (holder.processes !== we.processes || (holder.boot === '' && holder.host !== we.host)) return true;
  // Our own, or of an earlier process of our number. One that we gave up stays where its disk was gone at that moment.
  if (holder.pid === we.pid) return ours.has(holder.token);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const [state, started] = [stat(holder.pid)[0], stat(holder.pid)[19]];
  // Dead, and only not yet collected by its parent.
  if (state === 'Z' || state === 'X') return false;
  return !started || holder.started === '' || started === holder.started;
}

function inUse(holder: Holder, we: Holder, file: string): CofferError {
  const elsewhere = holder.boot !== we.boot || holder.processes !== we.processes || holder.host !== we.host;
  return new CofferError(
    'VaultInUse',
    elsewhere
      ? `Another Coffer (process ${holder.pid} on ${holder.host}) has this vault open. Close it there first; if it surely does not run any more, remove the file ${file}.`
      : `Another Coffer (process ${holder.pid}) has this vault open. Close it there first.`,
    { pid: holder.pid, host: holder.host },
  );
}

export interface VaultLock {
  release(): Promise<void>;
}

const TRIES = 20;
const RETRY_MS = 20;
/** Longer than anybody takes between looking at a lock that seems to be half written and removing it. */
const SETTLE_MS = 100;

/** One process's taking of a lock. */
interface Taking {
  readonly file: string;
  readonly we: Holder;
  /** What a lock of ours holds, and the file it stands in before it has its name. */
  readonly own: string;
  readonly draft: string;
  /** What files were seen to hold that names nobody. */
  readonly odd: Map<string, string>;
}

/**
 * Takes the vault's lock. @throws CofferError `VaultInUse` with the holder's pid; or what the file system answers.
 */
export async function acquireLock(dir: string): Promise<VaultLock> {
  const file = path.join(dir, 'lock');
  const we = self();
  ours.add(we.token);
  try {
    return await take({
      file,
      we,
      own: JSON.stringify(we),
      draft: path.join(dir, `lock.${we.token}.tmp`),
      odd: new Map(),
    });
  } catch (error) {
    ours.delete(we.token);
    throw error;
  }
}

async function take(taking: Taking): Promise<VaultLock> {
  const { file, we, own, draft } = taking;
  try {
    await writeFile(draft, own, { mode: 0o600 });
    for (let tries = 0; tries < TRIES; tries++) {
      if (await placed(taking, file)) return { release: () => release(taking) };
      const text = await readFile(file, 'utf8').catch(() => '');
      const holder = parse(text);
      if (holder && mayLive(holder, we)) throw inUse(holder, we, file);
      const stale = holder !== undefined || staysOdd(taking, file, text);
      if (!stale || !(await removeStale(taking, text))) await sleep(RETRY_MS);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new CofferError('VaultInUse', 'Another Coffer is opening this vault at this moment. Try again.');
}

/** Whether a text that names nobody was there at the last look, too: at the first it may be a lock that is being written in place. */
function staysOdd({ odd }: Taking, name: string, text: string): boolean {
  const stays = odd.get(name) === text;
  odd.set(name, text);
  return stays;
}

/** Puts our text under a name that nobody has. */
async function placed({ draft, own }: Taking, name: string): Promise<boolean> {
  try {
    // link, unlike open with O_EXCL, never shows a lock whose holder is not written in it yet.
    await link(draft, name);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    if (!hasNoHardLinks(error)) throw error;
  }
  return writtenInPlace(name, own);
}

/** The same where there are no hard links. Whoever saw it half written may remove it: it counts when it is there a moment later. */
async function writtenInPlace(name: string, own: string): Promise<boolean> {
  try {
    await writeFile(name, own, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  await sleep(SETTLE_MS);
  return (await readFile(name, 'utf8').catch(() => '')) === own;
}

/**
 * Removes a lock whose holder is dead. Only who holds the guard may, and looks again under it: otherwise two that saw the
 * same stale lock could each remove what stands there, the second one the live lock of the first.
 */
async function removeStale(taking: Taking, stale: string): Promise<boolean> {
  const { file, we } = taking;
  const guard = `${file}.guard`;
  if (!(await placed(taking, guard))) {
    const text = await readFile(guard, 'utf8').catch(() => '');
    const holder = parse(text);
    if (holder ? !mayLive(holder, we) : staysOdd(taking, guard, text)) await rm(guard, { force: true });
    return false;
  }
  try {
    if ((await readFile(file, 'utf8').catch(() => undefined)) === stale) await rm(file, { force: true });
    return true;
  } finally {
    await rm(guard, { force: true });
  }
}

function parse(text: string): Holder | undefined {
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** Removes our lock. A disk that is gone, or may not be written any more, keeps nothing open: what stays there is then nobody's. */
async function release({ file, we, own }: Taking): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (text === own) await rm(file, { force: true }).catch(() => undefined);
  ours.delete(we.token);
}
