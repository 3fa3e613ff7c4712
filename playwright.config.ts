import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests/e2e',
  // Sockets are read from /proc.
  testIgnore: process.platform === 'linux' ? [] : ['sockets.spec.ts'],
  outputDir: 'out/test-results',
  // Long enough for a busy machine: it ends what hangs, and decides nothing else.
  timeout: 120_000,
  expect: { timeout: 10_000 },
  // Windows wait more than they work, and each has a folder, a profile and ports of its own.
  workers: 2,
  forbidOnly: true,
  reporter: 'list',
  projects: [
    { name: 'chromium', testIgnore: 'electron*.spec.ts', metadata: { shell: 'chromium' } },
    { name: 'electron', testIgnore: 'chromium*.spec.ts', metadata: { shell: 'electron' } },
  ],
});
