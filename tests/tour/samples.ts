import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** What the tour works on: copies beside each other in a folder of its own. */
export interface Work {
  /** Paths of the copies. */
  readonly copies: readonly string[];
  /** Path of what was given for each copy; the same as the copy for a sample. */
  readonly originals: readonly string[];
}

/** Copies the files and folders given, or makes small samples when none are. Nothing given is ever written to. */
export async function prepareWork(given: readonly string[], folder: string): Promise<Work> {
  await mkdir(folder, { recursive: true });
  if (given.length === 0) {
    const copies = await makeSamples(folder);
    return { copies, originals: copies };
  }
  const copies: string[] = [];
  for (const [index, original] of given.entries()) {
    // Two files of one name from different folders stay apart.
    const own = path.join(folder, String(index + 1));
    await mkdir(own);
    const copy = path.join(own, path.basename(original));
    await cp(original, copy, { recursive: true, preserveTimestamps: true });
    copies.push(copy);
  }
  return { copies, originals: given };
}

async function makeSamples(folder: string): Promise<string[]> {
  const letter = path.join(folder, 'Letter to the notary.txt');
  await writeFile(letter, 'The will is in the blue folder.\n'.repeat(200));
  const scan = path.join(folder, 'passport-scan.bin');
  await writeFile(scan, Buffer.alloc(5_000_000, 'scan'));
  const odd = path.join(folder, `résumé 🗝️ ${'long'.repeat(40)}.txt`);
  await writeFile(odd, '');
  const photos = path.join(folder, 'Photos 2026');
  await mkdir(path.join(photos, 'Summer', 'empty'), { recursive: true });
  await writeFile(path.join(photos, 'Summer', 'beach.jpg'), Buffer.alloc(700_000, 'sand'));
  await writeFile(path.join(photos, 'notes.md'), '# Summer\n');
  return [letter, scan, odd, photos];
}

/** SHA-256 over the names and bytes of a file or of everything in a folder. */
export async function digest(target: string): Promise<string> {
  const hash = createHash('sha256');
  const walk = async (at: string, name: string): Promise<void> => {
    if (!(await stat(at)).isDirectory()) {
      hash.update(`file ${name}\0`).update(await readFile(at));
      return;
    }
    hash.update(`folder ${name}\0`);
    for (const entry of (await readdir(at)).sort()) await walk(path.join(at, entry), `${name}/${entry}`);
  };
  await walk(target, '');
  return hash.digest('hex');
}
