import { z } from 'zod';
import { encryptionContext } from '../kms/schemas/members.ts';
import { entry } from './entry.ts';
import { RegionName } from './region.ts';

const Nothing = z.strictObject({});
/** `verify` reads an encrypted file through to its end, checks everything decrypting checks, and writes nothing. */
export const FileAction = z.enum(['encrypt', 'decrypt', 'verify']);
export const Problem = z.strictObject({
  code: z.string(),
  message: z.string(),
  /** Of a call that was refused for want of permission: the decision, as the error of the call has it. */
  details: z.record(z.string(), z.unknown()).optional(),
});

/** What would happen to one dropped path. */
export const PlanItem = z.strictObject({
  path: z.string(),
  name: z.string(),
  kind: z.enum(['file', 'folder', 'missing', 'other']),
  /** Bytes of a file, or of all files in a folder. */
  size: z.number(),
  files: z.number(),
  action: FileAction,
  /** For an encrypted file: the key its header names, the signature, and the context in its header. */
  keyArn: z.string().optional(),
  signed: z.boolean().optional(),
  context: z.record(z.string(), z.string()).optional(),
  /** Where the result would go; `exists` says that something is there already. */
  output: z.string(),
  exists: z.boolean(),
  problem: Problem.optional(),
});

export const JobState = z.enum(['waiting', 'running', 'paused', 'done', 'failed', 'cancelled']);

export const Job = z.strictObject({
  id: z.string(),
  path: z.string(),
  name: z.string(),
  action: FileAction,
  state: JobState,
  keyArn: z.string().optional(),
  signed: z.boolean(),
  totalBytes: z.number(),
  doneBytes: z.number(),
  bytesPerSecond: z.number(),
  createdAt: z.number(),
  finishedAt: z.number().optional(),
  output: z.string().optional(),
  problem: Problem.optional(),
});

export const files = {
  'files.plan': entry(
    z.strictObject({ paths: z.array(z.string()).min(1).max(10_000), outputFolder: z.string().optional() }),
    z.strictObject({ items: z.array(PlanItem) }),
  ),
  /** Queues jobs. An output that exists fails with `FileExists` unless `onConflict` says otherwise. */
  'files.start': entry(
    z.strictObject({
      items: z
        .array(z.strictObject({ path: z.string(), action: FileAction }))
        .min(1)
        .max(10_000),
      /** For encryption: key id, ARN or alias. */
      keyId: z.string().optional(),
      region: RegionName,
      context: encryptionContext.optional(),
      signed: z.boolean().optional(),
      outputFolder: z.string().optional(),
      onConflict: z.enum(['fail', 'rename', 'replace']).optional(),
    }),
    z.strictObject({ jobs: z.array(Job) }),
  ),
  'files.list': entry(Nothing, z.strictObject({ jobs: z.array(Job) })),
  'files.cancel': entry(z.strictObject({ id: z.string() }), Nothing),
  'files.pause': entry(z.strictObject({ id: z.string() }), Nothing),
  'files.resume': entry(z.strictObject({ id: z.string() }), Nothing),
  'files.retry': entry(
    z.strictObject({ id: z.string(), onConflict: z.enum(['fail', 'rename', 'replace']).optional() }),
    Nothing,
  ),
  /** Forgets finished jobs. */
  'files.clear': entry(Nothing, Nothing),
};

export const filesEvents = {
  /** The jobs that changed since the last event, at most ten times a second. */
  'files.changed': z.strictObject({ jobs: z.array(Job), removed: z.array(z.string()) }),
};
