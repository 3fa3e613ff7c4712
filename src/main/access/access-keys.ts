import { CofferError } from '../../shared/kms/errors.ts';
import type { AuditEntry, AuditLog } from '../audit/types.ts';
import { utf8 } from '../crypto/bytes.ts';
import type { Environment } from '../environment.ts';
import type { ReadDatabase, Store, Transaction } from '../vault/types.ts';
import { type Identity, identityOf, type PrincipalRow, uniqueId } from './principals.ts';

/** An access key as it may be shown; times in milliseconds since the epoch. */
export interface AccessKeyInfo {
  readonly accessKeyId: string;
  readonly accountId: string;
  readonly principalArn: string;
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

/** Who makes, switches or deletes access keys: what the record names. */
export type Actor = Pick<AuditEntry, 'principalArn' | 'accountId' | 'sourceIp' | 'userAgent'>;

/** Whose key it is: the account's root when there is no principal. */
export interface Owner {
  readonly accountId: string;
  readonly principal: PrincipalRow | null;
}

export interface AccessKeyParts {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly environment: Environment;
  /** Told when something that happened to a key is on the record. */
  readonly onRecord?: () => void;
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

/** IAM is a global service: CloudTrail has its records in this Region. */
const IAM_REGION = 'us-east-1';
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

const noSuchKey = (id: string) =>
  new CofferError('NoSuchEntityException', `The Access Key with id ${id} cannot be found.`);

/**
 * The access keys of one open store. Secrets are sealed in the database, bound to their ids; those in use are kept opened in
 * memory until the store locks. What happens to a key is recorded as IAM's calls are in CloudTrail, without the secret.
 */
export class AccessKeys {
  readonly #store: Store;
  readonly #audit: AuditLog;
  readonly #environment: Environment;
  readonly #opened = new Map<string, OpenAccessKey>();
  readonly #used = new Map<string, number>();
  readonly #onRecord: () => void;
  #stamp = -1;

  constructor(parts: AccessKeyParts) {
    this.#store = parts.store;
    this.#audit = parts.audit;
    this.#environment = parts.environment;
    this.#onRecord = parts.onRecord ?? (() => undefined);
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
    return this.#store.db.all<Row>(`${SELECT} ORDER BY a.created_at, a.access_key_id`).map((row) => ({
      accessKeyId: row.accessKeyId,
      accountId: row.accountId,
      principalArn: identityIn(row).principalArn,
      active: row.active === 1,
      createdAt: row.createdAt,
      lastUsed: row.lastUsed,
    }));
  }

  /** Makes an access key; its secret is answered this once. Resolves when it is durable. */
  create(actor: Actor, owner: Owner): Promise<NewAccessKey> {
    return this.#recorded((tx) => this.add(tx, actor, owner));
  }

  /**
   * Makes an access key inside a transaction, with an id and secret of its own or a fixed pair.
   * @throws CofferError `EntityAlreadyExistsException` when the id is taken.
   */
  add(tx: Transaction, actor: Actor, { accountId, principal }: Owner, fixed?: NewAccessKey): NewAccessKey {
    const { random, clock } = this.#environment;
    const pair = fixed ?? {
      accessKeyId: uniqueId(random, 'AKIA', 16),
      secretAccessKey: Buffer.from(random.bytes(SECRET_BYTES)).toString('base64'),
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
    if (made === 0) throw new CofferError('EntityAlreadyExistsException', `There is an access key ${id} already.`);
    this.#record(tx, actor, 'CreateAccessKey', userName(principal), {
      accessKey: { accessKeyId: id, status: 'Active', ...userName(principal) },
    });
    return pair;
  }

  /** Lets a key sign again, or no more. @throws CofferError `NoSuchEntityException` */
  setActive(actor: Actor, id: string, active: boolean): Promise<void> {
    return this.#recorded((tx) => {
      const row = rowOf(tx, id);
      if (!row) throw noSuchKey(id);
      tx.run('UPDATE access_keys SET active = ? WHERE access_key_id = ?', [active ? 1 : 0, id]);
      const status = active ? 'Active' : 'Inactive';
      this.#record(tx, actor, 'UpdateAccessKey', { ...userName(row), accessKeyId: id, status }, null);
    });
  }

  /** Removes a key for good. @throws CofferError `NoSuchEntityException` */
  delete(actor: Actor, id: string): Promise<void> {
    return this.#recorded((tx) => {
      const row = rowOf(tx, id);
      if (!row) throw noSuchKey(id);
      tx.run('DELETE FROM access_keys WHERE access_key_id = ?', [id]);
      this.#record(tx, actor, 'DeleteAccessKey', { ...userName(row), accessKeyId: id }, null);
    });
  }

  async #recorded<T>(work: (tx: Transaction) => T): Promise<T> {
    const value = await this.#store.transact(work);
    this.#onRecord();
    return value;
  }

  #record(
    tx: Transaction,
    actor: Actor,
    eventName: string,
    requestParameters: Readonly<Record<string, string>>,
    responseElements: AuditEntry['responseElements'],
  ): void {
    const { principalArn, accountId, sourceIp, userAgent } = actor;
    this.#audit.append(tx, {
      time: this.#environment.clock.now(),
      eventName,
      eventSource: 'iam.amazonaws.com',
      principalArn,
      accountId,
      region: IAM_REGION,
      sourceIp,
      userAgent,
      readOnly: false,
      requestParameters: Object.keys(requestParameters).length === 0 ? null : requestParameters,
      responseElements,
      resources: [],
    });
  }
}

const rowOf = (db: ReadDatabase, id: string) => db.get<Row>(`${SELECT} WHERE a.access_key_id = ?`, [id]);

/** How IAM's records name the owner: not at all when it is the root. */
const userName = (principal: { readonly name: string | null } | null): Readonly<Record<string, string>> =>
  principal?.name ? { userName: principal.name } : {};
