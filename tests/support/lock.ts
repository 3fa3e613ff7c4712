import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { acquireLock, type VaultLock } from '../../src/main/vault/lock.ts';

/** Above the largest number Linux gives a process. */
export const NOBODY = 2 ** 22 + 1;

/** A lock file as this process writes it, with some of its facts replaced. */
export async function lockWith(dir: string, changes: Record<string, unknown>): Promise<void> {
  const lock = await acquireLock(dir);
  const own = JSON.parse(await readFile(path.join(dir, 'lock'), 'utf8'));
  await lock.release();
  await writeFile(path.join(dir, 'lock'), JSON.stringify({ ...own, ...changes }));
}

/** Fails unless exactly one of many that try at the same time gets the lock, and leaves nothing when it gives it back. */
export async function expectOneHolder(dir: string): Promise<void> {
  const tries = await Promise.allSettled(Array.from({ length: 12 }, () => acquireLock(dir)));
  const held = tries.filter((each): each is PromiseFulfilledResult<VaultLock> => each.status === 'fulfilled');
  expect(held).toHaveLength(1);
  await held[0]?.value.release();
  expect(await readdir(dir)).toEqual([]);
}
