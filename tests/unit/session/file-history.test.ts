import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { FileHistory } from '../../../src/main/file-history.ts';
import type { Job } from '../../../src/main/files/service.ts';
import { migrations } from '../../../src/main/vault/migrations/index.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { IN_MEMORY, inTemporaryFolder, PASSPHRASE, vaultOptions } from '../../support/vault.ts';

const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const OTHER = 'arn:aws:kms:eu-central-1:111122223333:key/2';

const job = (file: string, changes: Partial<Job> = {}): Job => ({
  id: 'id',
  path: file,
  name: path.basename(file),
  action: 'encrypt',
  state: 'done',
  keyArn: KEY,
  signed: false,
  totalBytes: 10,
  doneBytes: 10,
  bytesPerSecond: 0,
  createdAt: 1,
  finishedAt: 2,
  output: `${file}.encrypted`,
  ...changes,
});

const withHistory = (work: (history: FileHistory, changes: () => number, vault: Vault) => Promise<void>) =>
  inTemporaryFolder(async (home) => {
    const options = vaultOptions({ migrations });
    const { vault } = await Vault.create(path.join(home, 'v'), options, {
      name: 'History',
      passphrase: PASSPHRASE,
      useKeychain: false,
    });
    let changes = 0;
    const history = new FileHistory(vault, () => changes++);
    await work(history, () => changes, vault);
    await vault.close();
  }, IN_MEMORY);

describe('the history of files', () => {
  const all = { offset: 0, limit: 100 };
  const names = (history: FileHistory, filter: Parameters<FileHistory['list']>[0] = all) =>
    history.list(filter).entries.map(({ name }) => name);

  it('has the newest first and is found by key, and by a text in the path, in any case and script', () =>
    withHistory(async (history, changes) => {
      await history.add(job('/home/ada/Steuer/ÜBERSICHT.pdf'));
      await history.add(job('/home/ada/tree', { keyArn: OTHER, counts: { total: 9, done: 7, failed: 2, skipped: 0 } }));
      await history.add(job('/home/ada/100%_sure.txt', { action: 'verify', output: undefined }));
      expect(changes()).toBe(3);
      expect(names(history)).toEqual(['100%_sure.txt', 'tree', 'ÜBERSICHT.pdf']);
      expect(names(history, { ...all, keyArn: OTHER })).toEqual(['tree']);
      expect(history.list({ ...all, keyArn: OTHER }).entries[0]).toMatchObject({
        files: 7,
        keyArn: OTHER,
        finishedAt: 2,
      });
      expect(names(history, { ...all, text: 'steuer/über' })).toEqual(['ÜBERSICHT.pdf']);
      expect(names(history, { ...all, text: '.ENCRYPTED' })).toEqual(['tree', 'ÜBERSICHT.pdf']);
      // Nothing in the text is a wildcard.
      expect(names(history, { ...all, text: '100%_s' })).toEqual(['100%_sure.txt']);
      expect(names(history, { ...all, text: '1%s' })).toEqual([]);
      expect(history.list({ offset: 1, limit: 1 })).toMatchObject({ matching: 3, entries: [{ name: 'tree' }] });
      expect(history.keys()).toEqual([KEY, OTHER]);
      await history.add(job('/home/ada/again', { output: '/home/ada/tree.encrypted', action: 'reencrypt' }));
      await history.add(
        job('/home/ada/tree.encrypted', { output: '/home/ada/tree', action: 'decrypt', keyArn: OTHER }),
      );
      expect(history.sealed(KEY)).toEqual(['/home/ada/Steuer/ÜBERSICHT.pdf.encrypted', '/home/ada/tree.encrypted']);
      expect(history.sealed(OTHER)).toEqual(['/home/ada/tree.encrypted']);
      expect(history.sealed('arn:none')).toEqual([]);
    }));

  it('can be forgotten, and goes on afterwards', () =>
    withHistory(async (history, changes) => {
      await history.add(job('/a'));
      await history.forget();
      expect(history.list(all)).toEqual({ entries: [], matching: 0 });
      expect(history.keys()).toEqual([]);
      await history.add(job('/b'));
      expect(names(history)).toEqual(['b']);
      expect(changes()).toBe(3);
    }));

  it('keeps the last 10,000', () =>
    withHistory(async (history, _changes, vault) => {
      await vault.transact((tx) => {
        tx.run(
          "INSERT INTO file_history (id, finished_at, action, name, path, folded, files, bytes) VALUES (1, 1, 'encrypt', 'old', '/old', '/old', 1, 1), (10000, 1, 'encrypt', 'new', '/new', '/new', 1, 1)",
        );
      });
      await history.add(job('/newest'));
      expect(names(history)).toEqual(['newest', 'new']);
    }));
});
