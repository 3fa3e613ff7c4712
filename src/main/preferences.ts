import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { Preferences } from '../shared/contract/app.ts';
import { replaceFile } from './vault/header.ts';

export type PreferencesValue = z.output<typeof Preferences>;

export interface PreferencesStore {
  get(): PreferencesValue;
  /** Resolves when they are on the disk; when they cannot be written, nothing has changed. */
  set(changes: Partial<PreferencesValue>): Promise<PreferencesValue>;
}

/** What is remembered outside the vault. A file that cannot be read counts as none: nothing in it is worth refusing to start. */
export async function openPreferences(configDir: string): Promise<PreferencesStore> {
  const file = path.join(configDir, 'preferences.json');
  let value: PreferencesValue = { theme: 'system' };
  try {
    value = Preferences.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    // First start, or damaged.
  }
  let turn: Promise<unknown> = Promise.resolve();
  return {
    get: () => value,
    set(changes) {
      // One after the other: two writers at once would leave the older file.
      const written = turn.then(async () => {
        const next = Preferences.parse({ ...value, ...changes });
        await mkdir(configDir, { recursive: true, mode: 0o700 });
        await replaceFile(file, new TextEncoder().encode(`${JSON.stringify(next, null, 2)}\n`));
        value = next;
        return next;
      });
      turn = written.catch(() => undefined);
      return written;
    },
  };
}
