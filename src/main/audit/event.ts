import { CofferError } from '../../shared/kms/errors.ts';
import { equal, toHex as hex } from '../crypto/bytes.ts';
import type { Steps } from '../vault/turns.ts';
import type { ReadDatabase } from '../vault/types.ts';
import { eventIdOf, GENESIS, nextHash, STORED_HASH_BYTES, sequenceOf } from './chain.ts';
import { toCloudTrail } from './cloudtrail.ts';
import type { Digest, DigestSigner } from './digest.ts';
import { RecordReader } from './read.ts';

export interface EventDetail {
  readonly EventId: string;
  readonly Sequence: number;
  /** The CloudTrail record, JSON text. */
  readonly Record: string;
  /** The chain values after and before the record, hex. */
  readonly Hash: string;
  readonly PreviousHash: string;
  /** The signed digest that covers the record, when one does yet. */
  readonly Digest?: { FirstSequence: number; LastSequence: number; Time: Date; Hash: string; Signature: string };
  /** The chain was computed anew from the digest before the record to the record, and fits; so does the digest's signature. */
  readonly Verifies: boolean;
}

/** Records hashed in one step; some milliseconds. */
const STEP = 100;

/**
 * Reads one record in full, with its place in the chain, and gives it to `give`: up to a thousand records are hashed for it.
 * @throws CofferError `EventNotFoundException`.
 */
export function* readEvent(
  db: ReadDatabase,
  signer: DigestSigner,
  eventId: string,
  give: (event: EventDetail) => void,
): Steps {
  const sequence = sequenceOf(eventId);
  const digest =
    sequence === null
      ? undefined
      : db.get<Digest>('SELECT * FROM audit_digests WHERE last >= ? ORDER BY number LIMIT 1', [sequence]);
  const before =
    sequence === null
      ? undefined
      : db.get<Digest>('SELECT * FROM audit_digests WHERE last < ? ORDER BY number DESC LIMIT 1', [sequence]);
  const [record] = sequence === null ? [] : new RecordReader(db).range(sequence, sequence);
  if (sequence === null || !record || eventIdOf(sequence, record.hash) !== eventId) {
    throw new CofferError('EventNotFoundException', `There is no record ${eventId}.`);
  }
  const from = (before?.last ?? 0) + 1;
  let previous: Uint8Array = before?.hash ?? GENESIS;
  let hash = previous;
  let hashed = 0;
  let verifies = !before || signer.isAuthentic(before);
  for (let first = from; first <= sequence; first += STEP) {
    for (const each of new RecordReader(db).range(first, Math.min(first + STEP - 1, sequence))) {
      previous = hash;
      hash = nextHash(hash, each);
      hashed++;
      verifies &&= equal(hash.subarray(0, STORED_HASH_BYTES), each.hash);
    }
    yield;
  }
  verifies &&= hashed === sequence - from + 1;
  if (digest) verifies &&= signer.isAuthentic(digest);
  give({
    EventId: eventId,
    Sequence: sequence,
    Record: JSON.stringify(toCloudTrail(record), null, 2),
    Hash: hex(hash),
    PreviousHash: hex(previous),
    ...(digest ? { Digest: digestDetail(digest) } : {}),
    Verifies: verifies,
  });
}

function digestDetail(digest: Digest): NonNullable<EventDetail['Digest']> {
  return {
    FirstSequence: digest.first,
    LastSequence: digest.last,
    Time: new Date(digest.created_at),
    Hash: hex(digest.hash),
    Signature: hex(digest.signature),
  };
}
