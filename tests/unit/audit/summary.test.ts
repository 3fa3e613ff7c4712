import { expect, it } from 'vitest';
import { openTestEngine } from '../../support/engine.ts';

it('every call is in the bucket of its time', async () => {
  const t = await openTestEngine();
  const StartTime = new Date(t.clock.now());
  for (const wait of [0, 1, 1_499, 4_000, 500]) {
    t.clock.time += wait;
    await t.call('GenerateRandom', { NumberOfBytes: 8 });
  }
  await t.refused('DescribeKey', { KeyId: 'alias/none' });
  const EndTime = new Date(StartTime.getTime() + 10_000);
  const { Buckets, Total } = await t.call('SummarizeEvents', { StartTime, EndTime, BucketCount: 10 });
  expect(Total).toBe(6);
  expect(Buckets.map((bucket) => bucket.Start.getTime() - StartTime.getTime())).toEqual(
    Array.from({ length: 10 }, (_, second) => second * 1000),
  );
  expect(Buckets.map((bucket) => bucket.Count)).toEqual([2, 1, 0, 0, 0, 1, 2, 0, 0, 0]);
  expect(Buckets.map((bucket) => bucket.Refused)).toEqual([0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);
  await t.close();
});
