import { KmsError } from '../../shared/kms/errors.ts';
import type { AuditLog } from '../audit/types.ts';
import { utf8 } from '../crypto/bytes.ts';
import type { Environment, Random } from '../environment.ts';
import type { ReadDatabase, Store, Transaction } from '../vault/types.ts';
import { type Identity, identityOf, type PrincipalRow, uniqueId } from './principals.ts';
import { type Actor, record } from './recorded-call.ts';

/** An access key as it may be shown; times in milliseconds since the epoch. */
export interface AccessKeyInfo {
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly principalArn: string;
  /** Null for the account's root. */
  readonly owner: Pick<PrincipalRow, 'kind' | 'name'> | null;
  readonly active: boolean;
  readonly createdAt: number;
  /** To the minute. */
  readonly lastUsed: number | null;
}

/** An access key just made: the one time its secret is told. */
export interface NewAccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** An active access key with its secret, for checking signatures. */
export interface OpenAccessKey extends Identity {
  readonly secret: string;
}

/** Whose key it is: the account's root when there is no principal. */
export interface Owner {
  readonly accountId: string;
  readonly principal: PrincipalRow | null;
}

export interface AccessKeyParts {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly environment: Environment;
}

interface Row {
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly active: number;
  readonly createdAt: number;
  readonly lastUsed: number | null;
  readonly kind: PrincipalRow['kind'] | null;
  readonly name: string | null;
  readonly path: string | null;
  readonly uniqueId: string | null;
  readonly sealed: Uint8Array;
}

const SELECT = `SELECT a.access_key_id AS accessKeyId, a.account_id AS accountId, a.active, a.created_at AS createdAt,
  a.last_used AS lastUsed, p.kind, p.name, p.path, p.unique_id AS uniqueId, a.sealed
  FROM access_keys a LEFT JOIN principals p ON p.row = a.principal`;

/** How precisely the last use of an access key is kept, in milliseconds. */
const USE_RESOLUTION = 60_000;
/** Base64 makes 40 characters of it, as long as AWS's. */
const SECRET_BYTES = 30;
const CACHE_MAX = 1024;

function identityIn({ accountId, accessKeyId, kind, name, path, uniqueId: id }: Row): Identity {
  const principal =
    kind === null || name === null || path === null || id === null ? null : { kind, name, path, uniqueId: id };
  return identityOf(accountId, principal, accessKeyId);
}

/**
 * The access keys of one open store. Secrets are sealed in the database, bound to their ids; those in use are kept opened in
 * memory until the store locks.
 */
export class AccessKeys {
  readonly #store: Store;
  readonly #audit: AuditLog;
  readonly #environment: Environment;
  readonly #opened = new Map<string, OpenAccessKey>();
  readonly #used = new Map<string, number>();
  #stamp = -1;

  constructor(parts: AccessKeyParts) {
    this.#store = parts.store;
    this.#audit = parts.audit;
    this.#environment = parts.environment;
    // A string cannot be overwritten; nothing refers to it any more and it goes with the next collection.
    this.#store.onLock(() => this.#opened.clear());
  }

  /** The active access key of that id, or undefined. @throws VaultDamaged when its secret does not open. */
  open(id: string): OpenAccessKey | undefined {
    const { db } = this.#store;
    const stamp = db.stamp('access_keys') + db.stamp('principals');
    if (stamp !== this.#stamp || this.#opened.size > CACHE_MAX) {
      this.#opened.clear();
      this.#stamp = stamp;
    }
    const held = this.#opened.get(id);
    if (held) return held;
    const row = rowOf(db, id);
    if (row?.active !== 1) return undefined;
    const bytes = this.#store.openMaterial('access key', id, row.sealed);
    const opened = { ...identityIn(row), secret: new TextDecoder().decode(bytes) };
    bytes.fill(0);
    this.#opened.set(id, opened);
    return opened;
  }

