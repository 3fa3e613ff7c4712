import type { OperationOutput } from '../../../shared/kms/operations.ts';
import { isOwnUserAgent } from '../../../shared/user-agents.ts';

type TrailEvent = OperationOutput<'LookupEvents'>['Events'][number];

/** What the record says of one file: the key made its data key, or opened it. */
export interface FileUse {
  readonly eventId: string;
  readonly time: Date;
  readonly action: 'encrypt' | 'decrypt';
  readonly refused: string | undefined;
  readonly context: Readonly<Record<string, string>>;
}

/** The file uses of one key, newest first. */
export interface KeyHistory {
  readonly keyArn: string;
  readonly uses: readonly FileUse[];
}

/** Pairs that every message carries for its own format; they say nothing of the file. */
const isOwnPair = (name: string): boolean => name.startsWith('aws-crypto-');

function contextOf(event: TrailEvent): Record<string, string> {
  const given = event.RequestParameters?.encryptionContext;
  if (typeof given !== 'object' || given === null) return {};
  return Object.fromEntries(
    Object.entries(given).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string' && !isOwnPair(pair[0]),
    ),
  );
}

/** Sorts the trail's file records by key; the key that was used last comes first. */
export function historyByKey(events: readonly TrailEvent[]): KeyHistory[] {
  const byKey = new Map<string, FileUse[]>();
  for (const event of events) {
    const [keyArn] = event.Resources;
    if (keyArn === undefined || !isOwnUserAgent(event.UserAgent, 'files')) continue;
    const uses = byKey.get(keyArn) ?? [];
    byKey.set(keyArn, uses);
    uses.push({
      eventId: event.EventId,
      time: event.EventTime,
      action: event.EventName === 'Decrypt' ? 'decrypt' : 'encrypt',
      refused: event.ErrorCode,
      context: contextOf(event),
    });
  }
  return [...byKey].map(([keyArn, uses]) => ({ keyArn, uses }));
}
