import type { Progress } from '../../shared/progress.ts';
import { equal, toHex } from '../crypto/bytes.ts';
import { breathe } from '../vault/turns.ts';
import type { ReadDatabase } from '../vault/types.ts';
import { GENESIS, headMac, nextHash, STORED_HASH_BYTES } from './chain.ts';
import type { Digest } from './digest.ts';
import { readHead, type Trail } from './log.ts';
import { lastSequence } from './query.ts';
import { RecordReader } from './read.ts';

export interface Verification {
  readonly ok: boolean;
  readonly records: number;
  readonly digests: number;
  readonly firstBad?: { readonly sequence: number; readonly reason: string };
  /** To be noted elsewhere: a trail cut back together with an older head shows only against such a note. */
  readonly head?: { readonly sequence: number; readonly hash: string };
}

/** Records between two turns of the event loop; some ten milliseconds. */
const SLICE = 200;

/**
 * Walks the whole trail: every record against the chain, every digest's signature and place, and the authenticated head.
 * Runs in slices between which the event loop turns. Records appended meanwhile are left for the next time.
 * @throws the signal's reason when it is aborted.
 */
export async function verifyTrail(
  db: ReadDatabase,
  trail: Pick<Trail, 'signer' | 'headKey'>,
  { onProgress, signal }: Progress = {},
): Promise<Verification> {
  const head = readHead(db);
  const stored = lastSequence(db);
  const total = Math.max(head?.sequence ?? 0, stored);
  const digests = db.all<Digest>('SELECT * FROM audit_digests ORDER BY number');
  let nextDigest = 0;
  let previous: Digest | undefined;
  let hash: Uint8Array = GENESIS;
  const bad = (sequence: number, reason: string): Verification => ({
    ok: false,
    records: sequence - 1,
    digests: nextDigest,
    firstBad: { sequence, reason },
  });

  for (let first = 1; first <= total; first += SLICE) {
    signal?.throwIfAborted();
    const last = Math.min(first + SLICE - 1, total);
    let expected = first;
    for (const record of new RecordReader(db).range(first, last)) {
      if (record.sequence !== expected) return bad(expected, 'the record is missing');
      hash = nextHash(hash, record);
      if (!equal(hash.subarray(0, STORED_HASH_BYTES), record.hash))
        return bad(expected, 'the record, or its place in the chain, was altered');
      const digest = digests[nextDigest];
      if (digest?.last === expected) {
        const first = (previous?.last ?? 0) + 1;
        if (digest.number !== nextDigest + 1 || digest.first !== first)
          return bad(first, 'a digest before this record is missing or altered');
        if (!equal(digest.hash, hash)) return bad(first, 'the digest does not fit the records it covers');
        if (!equal(digest.previous, trail.signer.link(previous)))
          return bad(first, 'the digest does not follow the one before it');
        if (!trail.signer.isAuthentic(digest)) return bad(first, "the digest's signature is false");
        previous = digest;
        nextDigest++;
      }
      expected++;
    }
    if (expected <= last) return bad(expected, 'the record is missing');
    onProgress?.(last, total);
    await breathe();
  }
  const uncovered = (previous?.last ?? 0) + 1;
  if (nextDigest < digests.length) return bad(uncovered, 'a digest is out of place');
  if (!head) return bad(uncovered, 'the end of the trail is missing');
  if (head.sequence < total) return bad(head.sequence + 1, 'the record was added behind the end of the trail');
  const end = { sequence: total, time: head.time, hash };
  if (!equal(head.hash, hash) || !equal(head.mac, headMac(trail.headKey, end, trail.signer.link(previous))))
    return bad(uncovered, 'the records from here on, or the digest over them, are not what was last written');
  return { ok: true, records: total, digests: nextDigest, head: { sequence: total, hash: toHex(hash) } };
}
