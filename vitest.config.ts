import { defineConfig } from 'vitest/config';

const folders = 'access|audit|crypto|kms|policy|seed|shared|signing';
/** Suites that put other modules in the place of Node's. */
const replacing = 'tests/unit/**/boringssl*.test.ts';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: [`tests/unit/!(${folders})/**/*.test.ts`, replacing],
          testTimeout: 30_000,
        },
      },
      // Their modules hold nothing that changes: read once for all of these suites, which halves their time.
      {
        test: {
          name: 'unit-together',
          include: [`tests/unit/@(${folders})/**/*.test.ts`],
          exclude: [replacing],
          testTimeout: 30_000,
          isolate: false,
          restoreMocks: true,
        },
      },
      {
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['tests/conformance/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
