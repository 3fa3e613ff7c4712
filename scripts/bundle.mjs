// Bundles one TypeScript entry for plain Node, npm's packages left outside: for benches, and for child processes of tests.
import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { root } from './lib.mjs';

/** Returns the bundle's path, in `folder` or in a new folder below out/. */
export async function bundle(entry, folder) {
  const { build } = await import('vite');
  const outDir = folder ?? mkdtempSync(path.join(root, 'out', 'bundle-'));
  const name = path.basename(entry, '.ts');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
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
