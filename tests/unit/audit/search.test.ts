import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createAuditLog } from '../../../src/main/audit/log.ts';
import { lookupEvents, type TrailFilter } from '../../../src/main/audit/query.ts';
import type { Json } from '../../../src/main/audit/types.ts';
import { systemEnvironment } from '../../../src/main/system.ts';
import { openMemoryStore } from '../../../src/main/vault/memory-store.ts';
import { migrations } from '../../../src/main/vault/migrations/index.ts';

type Store = Awaited<ReturnType<typeof openMemoryStore>>;

let store: Store;
beforeEach(async () => {
  store = await openMemoryStore(systemEnvironment(), migrations);
});
afterEach(() => store.lock());

// Few values, so that they meet in filters and records; words that are part of each other, in capitals, of other scripts, with LIKE's own signs.
const words = ['Alpha', 'alphabet', 'ALP', 'ßtraße', 'Straße', '100%', 'a_b', 'a\\b', '語', '"', 'x'] as const;
const word = fc.constantFrom(...words);
const names = ['Encrypt', 'Decrypt', 'ListKeys', 'ListKeyOverviews', 'GetParametersForImport'] as const;
const arn = (number: number) => `arn:aws:kms:eu-central-1:111122223333:key/${number}`;
const principals = ['arn:aws:iam::111122223333:root', 'arn:aws:iam::111122223333:user/Eve'] as const;
const sources = ['kms.amazonaws.com', 'coffer.local'] as const;
const agents = ['test', 'Spy/Alpha', 'Coffer/1.0 (window)', 'coffer/1.0 (window)', 'Coffer/2 (files)'] as const;

const record = fc.record({
  wait: fc.integer({ min: 0, max: 50 }),
  eventName: fc.constantFrom(...names),
  eventSource: fc.constantFrom(...sources),
  principalArn: fc.constantFrom(...principals),
  userAgent: fc.constantFrom(...agents),
  readOnly: fc.boolean(),
  resources: fc.uniqueArray(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }),
  requestParameters: fc.option(fc.record({ text: word, number: fc.integer({ min: 0, max: 2 }) })),
  responseElements: fc.option(fc.record({ keyId: word })),
  errorCode: fc.option(fc.constantFrom('AccessDeniedException', 'NotFoundException')),
  errorMessage: word,
});

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const time = fc.integer({ min: -10, max: 2000 }).map((ms) => new Date(1000 + ms));
const filter: fc.Arbitrary<TrailFilter> = fc.record({
  StartTime: maybe(time),
  EndTime: maybe(time),
  EventNames: maybe(fc.subarray([...names, 'Nonsense'])),
  KeyArn: maybe(fc.integer({ min: 0, max: 6 }).map(arn)),
  PrincipalArn: maybe(fc.constantFrom(...principals, 'arn:aws:iam::111122223333:user/nobody')),
  Outcome: maybe(fc.constantFrom('ok' as const, 'refused' as const)),
  ReadOnly: maybe(fc.boolean()),
  ExceptWindowReadings: maybe(fc.boolean()),
  Text: maybe(
    fc.oneof(word, fc.constantFrom('encrypt', 'EVE', 'denied', 'key/3', 'spy', '127.0', 'nowhere', 'ß', 'trAße')),
  ),
  AfterSequence: maybe(fc.integer({ min: 0, max: 80 })),
});

/** One of them, or what a person sets of them. */
const filters = fc
  .array(fc.tuple(filter, fc.integer({ min: 0, max: 1023 })), { minLength: 1, maxLength: 6 })
  .map(
    (all) =>
      all.map(([full, kept]) =>
        Object.fromEntries(Object.entries(full).filter((_, i) => kept & (1 << i))),
      ) as TrailFilter[],
  );

it(
  'answers what the tables answer, whatever the trail and the filter, while records are appended',
  { timeout: 120_000 },
  () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.array(record, { maxLength: 12 }), filters), { maxLength: 8 }),
        async (rounds) => {
          await store.lock();
          store = await openMemoryStore(systemEnvironment(), migrations);
          const trail = createAuditLog(store);
          let now = 1000;
          for (const [records, asked] of rounds) {
            await store.transact((tx) => {
              for (const { wait, resources, errorCode, errorMessage, ...each } of records) {
                now += wait;
                trail.append(tx, {
                  ...each,
                  time: now,
                  accountId: '111122223333',
                  region: 'eu-central-1',
                  sourceIp: '127.0.0.1',
                  requestParameters: each.requestParameters as { [key: string]: Json } | null,
                  responseElements: each.responseElements as { [key: string]: Json } | null,
                  resources: resources.map(arn),
                  ...(errorCode === null ? {} : { errorCode, errorMessage }),
                });
              }
            });
            for (const filter of asked) await agree(trail, filter);
          }
        },
      ),
      { numRuns: 60 },
    ),
);

