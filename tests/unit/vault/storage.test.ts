import { cp, readFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CommitQueue } from '../../../src/main/vault/commit-queue.ts';
import { Database, type JournaledStatement } from '../../../src/main/vault/database.ts';
import { StatementDecoder, StatementEncoder } from '../../../src/main/vault/statements.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import {
  addNote,
  handlePrototype,
  IN_MEMORY,
  inTemporaryFolder,
  notesOf,
  PASSPHRASE,
  refusalOf,
  vaultOptions,
} from '../../support/vault.ts';

const wish = { name: 'x', passphrase: PASSPHRASE, useKeychain: true };
const keychain = { kind: 'keychain' } as const;
const options = vaultOptions();

async function withVault(
  work: (vault: Vault, dir: string, reopen: () => Promise<Vault>) => Promise<void>,
): Promise<void> {
  await inTemporaryFolder(async (home) => {
    const dir = path.join(home, 'v');
    const { vault } = await Vault.create(dir, options, wish);
    try {
      await work(vault, dir, () => Vault.open(dir, options, keychain));
    } finally {
      await vault.close();
    }
  }, IN_MEMORY);
}

describe('what memory holds after a transaction', () => {
  const text = fc.string({ unit: 'binary' });
  const value = fc.oneof(
    fc.constant(null),
    text,
    fc.string().map((each) => `${each}\ud800`),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double(),
    fc.bigInt({ min: -(2n ** 53n - 1n), max: 2n ** 53n - 1n }),
    fc.uint8Array({ maxLength: 300 }),
  );

  it('is what the next opening reads from the journal, and what a snapshot holds', () =>
    withVault(async (vault, _dir, reopen) => {
      await vault.transact((tx) => tx.run('CREATE TABLE value (id INTEGER PRIMARY KEY, any ANY) STRICT'));
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(value, { maxLength: 4 }), { maxLength: 6 }), async (transactions) => {
          await Promise.all(
            transactions.map((values) =>
              vault.transact((tx) => {
                for (const each of values) tx.run('INSERT INTO value (any) VALUES (?)', [each]);
              }),
            ),
          );
        }),
        { numRuns: 60 },
      );
      const rows = 'SELECT id, any, typeof(any) AS type, hex(any) AS bytes FROM value ORDER BY id';
      const held = vault.db.all(rows);
      expect(held.length).toBeGreaterThan(100);
      await vault.close();
      const replayed = await reopen();
      expect(replayed.report.replayedRecords).toBeGreaterThan(20);
      expect(replayed.db.all(rows)).toEqual(held);
      await replayed.snapshot();
      await replayed.close();
      const fromSnapshot = await reopen();
      expect(fromSnapshot.report.replayedRecords).toBe(0);
      expect(fromSnapshot.db.all(rows)).toEqual(held);
      await fromSnapshot.close();
    }));

  it('does not change when the caller zeroes its bytes', () =>
    withVault(async (vault, _dir, reopen) => {
      const secret = Buffer.from('zeroed after use');
      await vault.transact((tx) => {
        tx.run('INSERT INTO note (text, data) VALUES (?, ?)', ['kept', secret]);
        secret.fill(0);
      });
      await vault.close();
      const again = await reopen();
      const row = again.db.get<{ data: Uint8Array }>('SELECT data FROM note');
      expect(Buffer.from(row?.data ?? []).toString()).toBe('zeroed after use');
      await again.close();
    }));

  it('is nothing of a transaction with a number that cannot be stored; its neighbours are kept', () =>
    withVault(async (vault, _dir, reopen) => {
      const outcomes = await Promise.allSettled([
        addNote(vault, 'before'),
        vault.transact((tx) => {
          tx.run('INSERT INTO note (text) VALUES (?)', ['half']);
          tx.run('INSERT INTO note (id, text) VALUES (?, ?)', [2n ** 60n, 'x']);
        }),
        addNote(vault, 'after'),
      ]);
      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      await vault.close();
      const again = await reopen();
      expect(notesOf(again)).toEqual(['before', 'after']);
      await again.close();
    }));
});

