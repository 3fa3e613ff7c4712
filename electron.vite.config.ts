import path from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import type { Plugin } from 'vite';
import { bundled } from './scripts/bundle.mjs';

/** Puts `lib/scroll-watch.ts` in the place of Mantine's module of that name; a Mantine that has none any more fails the build. */
function scrollWatch(): Plugin {
  let replaced = false;
  return {
    name: 'coffer-scroll-watch',
    enforce: 'pre',
    resolveId(source, importer) {
      if (!source.endsWith('/add-unlinked-scroll-listener.mjs') || !importer?.includes('@mantine')) return null;
      replaced = true;
      return path.resolve('src/renderer/lib/scroll-watch.ts');
    },
    buildEnd(error) {
      if (!error && !replaced) this.error('Mantine has no add-unlinked-scroll-listener.mjs to replace.');
    },
  };
}

// The main bundle is ESM and leaves outside what must be found in node_modules; workers are entries of their own so that both
// shells (Electron and plain Node) find them beside index.js. A sandboxed preload must be one CommonJS file.
export default defineConfig({
  main: {
    build: {
      externalizeDeps: { exclude: bundled },
      rollupOptions: {
        input: {
          index: 'src/main/index.ts',
          serve: 'src/main/serve/index.ts',
          'files-worker': 'src/main/files/worker.ts',
          'token-host': 'src/main/key-stores/pkcs11/host.ts',
        },
        output: { format: 'es' },
      },
    },
  },
  preload: {
    build: {
      externalizeDeps: false,
      isolatedEntries: true,
      rollupOptions: {
        input: { index: 'src/preload/index.ts', chromium: 'src/preload/chromium.ts' },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    plugins: [react(), scrollWatch()],
    // Nothing is inlined as data: the policy of the page takes fonts from its own origin only.
    build: {
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 3000,
      // In the Chromium shell every byte of the page crosses the DevTools pipe as base64.
      minify: true,
      rollupOptions: { input: 'src/renderer/index.html' },
    },
  },
});
