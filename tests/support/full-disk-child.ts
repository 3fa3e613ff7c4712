import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Vault } from '../../src/main/vault/vault.ts';
import { addNote, notesOf, PASSPHRASE, vaultOptions } from './vault.ts';

/**
 * Fills a vault until the system refuses, says what happened, waits for a line on its stdin, and goes on. The limit on
 * the size of files is the parent's to set and to lift.
 */
const [dir = ''] = process.argv.slice(2);
const say = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`);
const { vault } = await Vault.create(dir, vaultOptions(), { name: 'Full', passphrase: PASSPHRASE, useKeychain: false });
const acknowledged: string[] = [];
for (let number = 0; ; number++) {
  const text = `note ${number} ${'.'.repeat(number % 700)}`;
  try {
    await addNote(vault, text);
    acknowledged.push(text);
  } catch (error) {
    say({
      code: (error as { code: string }).code,
      message: (error as Error).message,
      acknowledged,
      held: notesOf(vault),
    });
    break;
  }
}
for await (const _line of createInterface({ input: process.stdin })) break;
await addNote(vault, 'after');
await vault.close();
say({ done: true });
process.exit(0);