  /** Notes, to the minute, that a request was signed with the key. Resolves when that is durable; most calls write nothing. */
  async noteUse(id: string): Promise<void> {
    const now = this.#environment.clock.now();
    const last = this.#used.get(id);
    if (last !== undefined && Math.abs(now - last) < USE_RESOLUTION) return;
    this.#used.set(id, now);
    await this.#store.transact((tx) =>
      tx.run('UPDATE access_keys SET last_used = ? WHERE access_key_id = ?', [now, id]),
    );
  }

  /** All access keys, the oldest first. */
  list(): AccessKeyInfo[] {
    return this.#store.db.all<Row>(`${SELECT} ORDER BY a.created_at, a.access_key_id`).map(infoOf);
  }

  /** The access keys of one owner, the oldest first. */
  ofOwner(db: ReadDatabase, { accountId, principal }: Owner): AccessKeyInfo[] {
    return db
      .all<Row>(`${SELECT} WHERE a.account_id = ? AND a.principal IS ? ORDER BY a.created_at, a.access_key_id`, [
        accountId,
        principal?.row ?? null,
      ])
      .map(infoOf);
  }

  find(db: ReadDatabase, id: string): AccessKeyInfo | undefined {
    const row = rowOf(db, id);
    return row && infoOf(row);
  }

  /** Makes an access key, with its record; its secret is answered this once. Resolves when it is durable. */
  create(actor: Actor, owner: Owner): Promise<NewAccessKey> {
    return this.#store.transact((tx) => this.add(tx, actor, owner));
  }

  /** As `insert`, with its record as that of a call of `actor`. */
  add(tx: Transaction, actor: Actor, owner: Owner, fixed?: NewAccessKey): NewAccessKey {
    const pair = this.insert(tx, owner, fixed);
    const userName = owner.principal ? { userName: owner.principal.name } : {};
    record(this.#audit, tx, this.#environment.clock.now(), actor, {
      eventName: 'CreateAccessKey',
      eventSource: 'iam.amazonaws.com',
      readOnly: false,
      requestParameters: owner.principal ? userName : null,
      responseElements: { accessKey: { accessKeyId: pair.accessKeyId, status: 'Active', ...userName } },
    });
    return pair;
  }

  /**
   * Makes an access key inside a transaction, with an id and secret of its own or a fixed pair.
   * @throws KmsError `EntityAlreadyExistsException` when the id is taken.
   */
  insert(tx: Transaction, { accountId, principal }: Owner, fixed?: NewAccessKey): NewAccessKey {
    const { random, clock } = this.#environment;
    const pair = fixed ?? {
      accessKeyId: uniqueId(random, 'AKIA', 16),
      secretAccessKey: newSecret(random),
    };
    const { accessKeyId: id } = pair;
    const bytes = utf8(pair.secretAccessKey);
    const sealed = this.#store.sealMaterial('access key', id, bytes);
    bytes.fill(0);
    const made = tx.run(
      `INSERT INTO access_keys (access_key_id, account_id, principal, sealed, active, created_at) VALUES (?, ?, ?, ?, 1, ?)
       ON CONFLICT DO NOTHING`,
      [id, accountId, principal?.row ?? null, sealed, clock.now()],
    );
    if (made === 0) throw new KmsError('EntityAlreadyExistsException', `There is an access key ${id} already.`);
    return pair;
  }

  /** Lets a key sign again, or no more. */
  setActive(tx: Transaction, id: string, active: boolean): void {
    tx.run('UPDATE access_keys SET active = ? WHERE access_key_id = ?', [active ? 1 : 0, id]);
  }

  /** Removes a key for good. */
  remove(tx: Transaction, id: string): void {
    tx.run('DELETE FROM access_keys WHERE access_key_id = ?', [id]);
  }
}

/** A secret as AWS's look: 40 characters of base64. */
export const newSecret = (random: Random) => Buffer.from(random.bytes(SECRET_BYTES)).toString('base64');

const rowOf = (db: ReadDatabase, id: string) => db.get<Row>(`${SELECT} WHERE a.access_key_id = ?`, [id]);

const infoOf = (row: Row): AccessKeyInfo => ({
  accessKeyId: row.accessKeyId,
  accountId: row.accountId,
  principalArn: identityIn(row).principalArn,
  owner: row.kind === null ? null : { kind: row.kind, name: row.name ?? '' },
  active: row.active === 1,
  createdAt: row.createdAt,
  lastUsed: row.lastUsed,
});