/** Holds a search, page by page, by place and in sums, against the plain SQL. */
async function agree(trail: ReturnType<typeof createAuditLog>, filter: TrailFilter): Promise<void> {
  const { Events } = lookupEvents(store.db, { ...filter, MaxResults: 1000 });
  if (filter.StartTime && filter.Text) await trail.search.prepare(filter);
  const all = trail.search.lookup(store.db, { ...filter, MaxResults: 1000 });
  expect(all).toEqual({ Events, Total: Events.length });

  const paged: typeof Events = [];
  let NextToken: string | undefined;
  do {
    const page = trail.search.lookup(store.db, { ...filter, MaxResults: 7, NextToken });
    expect(page.Total).toBe(Events.length);
    paged.push(...page.Events);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  expect(paged).toEqual(Events);

  const oldestFirst = [...Events].reverse();
  for (const Position of [0, 3, Events.length, Events.length + 5]) {
    const page = trail.search.lookup(store.db, { ...filter, Position, MaxResults: 5 });
    expect([...page.Events].reverse()).toEqual(oldestFirst.slice(Position, Position + 5));
  }

  const { Buckets, Total, EventNames, Days } = trail.search.summarize({ ...filter, BucketCount: 9, ByDay: true });
  expect(Total).toBe(Events.length);
  const width = Buckets.length > 1 ? Number(Buckets[1]?.Start) - Number(Buckets[0]?.Start) : Number.POSITIVE_INFINITY;
  for (const { Start, Count, Refused } of Buckets) {
    const inside = Events.filter(({ EventTime }) => EventTime >= Start && Number(EventTime) < Number(Start) + width);
    expect([Count, Refused]).toEqual([inside.length, inside.filter(({ ErrorCode }) => ErrorCode).length]);
  }
  expect(Buckets.reduce((sum, { Count }) => sum + Count, 0)).toBe(Total);
  const byName = new Map<string, number>();
  for (const { EventName } of Events) byName.set(EventName, (byName.get(EventName) ?? 0) + 1);
  expect(new Map(EventNames.map(({ Name, Count }) => [Name, Count]))).toEqual(byName);
  expect(Days?.reduce((sum, { Count }) => sum + Count, 0)).toBe(Total);
}

const entry = {
  eventName: 'Encrypt',
  eventSource: 'kms.amazonaws.com',
  principalArn: principals[0],
  accountId: '111122223333',
  region: 'eu-central-1',
  sourceIp: '127.0.0.1',
  userAgent: 'test',
  readOnly: true,
  requestParameters: null,
  responseElements: null,
  resources: [],
} as const;

it('counts the days that have records, from midnight to midnight here', async () => {
  const trail = createAuditLog(store);
  const at = [
    new Date(2026, 2, 28, 23, 59),
    new Date(2026, 2, 29, 0, 0),
    new Date(2026, 2, 29, 23, 59),
    new Date(2026, 3, 2, 12),
  ];
  await store.transact((tx) => {
    for (const time of at) trail.append(tx, { ...entry, time: time.getTime() });
  });
  expect(trail.search.summarize({ ByDay: true }).Days).toEqual([
    { Start: new Date(2026, 3, 2), Count: 1 },
    { Start: new Date(2026, 2, 29), Count: 2 },
    { Start: new Date(2026, 2, 28), Count: 1 },
  ]);
  expect(trail.search.summarize({}).Days).toBeUndefined();
});

it('says nothing of records that are not on the disk, nor of those that were undone', async () => {
  const trail = createAuditLog(store);
  const append = (text: string) =>
    store.transact((tx) => {
      trail.append(tx, { ...entry, time: 1, requestParameters: { text } });
      // In the middle of the transaction the record is nobody's yet.
      expect(trail.search.lookup(store.db, { Text: text }).Total).toBe(0);
      if (text.startsWith('lost')) throw new Error('undone');
    });
  await expect(append('lost one')).rejects.toThrow('undone');
  expect(trail.search.lookup(store.db, {}).Events).toEqual([]);
  await append('kept one');
  expect(trail.search.lookup(store.db, { Text: 'kept' }).Total).toBe(1);
  await expect(append('lost two')).rejects.toThrow('undone');
  await append('kept two');
  expect([trail.search.lookup(store.db, { Text: 'KEPT' }).Total, trail.search.summarize({}).Total]).toEqual([2, 2]);
  expect(trail.search.lookup(store.db, { Text: 'lost' }).Total).toBe(0);
});

it('stops what it prepares when the vault locks', async () => {
  const trail = createAuditLog(store);
  await store.transact((tx) => {
    for (let i = 0; i < 20_000; i++) trail.append(tx, { ...entry, time: i, requestParameters: { i } });
  });
  const preparing = trail.search.prepare({ Text: 'nowhere' });
  const refused = expect(preparing).rejects.toMatchObject({ code: 'VaultLocked' });
  await new Promise((resolve) => setImmediate(resolve));
  await store.lock();
  await refused;
  store = await openMemoryStore(systemEnvironment(), migrations);
});
