import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeBackup } from '../../../src/main/vault/backup.ts';
import { saveRecoveryCode } from '../../../src/main/vault/recovery-file.ts';
import { salvageVault } from '../../../src/main/vault/salvage.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { bundle } from '../../support/bundle.ts';
import {
  addNote,
  filesOf,
  holdsExactly,
  inTemporaryFolder,
  notesOf,
  PASSPHRASE,
  refusalOf,
  vaultOptions,
} from '../../support/vault.ts';

const way = { kind: 'passphrase', secret: PASSPHRASE } as const;
const wish = { name: 'Full', passphrase: PASSPHRASE, useKeychain: false };
const options = vaultOptions();

/** Mounting takes root and a system that lets root mount: what cannot be had here is covered by the limit on file sizes below. */
function canMount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

interface SmallDisk {
  readonly dir: string;
  /** Takes every byte that is left. */
  fill(): void;
  /** Gives them back. */
  free(): void;
  remount(mode: 'ro' | 'rw'): void;
}

async function onSmallDisk(work: (disk: SmallDisk, elsewhere: string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (home) => {
    const dir = path.join(home, 'disk');
    mkdirSync(dir);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'coffer-test', dir]);
    const ballast = path.join(dir, 'ballast');
    try {
      await work(
        {
          dir,
          fill() {
            for (let size = 65_536; size >= 1; size = Math.floor(size / 2)) {
              try {
                for (;;) writeFileSync(ballast, Buffer.alloc(size), { flag: 'a' });
              } catch {}
            }
          },
          free: () => rmSync(ballast),
          remount: (mode) => execFileSync('mount', ['-o', `remount,${mode}`, dir]),
        },
        home,
      );
    } finally {
      execFileSync('umount', ['-l', dir]);
    }
  });
}

