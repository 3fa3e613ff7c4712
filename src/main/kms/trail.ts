import type { EventDetail } from '../audit/event.ts';
import { onAccount } from './operation.ts';

const filters = [
  'StartTime',
  'EndTime',
  'EventNames',
  'KeyArn',
  'PrincipalArn',
  'Outcome',
  'ReadOnly',
  'ExceptWindowReadings',
  'Text',
] as const;

const lookupEvents = onAccount({
  name: 'LookupEvents',
  source: 'coffer.local',
  action: 'LookupEvents',
  readOnly: true,
  plan: ({ trail }, input) => (trail.answersNow(input) ? undefined : () => trail.prepare(input)),
  run: ({ tx, trail }, input) => trail.lookup(tx, input),
  audit: { request: [...filters, 'AfterSequence', 'Position', 'NextToken', 'MaxResults'] },
});

const getEvent = onAccount<'GetEvent', EventDetail>({
  name: 'GetEvent',
  source: 'coffer.local',
  readOnly: true,
  plan:
    ({ trail, signer }, { EventId }) =>
    () =>
      trail.event(signer, EventId),
  run: (_context, _input, event) => event,
  audit: { request: ['EventId'] },
});

const summarizeEvents = onAccount({
  name: 'SummarizeEvents',
  source: 'coffer.local',
  readOnly: true,
  plan:
    ({ trail }, input) =>
    () =>
      trail.prepare(input),
  run: ({ trail }, input) => trail.summarize(input),
  audit: { request: [...filters, 'BucketCount', 'ByDay'] },
});

export const trailOperations = [lookupEvents, getEvent, summarizeEvents];
