import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../../support/bundle.ts';
import { crashRounds } from '../../support/crash.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const ROUNDS = 20;

describe('a process killed while it commits', () => {
  let child: Awaited<ReturnType<typeof bundle>>;
  beforeAll(async () => {
    child = await bundle('tests/support/crash-child.ts');
  });
  afterAll(() => child.remove());

  it(`loses nothing that was acknowledged, ${ROUNDS} times, with and without snapshots under way`, () =>
    inTemporaryFolder(async (home) => {
      const outcome = await crashRounds(home, child.file, ROUNDS);
      expect(outcome.rounds).toBe(ROUNDS);
      expect(outcome.acknowledged).toBeGreaterThan(ROUNDS);
      expect(outcome.generations).toBeGreaterThan(1);
    }));
});
