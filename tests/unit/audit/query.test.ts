import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { OperationInput } from '../../../src/shared/kms/operations.ts';
import { openTestEngine, ROOT } from '../../support/engine.ts';

type Filter = OperationInput<'LookupEvents'>;

let t: Awaited<ReturnType<typeof openTestEngine>>;
let start: number;
let one: { id: string; arn: string };
let two: { id: string; arn: string };
const EVE = ROOT.replace(':root', ':user/eve');

beforeEach(async () => {
  t = await openTestEngine();
  start = t.clock.now();
  one = await t.key({ Description: '100% of_it' });
  two = await t.key();
  const { CiphertextBlob } = await t.call('Encrypt', { KeyId: one.id, Plaintext: new Uint8Array(1) });
  for (let second = 1; second <= 20; second++) {
    t.clock.time = start + second * 1000;
    if (second % 4 === 0) await t.refused('ListKeys', {}, { principalArn: EVE, userAgent: 'Spy/1.0' });
    else if (second % 4 === 1) await t.call('ReEncrypt', { CiphertextBlob, DestinationKeyId: two.id });
    else if (second % 4 === 2) await t.call('UpdateKeyDescription', { KeyId: two.id, Description: `Second ${second}` });
    else await t.call('ListKeyOverviews', {}, { userAgent: 'Coffer/1.2.3 (window)' });
  }
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

/** The records without those of the looking up itself. */
const look = async (filter: Filter = {}) =>
  (await t.call('LookupEvents', { MaxResults: 500, ...filter })).Events.filter(
    ({ EventName }) => EventName !== 'LookupEvents',
  );

it('finds what every filter says, newest first', async () => {
  const all = await look();
  expect(all.map(({ Sequence }) => Sequence)).toEqual(Array.from({ length: 23 }, (_, i) => 23 - i));
  const at = (second: number) => new Date(start + second * 1000);
  const cases: [Filter, (event: (typeof all)[number]) => boolean][] = [
    [{ StartTime: at(5) }, ({ EventTime }) => EventTime >= at(5)],
    [{ EndTime: at(5) }, ({ EventTime }) => EventTime < at(5)],
    [{ StartTime: at(3), EndTime: at(9) }, ({ EventTime }) => EventTime >= at(3) && EventTime < at(9)],
    [{ StartTime: at(99) }, () => false],
    [{ EndTime: at(-1) }, () => false],
    [{ EventNames: ['ListKeys', 'Encrypt'] }, ({ EventName }) => ['ListKeys', 'Encrypt'].includes(EventName)],
    [{ EventNames: ['Nonsense'] }, () => false],
    [{ KeyArn: two.arn }, ({ Resources }) => Resources.includes(two.arn)],
    [{ KeyArn: one.arn }, ({ Resources }) => Resources.includes(one.arn)],
    [{ KeyArn: 'arn:none' }, () => false],
    [{ PrincipalArn: EVE }, ({ PrincipalArn }) => PrincipalArn === EVE],
    [{ Outcome: 'ok' }, ({ ErrorCode }) => ErrorCode === undefined],
    [{ Outcome: 'refused' }, ({ ErrorCode }) => ErrorCode === 'AccessDeniedException'],
    [{ ReadOnly: false }, ({ ReadOnly }) => !ReadOnly],
    [{ ExceptWindowReadings: true }, ({ EventName }) => EventName !== 'ListKeyOverviews'],
    [{ ExceptWindowReadings: false }, () => true],
    [{ AfterSequence: 20 }, ({ Sequence }) => Sequence > 20],
    [{ Text: 'second 1' }, ({ RequestParameters }) => /Second 1/.test(JSON.stringify(RequestParameters))],
    [{ Text: '100% of_it' }, ({ Sequence }) => Sequence === 1],
    [{ Text: '100%of' }, () => false],
    [{ Text: 'spy/' }, ({ UserAgent }) => UserAgent === 'Spy/1.0'],
    [{ Text: 'accessdenied' }, ({ ErrorCode }) => ErrorCode === 'AccessDeniedException'],
    [
      { Text: two.id, EventNames: ['ReEncrypt'], ReadOnly: true, StartTime: at(2) },
      ({ EventName, EventTime }) => EventName === 'ReEncrypt' && EventTime >= at(2),
    ],
  ];
  for (const [filter, holds] of cases) {
    const found = (await look(filter)).filter(({ Sequence }) => Sequence <= 23);
    expect([filter, found.map(({ Sequence }) => Sequence)]).toEqual([
      filter,
      all.filter(holds).map(({ Sequence }) => Sequence),
    ]);
  }
});

it('pages through everything once, while records are added', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 9 }), async (MaxResults) => {
      const last = (await t.events(1))[0]?.Sequence ?? 0;
      const seen: number[] = [];
      let NextToken: string | undefined;
      do {
        const page = await t.call('LookupEvents', { MaxResults, NextToken });
        expect(page.Events.length).toBeLessThanOrEqual(MaxResults);
        seen.push(...page.Events.map(({ Sequence }) => Sequence));
        NextToken = page.NextToken;
      } while (NextToken);
      expect(new Set(seen).size).toBe(seen.length);
      expect(seen.filter((sequence) => sequence <= last).sort((a, b) => a - b)).toEqual(
        Array.from({ length: last }, (_, i) => i + 1),
      );
    }),
    { numRuns: 6 },
  );
  for (const NextToken of ['x', '-1', '1.5', ' 5', '1e3'])
    expect((await t.refused('LookupEvents', { NextToken })).code).toBe('InvalidNextTokenException');
});

