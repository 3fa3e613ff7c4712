import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { Preferences } from '../shared/contract/app.ts';
import { CofferError } from '../shared/kms/errors.ts';
import { Turn } from './turn.ts';
import { reasonOf } from './vault/errors.ts';
import { makeFolder, replaceFile } from './vault/files.ts';

export type PreferencesValue = z.output<typeof Preferences>;

/** Preferences that take effect without being on the disk. */
export interface Unwritten {
  readonly stored: PreferencesValue;
  /** Why, in words. */
  readonly reason: string;
}

export interface PreferencesStore {
  get(): PreferencesValue;
  /** Resolves when they are on the disk. @throws CofferError `PreferencesWriteError`; then nothing has changed. */
  set(changes: Partial<PreferencesValue>): Promise<PreferencesValue>;
  /** As `set`, but they take effect even when they cannot be written, and are written with the next change that can. */
  hold(changes: Partial<PreferencesValue>): Promise<void>;
  unwritten(): Unwritten | undefined;
}

/** Each preference that can be read: where the vault lies is not forgotten for another that is damaged, or a later Coffer's. */
function readable(text: string): PreferencesValue {
  const kept = Object.entries(JSON.parse(text) as object).filter(
    ([name, value]) =>
      Object.hasOwn(Preferences.shape, name) &&
      Preferences.shape[name as keyof PreferencesValue].safeParse(value).success,
  );
  return Preferences.parse({ theme: 'system', ...Object.fromEntries(kept) });
}

/** What is remembered outside the vault. A file that cannot be read counts as none: nothing in it is worth refusing to start. */
export async function openPreferences(configDir: string): Promise<PreferencesStore> {
  const file = path.join(configDir, 'preferences.json');
  let stored: PreferencesValue = { theme: 'system' };
  try {
    stored = readable(await readFile(file, 'utf8'));
  } catch {
    // First start, or damaged.
  }
  let value = stored;
  let reason: string | undefined;
  // One after the other: two writers at once would leave the older file.
  const turn = new Turn();

  async function write(next: PreferencesValue): Promise<void> {
    await makeFolder(configDir);
    await replaceFile(file, new TextEncoder().encode(`${JSON.stringify(next, null, 2)}\n`));
    stored = next;
    reason = undefined;
  }

  return {
    get: () => value,
    set: (changes) =>
      turn.take(async () => {
        const next = Preferences.parse({ ...value, ...changes });
        await write(next).catch((error: unknown) => {
          throw new CofferError(
            'PreferencesWriteError',
            `The preferences could not be written: ${reasonOf(error)}. Nothing was changed.`,
          );
        });
        value = next;
        return next;
      }),
    hold: (changes) =>
      turn.take(async () => {
        value = Preferences.parse({ ...value, ...changes });
        await write(value).catch((error: unknown) => {
          reason = reasonOf(error);
        });
      }),
    unwritten: () => (reason === undefined ? undefined : { stored, reason }),
  };
}
