import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Vault } from '../../../src/main/vault/vault.ts';
import { bundle } from '../../support/bundle.ts';
import { crashRounds } from '../../support/crash.ts';
import { inTemporaryFolder, PASSPHRASE, refusalOf } from '../../support/vault.ts';
import { productOptions } from '../../support/vault-engine.ts';

const ROUNDS = 20;
/** The files of a vault at its first generation. */
const WHOLE = ['header.copy.json', 'header.json', 'journal-1.sealed', 'snapshot-1.sealed'];
/** What can be left of one that never was a vault. */
const LEFT = [
  ...['header.copy.json.tmp', 'header.json.tmp', 'journal-1.sealed', 'lock'],
  ...['snapshot-1.sealed', 'snapshot-1.sealed.tmp', 'unfinished'],
];

describe('a process killed while it commits', () => {
  let child: Awaited<ReturnType<typeof bundle>>;
  beforeAll(async () => {
    child = await bundle('tests/support/crash-child.ts');
  });
  afterAll(() => child.remove());

  it(`loses nothing that was acknowledged, ${ROUNDS} times, with and without snapshots under way`, () =>
    inTemporaryFolder(async (home) => {
      const outcome = await crashRounds(home, child.file, ROUNDS);
      expect(outcome.rounds).toBe(ROUNDS);
      expect(outcome.acknowledged).toBeGreaterThan(ROUNDS);
      expect(outcome.generations).toBeGreaterThan(1);
    }));
});

describe('a process killed while it makes a vault', () => {
  const wish = { name: 'Made anew', passphrase: PASSPHRASE, useKeychain: false };
  let child: Awaited<ReturnType<typeof bundle>>;
  beforeAll(async () => {
    child = await bundle('tests/support/found-child.ts');
  });
  afterAll(() => child.remove());

  it('leaves a folder in which a vault can be made', () =>
    inTemporaryFolder(async (home) => {
      const left = new Set<string>();
      for (let nth = 1; ; nth++) {
        const dir = path.join(home, `v${nth}`);
        const [, signal] = await once(spawn(process.execPath, [child.file, dir, `${nth}`]), 'close');
        expect(signal).toBe('SIGKILL');
        const entries = await readdir(dir).catch((): string[] => []);
        if (entries.includes('header.json')) break;
        for (const name of entries) left.add(name);
        const { vault } = await Vault.create(dir, productOptions(), wish);
        await vault.close();
        expect((await readdir(dir)).sort()).toEqual(WHOLE);
      }
      expect([...left].sort()).toEqual(LEFT);
    }));

  it('leaves a vault once its header is there', () =>
    inTemporaryFolder(async (home) => {
      const dir = path.join(home, 'v');
      const made = await Vault.create(dir, productOptions(), wish);
      await made.vault.close();
      await writeFile(path.join(dir, 'unfinished'), '');
      expect((await refusalOf(Vault.create(dir, productOptions(), wish))).code).toBe('FolderNotEmpty');
      const vault = await Vault.open(dir, productOptions(), { kind: 'passphrase', secret: PASSPHRASE });
      await vault.close();
      expect((await readdir(dir)).sort()).toEqual(WHOLE);
    }));

  it('is told from a vault whose header was lost: that is never written over', () =>
    inTemporaryFolder(async (dir) => {
      const { vault } = await Vault.create(path.join(dir, 'v'), productOptions(), wish);
      await vault.close();
      for (const name of ['header.json', 'header.copy.json']) await rm(path.join(dir, 'v', name));
      expect((await refusalOf(Vault.create(path.join(dir, 'v'), productOptions(), wish))).code).toBe('FolderNotEmpty');

      // Nor is anything else that lies beside the mark.
      await mkdir(path.join(dir, 'w'));
      for (const name of ['unfinished', 'letter.txt']) await writeFile(path.join(dir, 'w', name), 'x');
      expect((await refusalOf(Vault.create(path.join(dir, 'w'), productOptions(), wish))).code).toBe('FolderNotEmpty');
      expect((await readdir(path.join(dir, 'w'))).sort()).toEqual(['letter.txt', 'unfinished']);
    }));
});
