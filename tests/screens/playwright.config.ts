import { defineConfig } from '@playwright/test';

/** The pictures are taken one after the other in one window. */
export default defineConfig({
  testDir: '.',
  testMatch: 'screens.ts',
  outputDir: '../../out/screens-results',
  timeout: 20 * 60_000,
  expect: { timeout: 20_000 },
  workers: 1,
  reporter: [['../support/walk-reporter.ts', { walk: 'The round', pictures: 'out/screens/' }]],
});
