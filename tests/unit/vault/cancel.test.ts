import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { restoreBackup, writeBackup } from '../../../src/main/vault/backup.ts';
import { Database } from '../../../src/main/vault/database.ts';
import { salvageVault } from '../../../src/main/vault/salvage.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { CofferError } from '../../../src/shared/kms/errors.ts';
import type { Progress } from '../../../src/shared/progress.ts';
import {
  addNote,
  filesOf,
  handlePrototype,
  holdsExactly,
  IN_MEMORY,
  layOut,
  PASSPHRASE,
  refusalOf,
  temporaryFolder,
  vaultOptions,
} from '../../support/vault.ts';

const way = { kind: 'passphrase', secret: PASSPHRASE } as const;
const options = vaultOptions();
/** More than is written before the disk is waited for, and some chunks. */
const LENGTH = 9 * 2 ** 20;

/** Follows work to its end; `shares` is how much of it was done at each word of it. */
async function followed(work: (progress: Progress) => Promise<unknown>): Promise<number[]> {
  const shares: number[] = [];
  await work({ onProgress: (done, total) => shares.push(done / total) });
  return shares;
}

/** Ends work at the `at`th word of how far it is, and before it begins when there is none. */
async function cancelledAt(at: number, work: (progress: Progress) => Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  const cancel = () => stop.abort(new CofferError('Cancelled', 'Cancelled.'));
  if (at < 0) cancel();
  let words = 0;
  const refused = await refusalOf(
    work({
      signal: stop.signal,
      onProgress: () => {
        if (words++ === at) cancel();
      },
    }),
  );
  expect([at, refused.code]).toEqual([at, 'Cancelled']);
  // Nothing more was done than what was under way.
  expect(words).toBe(at + 1);
}

describe('long work on a vault says how far it is, and leaves nothing wherever it is cancelled', () => {
  let home: string;
  let dir: string;
  let vault: Vault;
  let remove: () => Promise<void>;
  beforeAll(async () => {
    ({ dir: home, remove } = await temporaryFolder(IN_MEMORY));
    dir = path.join(home, 'v');
    ({ vault } = await Vault.create(dir, options, { name: 'Mine', passphrase: PASSPHRASE, useKeychain: false }));
    await addNote(vault, 'long', new Uint8Array(LENGTH).fill(7));
    await vault.snapshot();
  });
  afterAll(async () => {
    await vault.close();
    await remove();
  });

  /** Follows the work once, ends it everywhere else, and looks at what lies in the folder after each time. */
  async function everywhere(
    work: (progress: Progress) => Promise<unknown>,
    left: { readonly done: readonly string[]; readonly cancelled: readonly string[] },
    folder: string,
  ): Promise<void> {
    const shares = await followed(work);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
    expect(shares.length).toBeGreaterThan(10);
    expect((await readdir(folder)).sort()).toEqual(left.done);
    for (const name of left.done)
      if (!left.cancelled.includes(name)) await rm(path.join(folder, name), { recursive: true });
    const last = shares.length - 1;
    for (const at of [-1, 0, 1, 2, Math.floor(last / 2), last - 1, last]) {
      await cancelledAt(at, work);
      expect([at, (await readdir(folder)).sort()]).toEqual([at, left.cancelled]);
    }
  }

  it('a backup, and the vault goes on', async () => {
    const folder = path.join(home, 'backups');
    await mkdir(folder);
    const before = await filesOf(dir);
    await everywhere(
      (progress) => writeBackup(vault, options, path.join(folder, 'b'), PASSPHRASE, progress),
      { done: ['b'], cancelled: [] },
      folder,
    );
    expect(await holdsExactly(dir, before)).toBe(true);
    await addNote(vault, 'after it');
  });

  it('a restore, and the backup stays', async () => {
    const folder = path.join(home, 'restored');
    await mkdir(folder);
    const file = path.join(folder, 'b');
    await writeBackup(vault, options, file, PASSPHRASE);
    await everywhere(
      (progress) => restoreBackup(file, PASSPHRASE, path.join(folder, 'new', 'vault'), options, progress),
      { done: ['b', 'new'], cancelled: ['b'] },
      folder,
    );
    // The folder is free for the next attempt.
    await restoreBackup(file, PASSPHRASE, path.join(folder, 'new', 'vault'), options);
  });

  it('a salvage, and what is damaged is only read', async () => {
    const folder = path.join(home, 'salvaged');
    await mkdir(folder);
    const copy = path.join(folder, 'damaged');
    await restoreBackup(path.join(home, 'restored', 'b'), PASSPHRASE, copy, options);
    const before = await filesOf(copy);
    await everywhere(
      (progress) => salvageVault(copy, way, path.join(folder, 'new'), options, progress),
      { done: ['damaged', 'new'], cancelled: ['damaged'] },
      folder,
    );
    expect(await holdsExactly(copy, before)).toBe(true);
  });

  it('a salvage that replays a long journal, between two of its records', async () => {
    const folder = path.join(home, 'replayed');
    const { vault: other } = await Vault.create(
      folder,
      { ...options, snapshotAfterBytes: 2 ** 30 },
      { name: 'Long', passphrase: PASSPHRASE, useKeychain: false },
    );
    await Promise.all(Array.from({ length: 8000 }, (_, at) => addNote(other, `note ${at}`)));
    // As a crash leaves it: the journal was not made short by closing.
    const left = path.join(home, 'crashed');
    await mkdir(left);
    const files = await filesOf(folder);
    files.delete('lock');
    await layOut(left, files);
    await other.close();
    const stop = new AbortController();
    const applied = vi.spyOn(Database.prototype, 'apply');
    try {
      const salvaging = refusalOf(
        salvageVault(left, way, path.join(home, 'never'), options, {
          signal: stop.signal,
          // What comes next is the journal.
          onProgress: () => setTimeout(() => stop.abort(new CofferError('Cancelled', 'Cancelled.')), 20),
        }),
      );
      expect((await salvaging).code).toBe('Cancelled');
      expect(applied.mock.calls.filter(([sql]) => sql.startsWith('INSERT')).length).toBeLessThan(8000);
    } finally {
      applied.mockRestore();
    }
    expect(await readdir(home)).not.toContain('never');
  });

  it('a slow disk is waited for a slice at a time', async () => {
    const handles = await handlePrototype();
    const synced = vi.spyOn(handles, 'datasync');
    try {
      const file = path.join(home, 'sliced');
      await writeBackup(vault, options, file, PASSPHRASE);
      // The first 8 MiB; the rest is synced with the whole file.
      expect(synced).toHaveBeenCalledTimes(1);
      await rm(file);
    } finally {
      synced.mockRestore();
    }
  });
});
