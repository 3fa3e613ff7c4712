import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { flipped } from './crypto.ts';

/** Turns a bit over in the middle of the journal of the vault in `folder`, which must be closed. */
export async function damageJournal(folder: string): Promise<void> {
  const name = (await readdir(folder)).find((each) => each.startsWith('journal-'));
  if (name === undefined) throw new Error('the vault has no journal');
  const journal = path.join(folder, name);
  const bytes = await readFile(journal);
  await writeFile(journal, flipped(bytes, Math.floor(bytes.length / 2)));
}
