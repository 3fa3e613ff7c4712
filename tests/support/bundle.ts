import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundle as bundleInto } from '../../scripts/bundle.mjs';

const out = path.resolve(import.meta.dirname, '..', '..', 'out');

/** Bundles a TypeScript entry, so that a child process of plain Node can run it; npm's packages stay resolvable. */
export async function bundle(entry: string): Promise<{ readonly file: string; remove(): void }> {
  mkdirSync(out, { recursive: true });
  const folder = mkdtempSync(path.join(out, 'bundle-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  try {
    return { file: await bundleInto(entry, folder), remove };
  } catch (error) {
    remove();
    throw error;
  }
}