describe('a transaction that SQLite undoes by itself', () => {
  it('takes its group with it, is not journaled, and what follows is', () =>
    withVault(async (vault, dir, reopen) => {
      await addNote(vault, 'kept');
      const size = (await readFile(path.join(dir, 'journal-1.sealed'))).length;
      const pages = vault.db.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
      vault.db.get(`PRAGMA max_page_count = ${pages + 3}`);
      // The queue is idle, so that the three below are one group.
      await new Promise((resolve) => setTimeout(resolve, 5));
      const before = addNote(vault, 'before');
      const swallowing = vault.transact((tx) => {
        tx.run('INSERT INTO note (text) VALUES (?)', ['first part']);
        try {
          tx.attempt(() => tx.run('INSERT INTO note (text, data) VALUES (?, zeroblob(9000000))', ['too much']));
        } catch {}
        // The transaction is gone: this would take effect by itself and reach no journal.
        tx.run('INSERT INTO note (text) VALUES (?)', ['second part']);
      });
      const group = await Promise.allSettled([before, swallowing, addNote(vault, 'behind')]);
      expect(group.slice(0, 2)).toMatchObject([
        { status: 'rejected', reason: { code: 'VaultWriteError' } },
        { status: 'rejected', reason: { code: 'VaultWriteError' } },
      ]);
      expect(group[2]?.status).toBe('fulfilled');
      expect(notesOf(vault)).toEqual(['kept', 'behind']);
      expect((await readFile(path.join(dir, 'journal-1.sealed'))).length).toBeGreaterThan(size);
      await vault.close();
      const again = await reopen();
      expect(notesOf(again)).toEqual(['kept', 'behind']);
      await again.close();
    }));
});

describe('a disk that answers with an error', () => {
  afterEach(() => vi.restoreAllMocks());

  const failure = () => Object.assign(new Error('EIO'), { code: 'EIO' });

  it('to the sync, and then to the cutting off, keeps nothing of the refused commit before the next one', () =>
    withVault(async (vault, _dir, reopen) => {
      await addNote(vault, 'kept');
      const handles = await handlePrototype();
      vi.spyOn(handles, 'datasync').mockRejectedValueOnce(failure());
      vi.spyOn(handles, 'truncate').mockRejectedValueOnce(failure());
      const refused = await refusalOf(addNote(vault, `refused ${'.'.repeat(3000)}`));
      expect(refused).toMatchObject({ code: 'VaultWriteError', details: { cause: 'EIO' } });
      expect(notesOf(vault)).toEqual(['kept']);
      await addNote(vault, 'shorter');
      expect(notesOf(vault)).toEqual(['kept', 'shorter']);
      await vault.close();
      const again = await reopen();
      expect([notesOf(again), again.report.tornBytes]).toEqual([['kept', 'shorter'], 0]);
      await again.close();
    }));

  it('to the cutting off for as long as the vault is open: the refused commit is cut off when it closes', () =>
    withVault(async (vault, _dir, reopen) => {
      const handles = await handlePrototype();
      vi.spyOn(handles, 'datasync').mockRejectedValueOnce(failure());
      vi.spyOn(handles, 'truncate').mockRejectedValueOnce(failure());
      await refusalOf(addNote(vault, 'refused'));
      await vault.close();
      const again = await reopen();
      expect([notesOf(again), again.report.tornBytes]).toEqual([[], 0]);
      await again.close();
    }));

  it('to the end of a journal, and then to the cutting off, leaves a vault that opens with everything', () =>
    withVault(async (vault, dir, reopen) => {
      await addNote(vault, 'kept');
      const handles = await handlePrototype();
      let syncs = 0;
      const native = handles.datasync;
      // The new journal's sync succeeds, the one of the old one's end does not.
      vi.spyOn(handles, 'datasync').mockImplementation(function (this: typeof handles) {
        return ++syncs === 2 ? Promise.reject(failure()) : native.call(this);
      });
      vi.spyOn(handles, 'truncate').mockRejectedValue(failure());
      await expect(vault.snapshot()).rejects.toMatchObject({ code: 'EIO' });
      expect(syncs).toBe(2);
      // As a crash would leave it: the end may be on the disk, so the next journal must be as well.
      const copy = `${dir} after a crash`;
      await cp(dir, copy, { recursive: true, filter: (source) => !source.endsWith('lock') });
      vi.restoreAllMocks();
      const crashed = await Vault.open(copy, options, keychain);
      expect(notesOf(crashed)).toEqual(['kept']);
      await crashed.close();
      await addNote(vault, 'goes on');
      await vault.snapshot();
      await vault.close();
      const again = await reopen();
      expect(notesOf(again)).toEqual(['kept', 'goes on']);
      await again.close();
    }));

  it('of a compaction before closing loses nothing', () =>
    withVault(async (vault, _dir, reopen) => {
      const text = 'long'.repeat(20_000);
      await addNote(vault, text);
      const handles = await handlePrototype();
      vi.spyOn(handles, 'datasync').mockRejectedValue(failure());
      vi.spyOn(handles, 'sync').mockRejectedValue(failure());
      await vault.compact();
      vi.restoreAllMocks();
      await vault.close();
      const again = await reopen();
      expect(notesOf(again)).toEqual([text]);
      await again.close();
    }));
});

