import type { z } from 'zod';
import type { HistoryEntry as EntrySchema } from '../shared/contract/files.ts';
import type { CallInput } from '../shared/contract/index.ts';
import type { Job } from './files/service.ts';
import type { Store, Transaction } from './vault/types.ts';

type Entry = Omit<z.output<typeof EntrySchema>, 'there'>;

/** Entries that are kept; older ones are forgotten. */
const ENTRIES_MAX = 10_000;

interface Row {
  readonly id: number;
  readonly finished_at: number;
  readonly action: string;
  readonly name: string;
  readonly path: string;
  readonly output: string | null;
  readonly key_arn: string | null;
  readonly files: number;
  readonly bytes: number;
}

const fold = (text: string) => text.toLowerCase();

const WHERE = 'WHERE (?1 IS NULL OR key_arn = ?1) AND instr(folded, ?2) > 0';

const entryOf = ({ id, finished_at, action, name, path, output, key_arn, files, bytes }: Row): Entry => ({
  id,
  finishedAt: finished_at,
  action: action as Entry['action'],
  name,
  path,
  ...(output === null ? {} : { output }),
  ...(key_arn === null ? {} : { keyArn: key_arn }),
  files,
  bytes,
});

/**
 * What was done with which files, in the vault. The trail records that a key opened or sealed something, and never a name;
 * this is for the person alone, who can have it forgotten.
 */
export class FileHistory {
  readonly #store: Pick<Store, 'db' | 'transact'>;
  readonly #onChange: () => void;

  constructor(store: Pick<Store, 'db' | 'transact'>, onChange: () => void) {
    this.#store = store;
    this.#onChange = onChange;
  }

  async #change(work: (tx: Transaction) => void): Promise<void> {
    await this.#store.transact(work);
    this.#onChange();
  }

  /** Remembers a job that did something. */
  add({ action, name, path, output, keyArn, counts, totalBytes, finishedAt }: Job): Promise<void> {
    return this.#change((tx) => {
      tx.run(
        'INSERT INTO file_history (finished_at, action, name, path, folded, output, key_arn, files, bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
        [
          finishedAt ?? 0,
          action,
          name,
          path,
          fold(`${path}\n${output ?? ''}`),
          output ?? null,
          keyArn ?? null,
          counts?.done ?? 1,
          totalBytes,
        ],
      );
      tx.run('DELETE FROM file_history WHERE id <= ?', [tx.lastInsertId() - ENTRIES_MAX]);
    });
  }

  /** Newest first: of one key, and with a text in their name or path. */
  list({ keyArn, text = '', offset, limit }: CallInput<'files.history'>): { entries: Entry[]; matching: number } {
    const filter = [keyArn ?? null, fold(text)];
    const { db } = this.#store;
    return {
      entries: db
        .all<Row>(
          `SELECT id, finished_at, action, name, path, output, key_arn, files, bytes FROM file_history ${WHERE} ORDER BY id DESC LIMIT ?3 OFFSET ?4`,
          [...filter, limit, offset],
        )
        .map(entryOf),
      matching: db.get<{ count: number }>(`SELECT count(*) AS count FROM file_history ${WHERE}`, filter)?.count ?? 0,
    };
  }

  /** Where the results are that were encrypted under a key: files, and folders of them. */
  sealed(keyArn: string): string[] {
    return this.#store.db
      .all<{ output: string }>(
        "SELECT DISTINCT output FROM file_history WHERE key_arn = ? AND action IN ('encrypt', 'reencrypt') AND output IS NOT NULL ORDER BY output",
        [keyArn],
      )
      .map(({ output }) => output);
  }

  /** The keys that entries name. */
  keys(): string[] {
    return this.#store.db
      .all<{ key_arn: string }>('SELECT DISTINCT key_arn FROM file_history WHERE key_arn IS NOT NULL ORDER BY key_arn')
      .map(({ key_arn }) => key_arn);
  }

  forget(): Promise<void> {
    return this.#change((tx) => void tx.run('DELETE FROM file_history'));
  }
}
