import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

const PER_FOLDER = 100;

/** Makes a tree of `count` files of 4 KiB below `folder`, a hundred in each of its folders. */
export async function makeSmallFiles(folder: string, count: number): Promise<void> {
  for (let n = 0; n < count / PER_FOLDER; n++) {
    const place = path.join(folder, `${Math.floor(n / 10)}`, `${n}`);
    await mkdir(place, { recursive: true });
    for (let file = 0; file < PER_FOLDER; file++)
      await writeFile(path.join(place, `${file}.bin`), Buffer.alloc(4096, file));
  }
}
