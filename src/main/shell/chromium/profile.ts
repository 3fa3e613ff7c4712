import { accessSync, constants } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

/**
 * The browser's profile. A browser writes what a person types into its profile in clear (its session files keep the text of
 * fields, its autofill what was submitted), so Coffer's is new at each start, lies in memory where the system has a place for
 * that, and is removed at the end. Nothing in it is worth keeping: preferences are Coffer's own.
 */
const PREFIX = 'coffer-browser-';

function writable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder profiles go to: one that lives in memory, or else the system's temporary folder. */
export function profilesFolder(env: NodeJS.ProcessEnv = process.env, platform = process.platform): string {
  const inMemory = platform === 'linux' ? [env.XDG_RUNTIME_DIR, '/dev/shm'] : [];
  return inMemory.find((folder): folder is string => folder !== undefined && writable(folder)) ?? tmpdir();
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const remove = (folder: string) => rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });

/** Makes a profile's folder, readable by its owner only, and removes those whose process was killed before it could. */
export async function createProfile(folder = profilesFolder()): Promise<{ path: string; remove(): Promise<void> }> {
  for (const name of await readdir(folder)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    // One that cannot be removed is somebody else's.
    if (Number.isSafeInteger(pid) && !alive(pid)) await remove(path.join(folder, name)).catch(() => undefined);
  }
  const profile = await mkdtemp(path.join(folder, `${PREFIX}${process.pid}-`));
  return { path: profile, remove: () => remove(profile) };
}
