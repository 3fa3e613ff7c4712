// Bundles one TypeScript entry for plain Node, with the packages that the program is built with: for benches, and for child
// processes of tests.
import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { root } from './lib.mjs';

/**
 * The packages that are built into the program instead of being read from node_modules: of plain JavaScript, in many small
 * files, each of which a start would find, read and compile by itself. What is native, or finds files beside its own, stays out.
 */
export const bundled = [
  '@noble/ciphers',
  '@noble/curves',
  '@noble/hashes',
  '@noble/post-quantum',
  'sm-crypto-v2',
  'uqr',
  'yaml',
  'zod',
];

/** Returns the bundle's path, in `folder` or in a new folder below out/. */
export async function bundle(entry, folder) {
  const { build } = await import('vite');
  const outDir = folder ?? mkdtempSync(path.join(root, 'out', 'bundle-'));
  const name = path.basename(entry, '.ts');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: bundled },
    build: {
      ssr: path.resolve(root, entry),
      outDir,
      emptyOutDir: false,
      target: 'node20',
      rollupOptions: { output: { format: 'es', entryFileNames: `${name}.mjs`, chunkFileNames: `${name}-[hash].mjs` } },
    },
  });
  return path.join(outDir, `${name}.mjs`);
}