describe.runIf(canMount())('a vault on a disk that is full', () => {
  it('refuses a commit, loses nothing, and goes on when there is space again', () =>
    onSmallDisk(async (disk) => {
      const dir = path.join(disk.dir, 'v');
      const { vault } = await Vault.create(dir, options, wish);
      const kept: string[] = [];
      const note = async (text: string) => {
        await addNote(vault, text, Buffer.alloc(9000, 1));
        kept.push(text);
      };
      await note('first');
      disk.fill();
      for (let round = 0; round < 3; round++) {
        // As many as still fit into the last page, then none.
        const refused = await refusalOf(
          (async () => {
            for (;;) await note(`squeezed in ${kept.length}`);
          })(),
        );
        expect(refused).toMatchObject({ code: 'VaultWriteError', details: { cause: 'ENOSPC' } });
        expect(refused.message).toContain('the disk is full');
        // Memory holds what the disk holds; a group is refused as a whole.
        expect(notesOf(vault)).toEqual(kept);
        const group = await Promise.allSettled([
          addNote(vault, 'x', Buffer.alloc(9000)),
          addNote(vault, 'y', Buffer.alloc(9000)),
        ]);
        expect(group.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
        expect(notesOf(vault)).toEqual(kept);
        disk.free();
        await note(`after ${round}`);
        expect(notesOf(vault)).toEqual(kept);
        disk.fill();
      }
      await vault.close();
      disk.free();
      const again = await Vault.open(dir, options, way);
      expect([notesOf(again), again.report.tornBytes]).toEqual([kept, 0]);
      await again.close();
    }));

  it('keeps its ways in, its name and its data when a header or a snapshot cannot be written', () =>
    onSmallDisk(async (disk) => {
      const dir = path.join(disk.dir, 'v');
      const { vault } = await Vault.create(dir, options, wish);
      for (let i = 0; i < 10; i++) await addNote(vault, `note ${i}`, Buffer.alloc(5000, i));
      const held = notesOf(vault);
      disk.fill();
      const header = (await filesOf(dir)).get('header.json');
      for (const change of [
        () => vault.addSlot({ kind: 'recovery' }),
        () => vault.rename('New'),
        () => vault.changePassphrase(vault.slots()[0]?.id ?? '', PASSPHRASE, 'another one of mine'),
      ]) {
        const refused = await refusalOf(change());
        expect([refused.code, refused.message]).toEqual([
          'VaultWriteError',
          expect.stringContaining('the disk is full'),
        ]);
      }
      await expect(vault.snapshot()).rejects.toMatchObject({ code: 'ENOSPC' });
      expect((await filesOf(dir)).get('header.json')).toEqual(header);
      expect(readdirSync(dir).filter((name) => name.endsWith('.tmp'))).toEqual([]);
      disk.free();
      await addNote(vault, 'after');
      expect([vault.name, vault.slots().length]).toEqual(['Full', 2]);
      await vault.close();
      const again = await Vault.open(dir, options, way);
      expect(notesOf(again)).toEqual([...held, 'after']);
      await again.snapshot();
      await again.close();
      const last = await Vault.open(dir, options, way);
      expect(notesOf(last)).toEqual([...held, 'after']);
      await last.close();
    }));

  it('keeps everything when the snapshot runs out of space after its journal was begun', () =>
    onSmallDisk(async (disk) => {
      const dir = path.join(disk.dir, 'v');
      const { vault } = await Vault.create(dir, options, wish);
      // More than half of the disk: a second image does not fit beside the first.
      for (let i = 0; i < 30; i++) await addNote(vault, `note ${i}`, Buffer.alloc(14_000, i));
      await vault.close();
      const again = await Vault.open(dir, options, way);
      const [before] = [notesOf(again)];
      disk.fill();
      rmSync(path.join(disk.dir, 'ballast'));
      writeFileSync(path.join(disk.dir, 'ballast'), Buffer.alloc(300_000));
      await expect(again.snapshot()).rejects.toMatchObject({ code: 'ENOSPC' });
      expect(readdirSync(dir).filter((name) => name.startsWith('journal'))).toHaveLength(2);
      await addNote(again, 'in the next journal');
      await again.close();
      const third = await Vault.open(dir, options, way);
      expect(notesOf(third)).toEqual([...before, 'in the next journal']);
      await third.close();
    }));

  it('leaves no half backup, recovery file or vault', () =>
    onSmallDisk(async (disk, elsewhere) => {
      const { vault } = await Vault.create(path.join(elsewhere, 'v'), options, wish);
      for (let i = 0; i < 20; i++) await addNote(vault, `note ${i}`, Buffer.alloc(8000, i));
      disk.fill();
      disk.free();
      writeFileSync(path.join(disk.dir, 'ballast'), Buffer.alloc(950_000));
      const backup = await refusalOf(writeBackup(vault, options, path.join(disk.dir, 'b'), PASSPHRASE));
      expect([backup.code, backup.message]).toEqual(['BackupFailed', expect.stringContaining('the disk is full')]);
      expect(readdirSync(disk.dir)).toEqual(['ballast']);
      disk.fill();
      const note = { code: 'XXXX', vaultName: 'Full', vaultPath: '/v', now: 0 };
      expect((await refusalOf(saveRecoveryCode(disk.dir, note))).code).toBe('VaultWriteError');
      const made = await refusalOf(Vault.create(path.join(disk.dir, 'a', 'b'), options, wish));
      expect([made.code, made.message]).toEqual(['VaultWriteError', expect.stringContaining('the disk is full')]);
      expect(readdirSync(disk.dir)).toEqual(['ballast']);
      await vault.close();
    }));

  it('that is read-only says so, is not changed, and can be salvaged from', () =>
    onSmallDisk(async (disk, elsewhere) => {
      const dir = path.join(disk.dir, 'v');
      const { vault } = await Vault.create(dir, options, wish);
      await addNote(vault, 'kept');
      await vault.close();
      const files = await filesOf(dir);
      disk.remount('ro');
      for (const refused of [
        await refusalOf(Vault.open(dir, options, way)),
        await refusalOf(Vault.create(path.join(disk.dir, 'w'), options, wish)),
      ])
        expect([refused.code, refused.message]).toEqual(['VaultWriteError', expect.stringContaining('read-only')]);
      expect((await Vault.inspect(dir)).name).toBe('Full');
      expect(await holdsExactly(dir, files)).toBe(true);
      const copy = path.join(elsewhere, 'copy');
      expect(await salvageVault(dir, way, copy, options)).toMatchObject({ lost: '' });
      const salvaged = await Vault.open(copy, options, way);
      expect(notesOf(salvaged)).toEqual(['kept']);
      const backup = await refusalOf(writeBackup(salvaged, options, path.join(disk.dir, 'b'), PASSPHRASE));
      expect([backup.code, backup.message]).toEqual(['BackupFailed', expect.stringContaining('read-only')]);
      await salvaged.close();
    }));
});

describe('a vault whose folder', () => {
  it('vanishes refuses what comes after, and says so', () =>
    inTemporaryFolder(async (home) => {
      const dir = path.join(home, 'v');
      const { vault } = await Vault.create(dir, options, wish);
      await addNote(vault, 'kept');
      await rm(dir, { recursive: true });
      for (const refused of [await refusalOf(addNote(vault, 'lost')), await refusalOf(vault.rename('x'))])
        expect([refused.code, refused.message]).toEqual(['VaultWriteError', expect.stringContaining('is gone')]);
      expect(notesOf(vault)).toEqual(['kept']);
      // What memory still holds can be saved.
      await writeBackup(vault, options, path.join(home, 'b'), PASSPHRASE);
      await vault.close();
      expect((await refusalOf(Vault.open(dir, options, way))).code).toBe('NoVault');
    }));

  it('is a file, or below one, is refused in words', () =>
    inTemporaryFolder(async (home) => {
      const file = path.join(home, 'file');
      writeFileSync(file, '');
      for (const dir of [file, path.join(file, 'v')]) {
        expect((await refusalOf(Vault.open(dir, options, way))).code).toBe('NoVault');
        expect((await refusalOf(Vault.create(dir, options, wish))).code).toBe('VaultWriteError');
      }
      await mkdir(path.join(home, 'v', 'header.json'), { recursive: true });
      expect((await refusalOf(Vault.open(path.join(home, 'v'), options, way))).code).toBe('VaultDamaged');
      expect(statSync(file).size).toBe(0);
    }));
});

describe.runIf(process.platform === 'linux')('a vault whose files may not grow', () => {
  let child: Awaited<ReturnType<typeof bundle>>;
  beforeAll(async () => {
    child = await bundle('tests/support/full-disk-child.ts');
  });
  afterAll(() => child.remove());

  it('refuses a commit, loses nothing, and goes on when they may', () =>
    inTemporaryFolder(async (home) => {
      const dir = path.join(home, 'v');
      // Only the soft limit, so that it can be lifted again without privileges.
      const limited = spawn('prlimit', ['--fsize=100000:unlimited', process.execPath, child.file, dir], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const lines = createInterface({ input: limited.stdout })[Symbol.asyncIterator]();
      const { code, message, acknowledged, held } = JSON.parse((await lines.next()).value);
      expect([code, message]).toEqual(['VaultWriteError', expect.stringContaining('may not grow')]);
      expect(acknowledged.length).toBeGreaterThan(20);
      expect(held).toEqual(acknowledged);
      execFileSync('prlimit', ['--pid', String(limited.pid), '--fsize=unlimited:unlimited']);
      limited.stdin.end('\n');
      expect(JSON.parse((await lines.next()).value)).toEqual({ done: true });
      const vault = await Vault.open(dir, options, way);
      expect([notesOf(vault), vault.report.tornBytes]).toEqual([[...acknowledged, 'after'], 0]);
      await vault.close();
    }));
});
