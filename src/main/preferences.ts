import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { Preferences } from '../shared/contract/app.ts';
import { replaceFile } from './vault/files.ts';

export type PreferencesValue = z.output<typeof Preferences>;

export interface PreferencesStore {
  get(): PreferencesValue;
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
  return {
    get: () => value,
    async set(changes) {
      value = Preferences.parse({ ...value, ...changes });
      await mkdir(configDir, { recursive: true, mode: 0o700 });
      await replaceFile(file, new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`));
      return value;
    },
  };
}
