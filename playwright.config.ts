import { defineConfig } from '@playwright/test';

// One application window at a time: the specs share two cores with the browser they drive.
export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'out/test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  workers: 1,
  forbidOnly: true,
  reporter: 'list',
  projects: [
    { name: 'chromium', metadata: { shell: 'chromium' } },
    { name: 'electron', metadata: { shell: 'electron' } },
  ],
});
