import type { Store, Transaction } from '../vault/types.ts';
import { eventIdOf, GENESIS, type Head, headMac, nextHash, STORED_HASH_BYTES, type TrailRecord } from './chain.ts';
import { decisionText } from './decisions.ts';
import { DIGEST_RECORDS, type Digest, DigestSigner, lastDigest } from './digest.ts';
import { lastSequence } from './query.ts';
import { TrailSearch } from './search.ts';
import type { AuditLog } from './types.ts';

/** Texts seen once are remembered, and stored by number from their second time on. */
const SEEN_MAX = 5000;
/** Numbers of texts held at once; the others are looked up. A vault that stays open meets new texts without end. */
const NUMBERS_MAX = 5000;
/** Longer texts are always stored in their record. */
const SHARED_TEXT_MAX = 2048;

/** What a database does not give back as it was given: NUL ends a text, a mark at its begin is dropped, half a pair has no UTF-8. */
const UNSTORABLE = /[\0\uFEFF\p{Surrogate}]/gu;

/** The text as it will be read back, so that the hash is of what is stored. */
const storable = (text: string) => text.replace(UNSTORABLE, '\uFFFD');

export interface Trail extends AuditLog {
  readonly signer: DigestSigner;
  readonly headKey: Uint8Array;
  /** Answers what is asked of the records. */
  readonly search: TrailSearch;
  /** Writes the end of a trail that is still empty, so that nothing can be removed as if it had never been. Once a vault. */
  begin(tx: Transaction, now: number): void;
  /** Signs a digest over everything up to now: at lock, before a verification and before an export. */
  sealDigest(tx: Transaction, now: number): void;
}

export function readHead(db: Pick<Transaction, 'get'>): (Head & { mac: Uint8Array }) | undefined {
  return db.get('SELECT sequence, time, hash, mac FROM audit_head WHERE id = 1');
}

/** Not INSERT OR REPLACE, which deletes the row and so would void what others hold of every table. */
const WRITE_HEAD = `INSERT INTO audit_head (id, sequence, time, hash, mac) VALUES (1, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, time = excluded.time, hash = excluded.hash, mac = excluded.mac`;