describe('compacting before closing', () => {
  const replayedAfter = async (vault: Vault, reopen: () => Promise<Vault>) => {
    await vault.compact();
    await vault.close();
    const again = await reopen();
    const { replayedRecords } = again.report;
    return { again, replayedRecords };
  };

  it('spares the next opening a long journal, and leaves a short one', () =>
    withVault(async (vault, _dir, reopen) => {
      await addNote(vault, 'short');
      const short = await replayedAfter(vault, reopen);
      expect(short.replayedRecords).toBeGreaterThan(0);
      const text = 'long'.repeat(20_000);
      await addNote(short.again, text);
      const long = await replayedAfter(short.again, reopen);
      expect(long.replayedRecords).toBe(0);
      expect(notesOf(long.again)).toEqual(['short', text]);
      await long.again.close();
    }));
});

describe('a locked vault', () => {
  it('refuses everything, settles what was accepted, and has forgotten its keys', () =>
    withVault(async (vault) => {
      const heard: string[] = [];
      vault.onLock(() => heard.push('lock'));
      const accepted = addNote(vault, 'accepted');
      const closing = vault.close();
      await expect(accepted).resolves.toBe(1);
      await closing;
      expect(heard).toEqual(['lock']);
      for (const refused of [
        () => addNote(vault, 'late'),
        () => vault.snapshot(),
        () => vault.contents(),
        () => vault.rename('x'),
        () => vault.addSlot({ kind: 'recovery' }),
        async () => vault.deriveKey('anything'),
        async () => vault.sealMaterial('a', 'b', new Uint8Array(32)),
      ])
        expect((await refusalOf(refused())).code).toBe('VaultLocked');
    }));
});

describe('the statements of a journal', () => {
  const statement = fc.record({
    sql: fc.constantFrom('INSERT INTO a VALUES (?)', 'DELETE FROM a', 'UPDATE a SET x = ?'),
    params: fc.array(fc.oneof(fc.constant(null), fc.string(), fc.maxSafeInteger(), fc.double(), fc.uint8Array()), {
      maxLength: 4,
    }),
  });

  it('are read as they were written, also when a refused transaction was forgotten in between', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.array(statement), fc.boolean()), { maxLength: 12 }), (transactions) => {
        const encoder = new StatementEncoder();
        const decoder = new StatementDecoder();
        for (const [statements, kept] of transactions) {
          const mark = encoder.mark();
          const bytes = encoder.encode(statements as JournaledStatement[]);
          if (!kept) encoder.forget(mark);
          else expect(decoder.decode(bytes)).toEqual(normal(statements));
        }
      }),
    );
  });

  /** −0 is stored as 0, as SQLite does. */
  function normal(statements: readonly { sql: string; params: unknown[] }[]) {
    return statements.map(({ sql, params }) => ({ sql, params: params.map((each) => (each === 0 ? 0 : each)) }));
  }

  it('are refused when a byte is missing or foreign', () => {
    const bytes = new StatementEncoder().encode([{ sql: 'SELECT ?', params: ['text', 5, null] }]);
    for (let length = 1; length < bytes.length; length++)
      expect(() => new StatementDecoder().decode(bytes.subarray(0, length)), `${length} bytes`).toThrow(RangeError);
    expect(() => new StatementDecoder().decode(Uint8Array.of(9, 0))).toThrow('a statement is unknown');
    expect(() => new StatementDecoder().decode(Uint8Array.of(0, 1, 65, 1, 99))).toThrow('unknown kind');
  });
});

describe('the commit queue', () => {
  it('shares one write among transactions that are ready together, in their order, and none with an empty one', async () => {
    const db = await Database.open();
    const groups: number[] = [];
    const queue = new CommitQueue(db, async (transactions) => {
      groups.push(transactions.length);
    });
    await queue.transact((tx) => tx.run('CREATE TABLE t (x)'));
    await Promise.all(
      Array.from({ length: 50 }, (_, x) => queue.transact((tx) => tx.run('INSERT INTO t VALUES (?)', [x]))),
    );
    expect(await queue.transact((tx) => tx.all('SELECT x FROM t ORDER BY rowid').length)).toBe(50);
    expect(groups).toEqual([1, 50]);
    await queue.close();
    expect((await refusalOf(queue.transact(() => 1))).code).toBe('VaultLocked');
    db.close();
  });

  it('answers nobody before the write is over', async () => {
    const db = await Database.open();
    let finish: () => void = () => undefined;
    const queue = new CommitQueue(
      db,
      () =>
        new Promise((resolve) => {
          finish = resolve;
        }),
    );
    let answered = false;
    const work = queue
      .transact((tx) => tx.run('CREATE TABLE t (x)'))
      .then(() => {
        answered = true;
      });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(answered).toBe(false);
    finish();
    await work;
    await queue.close();
    db.close();
  });
});
