import { defineConfig } from '@playwright/test';

// One application window at a time: the specs share two cores with the browser they drive.
export default defineConfig({
  testDir: 'tests/e2e',
  // Sockets are read from /proc.
  testIgnore: process.platform === 'linux' ? [] : ['sockets.spec.ts'],
  outputDir: 'out/test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  forbidOnly: true,
  reporter: 'list',
  projects: [
    { name: 'chromium', testIgnore: 'electron*.spec.ts', metadata: { shell: 'chromium' } },
    { name: 'electron', testIgnore: 'chromium*.spec.ts', metadata: { shell: 'electron' } },
  ],
});
