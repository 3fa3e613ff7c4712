import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

// The main bundle is ESM and leaves node_modules outside; workers are entries of their own so that both shells
// (Electron and plain Node) find them beside index.js. A sandboxed preload must be one CommonJS file.
export default defineConfig({
  main: {
    build: {
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
    plugins: [react()],
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
