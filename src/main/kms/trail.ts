import { lookupEvents as lookUp, getEvent as readEvent, summarizeEvents as summarize } from '../audit/query.ts';
import { onAccount } from './operation.ts';

const filters = [
  'StartTime',
  'EndTime',
  'EventNames',
  'KeyArn',
  'PrincipalArn',
  'Outcome',
  'ReadOnly',
  'ExceptSource',
  'Text',
] as const;

const lookupEvents = onAccount({
  name: 'LookupEvents',
  source: 'coffer.local',
  action: 'LookupEvents',
  readOnly: true,
  run: ({ tx }, input) => lookUp(tx, input),
  audit: { request: [...filters, 'AfterSequence', 'NextToken', 'MaxResults'] },
});

const getEvent = onAccount({
  name: 'GetEvent',
  source: 'coffer.local',
  readOnly: true,
  run: ({ tx, signer }, { EventId }) => readEvent(tx, signer, EventId),
  audit: { request: ['EventId'] },
});

const summarizeEvents = onAccount({
  name: 'SummarizeEvents',
  source: 'coffer.local',
  readOnly: true,
  run: ({ tx }, input) => summarize(tx, input),
  audit: { request: [...filters, 'BucketCount'] },
});

export const trailOperations = [lookupEvents, getEvent, summarizeEvents];
