import type { AuditLog } from '../audit/types.ts';
import type { ReadDatabase, Transaction } from '../vault/types.ts';
import { dropImport, knownMaterial } from './imported.ts';
import { keyByRow } from './key-rows.ts';
import type { Materials } from './materials.ts';
import { serviceEvent } from './service-event.ts';

const NEXT = 'SELECT min(expires_at) AS at FROM imports WHERE expires_at IS NOT NULL';
const DUE = 'SELECT key_row AS row, material_id AS id FROM imports WHERE expires_at <= ? ORDER BY expires_at, key_row';

/** When imported material expires next (ms since the epoch); undefined when none does. */
export function nextExpiry(db: ReadDatabase): number | undefined {
  return db.get<{ at: number | null }>(NEXT)?.at ?? undefined;
}

/** Deletes imported material at its end. No call uses material past its time, whether or not a timer ran. */
export class Expirer {
  readonly #audit: AuditLog;
  readonly #materials: Materials;
  #stamp = -1;
  #next: number | undefined;

  constructor(audit: AuditLog, materials: Materials) {
    this.#audit = audit;
    this.#materials = materials;
  }

  /**
   * Each material that has expired by `now` (ms) is deleted and recorded as the service's own event. Returns the ids of the
   * keys that lost material. Costs nothing but a comparison as long as no import was written and nothing is due.
   */
  expire(tx: Transaction, now: number): string[] {
    const stamp = tx.stamp('imports');
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#next = nextExpiry(tx);
    }
    if (this.#next === undefined || this.#next > now) return [];
    // Rows that went with their key leave no mark on the stamp, so the next time is asked for anew.
    this.#stamp = -1;
    return tx.all<{ row: number; id: string }>(DUE, [now]).flatMap(({ row, id }) => {
      const key = keyByRow(tx, row);
      const material = key && knownMaterial(tx, key, id);
      // Gone since the list was made: a primary key takes a waiting material from its replicas, too.
      if (!material) return [];
      dropImport(tx, this.#materials, key, material);
      this.#audit.append(tx, serviceEvent(key, now, 'DeleteExpiredKeyMaterial', { keyMaterialId: id }));
      return [key.keyId];
    });
  }
}
