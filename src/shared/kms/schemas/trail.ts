import { z } from 'zod';
import { limits } from '../limits.ts';

/** What narrows a search of the audit trail; every filter that is given must hold. */
const filters = {
  /** Inclusive. */
  StartTime: z.date().optional(),
  /** Exclusive. */
  EndTime: z.date().optional(),
  EventNames: z.array(z.string().min(1).max(128)).max(100).optional(),
  KeyArn: z.string().min(1).max(2048).optional(),
  PrincipalArn: z.string().min(1).max(2048).optional(),
  Outcome: z.enum(['ok', 'refused']).optional(),
  ReadOnly: z.boolean().optional(),
  /** Leaves out what the window read to draw itself: its Describe, Get and List calls, and those that AWS does not have. */
  ExceptWindowReadings: z.boolean().optional(),
  /** Found anywhere in the record, upper and lower case alike. */
  Text: z.string().min(1).max(256).optional(),
};

const json = z.record(z.string(), z.unknown());

const event = z.strictObject({
  EventId: z.string(),
  /** Counts up by one from 1 over the whole vault. */
  Sequence: z.int(),
  EventTime: z.date(),
  EventName: z.string(),
  EventSource: z.string(),
  PrincipalArn: z.string(),
  Region: z.string(),
  SourceIp: z.string(),
  UserAgent: z.string(),
  ReadOnly: z.boolean(),
  /** ARNs of the keys the call touched. */
  Resources: z.array(z.string()),
  RequestParameters: json.nullable(),
  ResponseElements: json.nullable(),
  ErrorCode: z.string().optional(),
  ErrorMessage: z.string().optional(),
});

/** Reading the audit trail. Recorded like every call, with the source `coffer.local`. */
export const trail = {
  /** Newest first. */
  LookupEvents: {
    input: z.object({
      ...filters,
      /** Only records newer than this sequence number: what a live view asks for. */
      AfterSequence: z.int().min(0).optional(),
      NextToken: z.string().min(1).max(1024).optional(),
      /** Instead of a token: how many of the records that fit come before the page, counted from the oldest. */
      Position: z.int().min(0).optional(),
      MaxResults: z.int().min(1).max(limits.pages.events.max).optional(),
    }),
    output: z.strictObject({
      Events: z.array(event),
      /** How many records fit; absent for a moment after the vault was opened. */
      Total: z.int().optional(),
      NextToken: z.string().optional(),
    }),
  },
  GetEvent: {
    input: z.object({ EventId: z.string().min(1).max(64) }),
    output: z.strictObject({
      EventId: z.string(),
      Sequence: z.int(),
      /** The whole CloudTrail record, JSON text. */
      Record: z.string(),
      /** SHA-256 of the record in the chain and of the one before it, hexadecimal. */
      Hash: z.string(),
      PreviousHash: z.string(),
      /** The signed digest that covers the record; absent while it waits for the next one. */
      Digest: z
        .strictObject({
          FirstSequence: z.int(),
          LastSequence: z.int(),
          Time: z.date(),
          Hash: z.string(),
          Signature: z.string(),
        })
        .optional(),
      /** The record's hash, its link to the one before and the digest's signature hold. */
      Verifies: z.boolean(),
    }),
  },
  /** Counts by time and by name. The buckets divide `StartTime` to `EndTime` (else first to last record) evenly. */
  SummarizeEvents: {
    input: z.object({
      ...filters,
      BucketCount: z.int().min(1).max(limits.pages.buckets.max).optional(),
      /** Counts by day as well, in the time zone of the computer. */
      ByDay: z.boolean().optional(),
    }),
    output: z.strictObject({
      Buckets: z.array(z.strictObject({ Start: z.date(), Count: z.int(), Refused: z.int() })),
      Total: z.int(),
      EventNames: z.array(z.strictObject({ Name: z.string(), Count: z.int() })),
      /** Newest first; only days that have records. */
      Days: z.array(z.strictObject({ Start: z.date(), Count: z.int() })).optional(),
    }),
  },
};
