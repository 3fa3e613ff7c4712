import type { MaterialKind } from '../../shared/kms/enums.ts';
import { toHex } from '../crypto/bytes.ts';
import type { Random } from '../environment.ts';
import type { Store, Transaction } from '../vault/types.ts';
import type { KeyRecord } from './key-rows.ts';

/** What names a material's owner: replicas of a multi-Region key share it, so no Region is in it. */
export type Line = Pick<KeyRecord, 'accountId' | 'keyId'>;

const CACHE_MAX = 256;
const MATERIAL_BYTES = 32;
const MATERIAL_ID_BYTES = 32;

const owner = ({ accountId, keyId }: Line) => `${accountId}/${keyId}`;

/**
 * Key material: made, read and dropped here only. Opened material is kept in a bounded cache and overwritten with zeros
 * when it leaves it or the vault locks; bytes handed out must therefore not be kept beyond the call.
 */
export class Materials {
  readonly #store: Store;
  readonly #random: Random;
  readonly #open = new Map<string, Uint8Array>();

  constructor(store: Store, random: Random) {
    this.#store = store;
    this.#random = random;
    store.onLock(() => this.#clear());
  }

  /** Makes 256 bits of material for a key and returns its id (64 hexadecimal digits, random: it says nothing of it). */
  create(tx: Transaction, line: Line, number: number, kind: MaterialKind, now: number): string {
    const id = toHex(this.#random.bytes(MATERIAL_ID_BYTES));
    const material = this.#random.bytes(MATERIAL_BYTES);
    const sealed = this.#store.sealMaterial(owner(line), id, material);
    material.fill(0);
    tx.run(
      'INSERT INTO materials (account_id, key_id, number, material_id, kind, created_at, sealed) VALUES (?, ?, ?, ?, ?, ?, ?)',
      [line.accountId, line.keyId, number, id, kind, now, sealed],
    );
    return id;
  }

  /** The material by its id, or null when the key has none of that id. */
  read(tx: Transaction, line: Line, id: string): Uint8Array | null {
    const name = `${owner(line)}/${id}`;
    const cached = this.#open.get(name);
    if (cached) {
      // Most recently used last: a Map keeps the order of insertion.
      this.#open.delete(name);
      this.#open.set(name, cached);
      return cached;
    }
    const row = tx.get<{ sealed: Uint8Array }>(
      'SELECT sealed FROM materials WHERE account_id = ? AND key_id = ? AND material_id = ?',
      [line.accountId, line.keyId, id],
    );
    if (!row) return null;
    const material = this.#store.openMaterial(owner(line), id, row.sealed);
    this.#open.set(name, material);
    const oldest = this.#open.size > CACHE_MAX ? this.#open.keys().next().value : undefined;
    if (oldest !== undefined) this.#drop(oldest);
    return material;
  }

  /** Forgets the opened material of a key whose rows are gone. */
  forget(line: Line): void {
    const prefix = `${owner(line)}/`;
    for (const name of [...this.#open.keys()]) if (name.startsWith(prefix)) this.#drop(name);
  }

  #drop(name: string): void {
    this.#open.get(name)?.fill(0);
    this.#open.delete(name);
  }

  #clear(): void {
    for (const name of [...this.#open.keys()]) this.#drop(name);
  }
}
