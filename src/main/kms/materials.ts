import type { MaterialKind } from '../../shared/kms/enums.ts';
import { toHex } from '../crypto/bytes.ts';
import { withSecret } from '../crypto/key-format.ts';
import { type KeyPairSpec, keyPairs, type PrivateKey } from '../crypto/key-pairs.ts';
import type { Random } from '../environment.ts';
import type { Store, Transaction } from '../vault/types.ts';
import type { KeyRecord } from './key-rows.ts';

/** What names a material's owner: replicas of a multi-Region key share it, so no Region is in it. */
export type Line = Pick<KeyRecord, 'accountId' | 'keyId'>;
/** What holds material: the line, or with imported material each of its keys for itself. */
type Holder = Line & Pick<KeyRecord, 'region' | 'row' | 'origin'>;
type Current = Holder & Pick<KeyRecord, 'currentMaterial'>;
/** How a material is kept: `PENDING` is an imported one that waits for a rotation. */
export type StoredKind = MaterialKind | 'PENDING';

/** A private key ready for use, with its public half (SubjectPublicKeyInfo DER). */
export interface OpenKeyPair {
  readonly privateKey: PrivateKey;
  readonly publicKey: Uint8Array;
}

interface OpenMaterial {
  readonly bytes: Uint8Array;
  /** Made when the material is first used as a key pair. */
  pair?: OpenKeyPair;
}

const CACHE_MAX = 256;
/** Bytes of a symmetric key. */
export const SYMMETRIC_BYTES = 32;
const MATERIAL_ID_BYTES = 32;

const owner = ({ accountId, keyId }: Line) => `${accountId}/${keyId}`;
const isImported = ({ origin }: Holder) => origin === 'EXTERNAL';
const holder = (key: Holder) => (isImported(key) ? `${owner(key)}/${key.region}` : owner(key));

/**
 * Key material: made, read and dropped here only. Opened material is kept in a bounded cache and overwritten with zeros
 * when it leaves it or the vault locks; bytes handed out must therefore not be kept beyond the call.
 */
export class Materials {
  readonly #store: Store;
  readonly #random: Random;
  readonly #open = new Map<string, OpenMaterial>();

  constructor(store: Store, random: Random) {
    this.#store = store;
    this.#random = random;
    store.onLock(() => this.#clear());
  }

  /** A new material's id: 64 hexadecimal digits, random, so that it says nothing of the material. */
  newId(): string {
    return toHex(this.#random.bytes(MATERIAL_ID_BYTES));
  }

  /** Makes 256 bits of material for a symmetric key and returns its id. */
  create(tx: Transaction, line: Line, number: number, kind: MaterialKind, now: number): string {
    return this.add(tx, line, number, kind, now, this.#random.bytes(SYMMETRIC_BYTES));
  }

  /**
   * Seals material for a key, overwrites it with zeros and returns its id (64 hexadecimal digits, random unless given: it says
   * nothing of the material).
   */
  add(
    tx: Transaction,
    line: Line,
    number: number,
    kind: MaterialKind,
    now: number,
    material: Uint8Array,
    id = this.newId(),
  ): string {
    const sealed = this.#store.sealMaterial(owner(line), id, material);
    material.fill(0);
    tx.run(
      'INSERT INTO materials (account_id, key_id, number, material_id, kind, created_at, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [line.accountId, line.keyId, number, id, kind, now, sealed],
    );
    return id;
  }

  /** Seals imported material for a key of one Region and overwrites it with zeros. Its id is `materialIdOf`. */
  sealImported(key: Holder, id: string, material: Uint8Array): Uint8Array {
    return withSecret(material, () => this.#store.sealMaterial(holder(key), id, material));
  }

  /** The material by its id, or null when the key has none of that id. */
  read(tx: Transaction, key: Holder, id: string): Uint8Array | null {
    return this.#entry(tx, key, id)?.bytes ?? null;
  }

  /** The material a key encrypts, signs and makes MACs with. For a key that has one: in a state that allows its use. */
  current(tx: Transaction, key: Current): Uint8Array {
    return this.#currentEntry(tx, key).bytes;
  }

  /** The key pair that is the current material of a key of spec `spec`. */
  keyPair(tx: Transaction, key: Current, spec: KeyPairSpec): OpenKeyPair {
    const entry = this.#currentEntry(tx, key);
    if (!entry.pair) {
      const primitive = keyPairs[spec];
      const privateKey = primitive.open(entry.bytes);
      entry.pair = { privateKey, publicKey: primitive.publicKey(privateKey) };
    }
    return entry.pair;
  }

  #currentEntry(tx: Transaction, key: Current): OpenMaterial {
    const entry = this.#entry(tx, key, key.currentMaterial);
    if (!entry) throw new Error('a key without its current material');
    return entry;
  }

  #entry(tx: Transaction, key: Holder, id: string): OpenMaterial | null {
    const name = `${holder(key)}/${id}`;
    const cached = this.#open.get(name);
    if (cached) {
      // Most recently used last: a Map keeps the order of insertion.
      this.#open.delete(name);
      this.#open.set(name, cached);
      return cached;
    }
    const row = isImported(key)
      ? tx.get<{ sealed: Uint8Array | null }>('SELECT sealed FROM imports WHERE key_row = ? AND material_id = ?', [
          key.row,
          id,
        ])
      : tx.get<{ sealed: Uint8Array | null }>(
          'SELECT sealed FROM materials WHERE account_id = ? AND key_id = ? AND material_id = ?',
          [key.accountId, key.keyId, id],
        );
    if (!row?.sealed) return null;
    const entry: OpenMaterial = { bytes: this.#store.openMaterial(holder(key), id, row.sealed) };
    this.#open.set(name, entry);
    const oldest = this.#open.size > CACHE_MAX ? this.#open.keys().next().value : undefined;
    if (oldest !== undefined) this.#drop(oldest);
    return entry;
  }

  /** Forgets the opened material of a key whose rows are gone, or some of it. */
  forget(line: Line): void {
    const prefix = `${owner(line)}/`;
    for (const name of [...this.#open.keys()]) if (name.startsWith(prefix)) this.#drop(name);
  }

  #drop(name: string): void {
    // An opened form cannot be overwritten; nothing refers to it any more and it goes with the next collection.
    this.#open.get(name)?.bytes.fill(0);
    this.#open.delete(name);
  }

  #clear(): void {
    for (const name of [...this.#open.keys()]) this.#drop(name);
  }
}
