import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EachControl,
  EachFile,
  type EachState,
  type EachWish,
  newEachState,
} from '../../../src/main/files/each.ts';
import type { Outcome } from '../../../src/main/files/protocol.ts';
import { runBatch } from '../../../src/main/files/run.ts';
import { CofferError } from '../../../src/shared/kms/errors.ts';
import { openTestEngine, REGION } from '../../support/engine.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

type Report = Parameters<EachControl['report']>[0];

describe('what a job over each file of a folder reports', () => {
  let engine: Awaited<ReturnType<typeof openTestEngine>>;
  let arn: string;
  beforeAll(async () => {
    engine = await openTestEngine();
    ({ arn } = await engine.key());
  });
  afterAll(() => engine.close());

  /** Runs one try, with its batches done in this thread. */
  async function reportsOf(
    wish: Pick<EachWish, 'action' | 'root' | 'outputFolder'>,
    state: EachState = newEachState(),
    trash?: EachControl['trash'],
  ): Promise<Report[]> {
    const reports: Report[] = [];
    const control: EachControl = {
      cancelled: () => false,
      claim: async () => 'fail',
      trash,
      report: (now) => reports.push(now),
      run: async (batch) => {
        const items: Outcome[] = [];
        const idle = { claim: async () => 'fail' as const, settling: () => undefined, progress: () => undefined };
        await runBatch(batch, { ...idle, checkpoint: async () => undefined }, (at, outcome) => {
          items[at] = outcome;
        });
        return { items };
      },
    };
    const keys = {
      engine: engine.engine,
      callerIn: (region: string) => ({ ...engine.caller, region }),
      environment: { clock: engine.clock, random: { bytes: (length: number) => randomBytes(length) } },
    };
    const whole: EachWish = {
      ...wish,
      keyId: arn,
      region: REGION,
      context: {},
      signed: false,
      readBack: trash !== undefined,
      onConflict: 'fail',
    };
    await new EachFile(keys, whole, state, control).run();
    return reports;
  }

  function expectEachNew(reports: readonly Report[]): void {
    for (const [at, report] of reports.entries()) if (at > 0) expect(report, `${at}`).not.toEqual(reports[at - 1]);
  }

  it('is nothing twice', () =>
    inTemporaryFolder(async (root) => {
      for (const name of ['a', 'b']) await writeFile(path.join(root, name), name);
      const reports = await reportsOf({ action: 'verify', root });
      expect(reports.at(-1)?.counts).toEqual({ total: 2, done: 0, failed: 0, skipped: 2 });
      expectEachNew(reports);
    }));

  it('tells of originals beside their results, in each try', () =>
    inTemporaryFolder(async (root) => {
      for (const name of ['a', 'b']) await writeFile(path.join(root, name), name);
      const state = newEachState();
      const kept = await reportsOf({ action: 'encrypt', root }, state, () =>
        Promise.reject(new CofferError('TrashFailed', 'The trash is full.')),
      );
      expect(kept.at(-1)).toMatchObject({ counts: { done: 2 }, originals: { moved: 0, kept: 2 } });
      expectEachNew(kept);
      const moved = await reportsOf({ action: 'encrypt', root }, state, (file) => rm(file));
      expect(moved.at(-1)).toMatchObject({ originals: { moved: 2, kept: 0 } });
      expectEachNew(moved);
    }));

  it('tells of a folder that goes as a whole', () =>
    inTemporaryFolder(async (dir) => {
      const [root, outputFolder] = [path.join(dir, 'tree'), path.join(dir, 'out')];
      for (const folder of [root, outputFolder]) await mkdir(folder);
      await writeFile(path.join(root, 'a'), 'a');
      const reports = await reportsOf({ action: 'encrypt', root, outputFolder }, newEachState(), (file) =>
        rm(file, { recursive: true }),
      );
      expect(reports.at(-1)).toMatchObject({ counts: { done: 1 }, originals: { moved: 1, kept: 0 } });
      expectEachNew(reports);
    }));
});
