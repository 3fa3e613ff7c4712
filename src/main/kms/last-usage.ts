import { trackedOperations } from '../../shared/kms/enums.ts';
import { lookupEvents } from '../audit/query.ts';
import { byKeyId } from './find.ts';
import { type KeyRecord, USE_RESOLUTION } from './key-rows.ts';
import { type Context, onKey } from './operation.ts';

type Tracked = (typeof trackedOperations)[number];

/**
 * The record of the key's last use. The key itself knows it to the minute, which the trail then needs to be searched for; a
 * clock that was set back may have put the record later.
 */
function lastUse({ tx }: Context, key: KeyRecord) {
  if (key.lastUsed === null) return undefined;
  const filter = {
    KeyArn: key.arn,
    EventNames: trackedOperations,
    Outcome: 'ok' as const,
    StartTime: new Date(key.lastUsed),
    MaxResults: 1,
  };
  const soon = lookupEvents(tx, { ...filter, EndTime: new Date(key.lastUsed + USE_RESOLUTION) });
  return (soon.Events[0] ? soon : lookupEvents(tx, filter)).Events[0];
}

const getKeyLastUsage = onKey({
  name: 'GetKeyLastUsage',
  readOnly: true,
  find: byKeyId,
  run(context, _input, key) {
    const event = lastUse(context, key);
    const created = new Date(key.createdAt);
    return {
      KeyId: key.keyId,
      KeyLastUsage: event
        ? {
            Operation: event.EventName as Tracked,
            Timestamp: event.EventTime,
            CloudTrailEventId: event.EventId,
            // A record and its request have one id.
            KmsRequestId: event.EventId,
          }
        : {},
      // Every use since the key was made is in the trail.
      TrackingStartDate: created,
      KeyCreationDate: created,
    };
  },
  audit: { request: ['KeyId'] },
});

export const usageOperations = [getKeyLastUsage];