it('counts by time and by name what looking up finds', async () => {
  const filter = { StartTime: new Date(start), EndTime: new Date(start + 20_000) };
  for (const BucketCount of [1, 7, 20, 1000]) {
    const summary = await t.call('SummarizeEvents', { ...filter, BucketCount });
    const found = await look(filter);
    expect([summary.Total, summary.Buckets.reduce((sum, { Count }) => sum + Count, 0)]).toEqual([
      found.length,
      found.length,
    ]);
    expect(summary.Buckets.length).toBeLessThanOrEqual(BucketCount);
    expect(summary.Buckets.reduce((sum, { Refused }) => sum + Refused, 0)).toBe(
      found.filter(({ ErrorCode }) => ErrorCode).length,
    );
    const width = (summary.Buckets[1]?.Start.getTime() ?? start + 20_000) - start;
    for (const { Start, Count } of summary.Buckets)
      expect(Count).toBe(
        found.filter(({ EventTime }) => EventTime >= Start && EventTime.getTime() < Start.getTime() + width).length,
      );
    const names = Object.fromEntries(summary.EventNames.map(({ Name, Count }) => [Name, Count]));
    expect(names.ReEncrypt).toBe(found.filter(({ EventName }) => EventName === 'ReEncrypt').length);
  }
  expect(await t.call('SummarizeEvents', { EventNames: ['Nonsense'] })).toMatchObject({ Total: 0 });
});

it('shows one record with its place in the chain, and says when it was altered', async () => {
  await t.store.transact((tx) => t.audit.sealDigest(tx, t.clock.now()));
  await t.call('ListKeys', {});
  const [late, early] = (await t.events(3)).filter(({ EventName }) => EventName !== 'LookupEvents');
  const whole = await t.call('GetEvent', { EventId: early?.EventId ?? '' });
  expect(whole).toMatchObject({ Verifies: true, Sequence: 23, Digest: { FirstSequence: 1, LastSequence: 23 } });
  expect(JSON.parse(whole.Record).eventID).toBe(early?.EventId);
  const uncovered = await t.call('GetEvent', { EventId: late?.EventId ?? '' });
  expect([uncovered.Verifies, uncovered.Digest, uncovered.PreviousHash]).toEqual([true, undefined, whole.Hash]);
  const almost = (early?.EventId ?? '').replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  for (const EventId of ['x', almost, '00000000-0000-4000-8000-000000000000'])
    expect((await t.refused('GetEvent', { EventId })).code).toBe('EventNotFoundException');
  await t.store.transact((tx) => tx.run('UPDATE audit_events SET read_only = 1 - read_only WHERE sequence = 5'));
  expect((await t.call('GetEvent', { EventId: early?.EventId ?? '' })).Verifies).toBe(false);
});