/** The audit trail of one open vault. */
export function createAuditLog(store: Store): Trail {
  const signer = new DigestSigner(store.id, store.deriveKey('audit-signature'));
  const headKey = store.deriveKey('audit-head');
  const strings = new Map<string, number>();
  const callers = new Map<string, number>();
  const seen = new Set<string>();
  /** Of the newest digest: its last record, and what the head is bound to. */
  let digested = 0;
  let link: Uint8Array = GENESIS;
  /** The head as it was written last, and the caches' ground: when it stands elsewhere, a transaction was undone. */
  let known: Head | undefined;
  let knownAt = -1;

  /** The last record that is on the disk, and not only in a transaction that may still be undone. */
  let durable = lastSequence(store.db);
  store.onCommit(() => {
    durable = known && store.db.stamp('audit_head') === knownAt ? known.sequence : lastSequence(store.db);
  });
  const search = new TrailSearch(store.db, () => durable);
  store.onLock(() => search.close());

  function headOf(tx: Transaction): Head {
    if (known && tx.stamp('audit_head') === knownAt) return known;
    const head = readHead(tx) ?? { sequence: 0, time: 0, hash: GENESIS };
    if (head.sequence !== known?.sequence) {
      strings.clear();
      callers.clear();
      seen.clear();
    }
    cover(lastDigest(tx));
    return head;
  }

  function cover(digest: Digest | undefined): void {
    digested = digest?.last ?? 0;
    link = signer.link(digest);
  }

  function writeHead(tx: Transaction, head: Head): void {
    const { sequence, time, hash } = head;
    tx.run(WRITE_HEAD, [sequence, time, hash, headMac(headKey, head, link)]);
    known = { sequence, time, hash };
    knownAt = tx.stamp('audit_head');
  }

  function stringId(tx: Transaction, text: string): number {
    let id = strings.get(text);
    if (id === undefined) {
      id = tx.get<{ id: number }>('SELECT id FROM audit_strings WHERE text = ?', [text])?.id;
      if (id === undefined) {
        tx.run('INSERT INTO audit_strings (text) VALUES (?)', [text]);
        id = tx.lastInsertId();
      }
      if (strings.size >= NUMBERS_MAX) strings.clear();
      strings.set(text, id);
    }
    return id;
  }

  function callerId(tx: Transaction, { source, principal, account, region, ip, agent }: TrailRecord): number {
    const fields = [source, principal, account, region, ip, agent];
    const name = fields.join('\0');
    let id = callers.get(name);
    if (id === undefined) {
      id = tx.get<{ id: number }>(
        'SELECT id FROM audit_callers WHERE source = ? AND principal = ? AND account = ? AND region = ? AND ip = ? AND agent = ?',
        fields,
      )?.id;
      if (id === undefined) {
        tx.run(
          'INSERT INTO audit_callers (source, principal, account, region, ip, agent) VALUES (?, ?, ?, ?, ?, ?)',
          fields,
        );
        id = tx.lastInsertId();
      }
      if (callers.size >= NUMBERS_MAX) callers.clear();
      callers.set(name, id);
    }
    return id;
  }

  /** A text as the record stores it: by number when it repeats. */
  function shared(tx: Transaction, text: string | null): string | number | null {
    if (text === null || text.length > SHARED_TEXT_MAX) return text;
    if (strings.has(text) || seen.has(text)) return stringId(tx, text);
    if (seen.size >= SEEN_MAX) seen.clear();
    seen.add(text);
    return text;
  }

  return {
    signer,
    headKey,
    search,

    begin(tx, now) {
      const head = headOf(tx);
      if (head.sequence === 0) writeHead(tx, { ...head, time: now });
    },

    append(tx, entry) {
      const head = headOf(tx);
      const sequence = head.sequence + 1;
      const record: TrailRecord = {
        sequence,
        // A clock set back must not disorder the trail.
        time: Math.max(entry.time, head.time),
        name: storable(entry.eventName),
        source: storable(entry.eventSource),
        principal: storable(entry.principalArn),
        account: storable(entry.accountId),
        region: storable(entry.region),
        ip: storable(entry.sourceIp),
        agent: storable(entry.userAgent),
        readOnly: entry.readOnly,
        resources: entry.resources.map(storable),
        request: entry.requestParameters && JSON.stringify(entry.requestParameters),
        response: entry.responseElements && JSON.stringify(entry.responseElements),
        error: entry.errorCode === undefined ? null : storable(entry.errorCode),
        message: entry.errorMessage === undefined ? null : storable(entry.errorMessage),
        decision: decisionText(entry.decisions),
      };
      const hash = nextHash(head.hash, record);
      const [first, ...more] = record.resources;
      tx.run(
        'INSERT INTO audit_events (sequence, time, name, caller, read_only, key, error, message, request, response, decision, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
        [
          sequence,
          record.time,
          stringId(tx, record.name),
          callerId(tx, record),
          record.readOnly ? 1 : 0,
          first === undefined ? null : stringId(tx, first),
          record.error === null ? null : stringId(tx, record.error),
          record.message,
          shared(tx, record.request),
          shared(tx, record.response),
          shared(tx, record.decision),
          hash.subarray(0, STORED_HASH_BYTES),
        ],
      );
      more.forEach((arn, position) => {
        tx.run('INSERT INTO audit_more_keys (sequence, position, key) VALUES (?, ?, ?)', [
          sequence,
          position,
          stringId(tx, arn),
        ]);
      });
      if (sequence - digested >= DIGEST_RECORDS) cover(signer.seal(tx, sequence, hash, record.time));
      writeHead(tx, { sequence, time: record.time, hash });
      return { requestId: eventIdOf(sequence, hash), sequence };
    },

    sealDigest(tx, now) {
      const head = headOf(tx);
      if (head.sequence === digested) return;
      cover(signer.seal(tx, head.sequence, head.hash, now));
      writeHead(tx, head);
    },
  };
}
