import { z } from 'zod';
import { Place } from '../shared/contract/app.ts';
import { Told } from './reminders.ts';
import type { ReadDatabase, Transaction } from './vault/types.ts';

/** Settings that travel with the vault. An entry that is missing or cannot be read has its default. */
const schema = z.object({
  autoLockMinutes: z.number().int().min(0).max(1440).catch(10),
  lockOnSuspend: z.boolean().catch(true),
  recoveryConfirmed: z.boolean().catch(false),
  /** The address the window was at when the vault was locked last. */
  place: Place.optional().catch(undefined),
  /** What the person was told of what is coming. */
  told: Told.optional().catch(undefined),
  /** The account of the window and of access keys made without naming another; the first one made when it is not set. */
  defaultAccount: z.string().optional().catch(undefined),
  /** The seed the vault was filled from, and whether that came to its end. */
  seed: z.object({ fingerprint: z.string(), done: z.boolean() }).optional().catch(undefined),
});

export type VaultSettings = z.output<typeof schema>;

export function settingsOf(rows: readonly { name: string; value: string }[]): VaultSettings {
  return schema.parse(
    Object.fromEntries(
      rows.map(({ name, value }) => {
        try {
          return [name, JSON.parse(value)];
        } catch {
          return [name, undefined];
        }
      }),
    ),
  );
}

export function readSettings(db: ReadDatabase): VaultSettings {
  return settingsOf(db.all<{ name: string; value: string }>('SELECT name, value FROM settings'));
}

export function writeSetting(tx: Transaction, name: string, value: unknown): void {
  tx.run('INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value', [
    name,
    JSON.stringify(value),
  ]);
}
