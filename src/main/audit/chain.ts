import { createHash } from 'node:crypto';
import { utf8 } from '../crypto/bytes.ts';
import { hmac } from '../crypto/kdf.ts';

/** A record with its strings, as it is hashed and shown. `request` and `response` are JSON text. */
export interface TrailRecord {
  readonly sequence: number;
  readonly time: number;
  readonly name: string;
  readonly source: string;
  readonly principal: string;
  readonly account: string;
  readonly region: string;
  readonly ip: string;
  readonly agent: string;
  readonly readOnly: boolean;
  readonly resources: readonly string[];
  readonly request: string | null;
  readonly response: string | null;
  readonly error: string | null;
  readonly message: string | null;
  /** The decisions the call was made by, JSON text (decisions.ts). Records made before there were any have none. */
  readonly decision: string | null;
}

export const GENESIS = new Uint8Array(32);
/** Bytes of the chain value a record keeps. The chain itself runs on all 32, which a verification computes anew. */
export const STORED_HASH_BYTES = 16;

/**
 * The one spelling of a record that is hashed: a JSON array of its fields in this order, UTF-8. Without a decision the last one
 * is left out, as it was in every record before decisions were kept.
 */
export function canonical(record: TrailRecord): string {
  return JSON.stringify([
    record.sequence,
    record.time,
    record.name,
    record.source,
    record.principal,
    record.account,
    record.region,
    record.ip,
    record.agent,
    record.readOnly,
    record.resources,
    record.request,
    record.response,
    record.error,
    record.message,
    ...(record.decision === null ? [] : [record.decision]),
  ]);
}

/** The next chain value: SHA-256(previous (32 bytes) ‖ canonical record). */
export function nextHash(previous: Uint8Array, record: TrailRecord): Uint8Array {
  return new Uint8Array(createHash('sha256').update(previous).update(canonical(record)).digest());
}

/** Where the trail ends. `hash` is the chain value (32 bytes) after its last record. */
export interface Head {
  readonly sequence: number;
  readonly time: number;
  readonly hash: Uint8Array;
}

/**
 * Authenticates where the trail ends and which digest is its last (`link`, 32 bytes), so that records or digests cut off
 * its end are missed.
 */
export function headMac(key: Uint8Array, { sequence, time, hash }: Head, link: Uint8Array): Uint8Array {
  return hmac(key, utf8(`coffer audit head ${sequence} ${time} `), hash, link);
}

/**
 * A record's id: a UUID (version 8, RFC 9562) of its 48-bit sequence and 74 bits of its chain value, so that a record is
 * found by its id without an index, and an id that was not issued is not found.
 */
export function eventIdOf(sequence: number, hash: Uint8Array): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(sequence, 0, 6);
  Buffer.from(hash.subarray(0, 10)).copy(bytes, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The sequence an id names, or null when it is no id of ours. */
export function sequenceOf(eventId: string): number | null {
  if (!/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(eventId)) return null;
  return Number.parseInt(eventId.slice(0, 8) + eventId.slice(9, 13), 16);
}
