import { defineConfig } from '@playwright/test';

/** The tour is one walk through one window; it prints what it checked as it goes. */
export default defineConfig({
  testDir: '.',
  testMatch: 'tour.ts',
  outputDir: '../../out/tour-results',
  timeout: 15 * 60_000,
  expect: { timeout: 20_000 },
  workers: 1,
  reporter: [['../support/walk-reporter.ts', { walk: 'The tour', pictures: 'out/tour/' }]],
});
