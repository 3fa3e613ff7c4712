import { z } from 'zod';
import { encryptionContext } from '../kms/schemas/members.ts';
import { entry } from './entry.ts';
import { RegionName } from './region.ts';

const Nothing = z.strictObject({});
/**
 * `verify` reads an encrypted file through to its end, checks everything decrypting checks, and writes nothing; `reencrypt`
 * makes a new message of its content, under another key.
 */
export const FileAction = z.enum(['encrypt', 'decrypt', 'verify', 'reencrypt']);
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
  /** Of a folder: files that are named as encrypted ones. */
  encrypted: z.number().optional(),
  action: FileAction,
  /** For an encrypted file: the keys its header names, each of which opens it, the signature, and the context in its header. */
  keyArns: z.array(z.string()).optional(),
  signed: z.boolean().optional(),
  context: z.record(z.string(), z.string()).optional(),
  /** Where the result would go; `exists` says that something is there already. */
  output: z.string(),
  exists: z.boolean(),
  /** Why it cannot be done; of a folder, why it cannot become one archive: its files can still be done one by one. */
  problem: Problem.optional(),
});

export const JobState = z.enum(['waiting', 'running', 'paused', 'done', 'failed', 'cancelled']);

/** `skipped` are files that there is nothing to do with: links, files that are encrypted already, or are not. */
export const JobCounts = z.strictObject({
  total: z.number(),
  done: z.number(),
  failed: z.number(),
  skipped: z.number(),
});

/** What became of one file of a folder. */
export const FileOutcome = z.enum([
  'done',
  'skipped',
  /** Encrypted, but the original was to go to the trash and did not. */
  'original-kept',
  'key-gone',
  'key-refused',
  'key-unusable',
  'damaged',
  'not-coffer',
  'failed',
]);

export const FileResult = z.strictObject({
  /** Path below the folder, with forward slashes; of a check of one key's files the whole path. */
  name: z.string(),
  outcome: FileOutcome,
  /** The key its header names. */
  keyArn: z.string().optional(),
  problem: Problem.optional(),
});

const ResultFilter = z.strictObject({
  id: z.string(),
  keyArn: z.string().optional(),
  outcome: FileOutcome.optional(),
});

export const Job = z.strictObject({
  id: z.string(),
  /** Of a check of one key's files the key's ARN. */
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
  /** Of a job that does each file of a folder by itself. */
  counts: JobCounts.optional(),
  /** Where originals were to go to the trash: how many did, how many were kept, and why the first of those. */
  originals: z.strictObject({ moved: z.number(), kept: z.number(), why: z.string().optional() }).optional(),
  output: z.string().optional(),
  problem: Problem.optional(),
});

/** One finished job, as the vault remembers it. */
export const HistoryEntry = z.strictObject({
  id: z.int(),
  finishedAt: z.number(),
  action: FileAction,
  name: z.string(),
  path: z.string(),
  output: z.string().optional(),
  /** Whether something is at the output's path now. */
  there: z.boolean(),
  keyArn: z.string().optional(),
  /** Files that it did. */
  files: z.int(),
  bytes: z.number(),
});

const PlanId = z.int();

export const files = {
  /** What would happen to each path. `id` is the window's own, of this call: under it `files.planned` tells how far it is. */
  'files.plan': entry(
    z.strictObject({ id: PlanId, paths: z.array(z.string()).min(1).max(10_000), outputFolder: z.string().optional() }),
    z.strictObject({ items: z.array(PlanItem) }),
  ),
  /** Ends that call with `Cancelled`; does nothing when it is over. */
  'files.cancelPlan': entry(z.strictObject({ id: PlanId }), Nothing),
  /** Queues jobs. An output that exists fails with `FileExists` unless `onConflict` says otherwise. */
  'files.start': entry(
    z.strictObject({
      items: z
        .array(
          z.strictObject({
            path: z.string(),
            action: FileAction,
            /** Does each file of a folder by itself, below it and recursively. */
            each: z.boolean().optional(),
          }),
        )
        .min(1)
        .max(10_000),
      /** For encryption, and as the new key of `reencrypt`: key id, ARN or alias. Files under the ARN given are left out. */
      keyId: z.string().optional(),
      region: RegionName,
      context: encryptionContext.optional(),
      signed: z.boolean().optional(),
      /** Of `each`: results get random names in one new folder; the names are inside the encrypted content. */
      hideNames: z.boolean().optional(),
      /** Moves what was encrypted to the trash, once the result was read back and opened whole. */
      trashOriginals: z.boolean().optional(),
      /** Of `reencrypt` without an output folder: the new files come beside the old ones instead of in their place. */
      keepOld: z.boolean().optional(),
      outputFolder: z.string().optional(),
      onConflict: z.enum(['fail', 'rename', 'replace']).optional(),
    }),
    z.strictObject({ jobs: z.array(Job) }),
  ),
  /**
   * Queues one check of all files that the history knows to be encrypted under a key, with one report; those that are not
   * where they were are left out. `NothingToCheck` when there are none. `name` is what the job is called.
   */
  'files.checkKey': entry(
    z.strictObject({ keyArn: z.string().max(2048), region: RegionName, name: z.string().min(1).max(512) }),
    z.strictObject({ job: Job }),
  ),
  'files.list': entry(Nothing, z.strictObject({ jobs: z.array(Job) })),
  'files.cancel': entry(z.strictObject({ id: z.string() }), Nothing),
  'files.pause': entry(z.strictObject({ id: z.string() }), Nothing),
  'files.resume': entry(z.strictObject({ id: z.string() }), Nothing),
  'files.retry': entry(
    z.strictObject({ id: z.string(), onConflict: z.enum(['fail', 'rename', 'replace']).optional() }),
    Nothing,
  ),
  /** What became of a folder's files, in their order: of a check all of them, else those that are not done. */
  'files.results': entry(
    ResultFilter.extend({ offset: z.int().min(0), limit: z.int().min(1).max(500) }),
    z.strictObject({
      results: z.array(FileResult),
      /** Results that fit the filter. */
      matching: z.number(),
      /** All results of the job, by outcome. */
      outcomes: z.partialRecord(FileOutcome, z.number()),
      /** The keys that the files name. */
      keys: z.array(z.string()),
    }),
  ),
  /** Writes the results that fit as a file into a folder. Nothing is overwritten. */
  'files.saveResults': entry(
    ResultFilter.extend({ folder: z.string(), format: z.enum(['csv', 'text']) }),
    z.strictObject({ path: z.string(), results: z.number() }),
  ),
  /** Begins to drag the result of a finished job out of the window, where the shell can. */
  'files.drag': entry(z.strictObject({ id: z.string() }), Nothing),
  /** What was done with files, newest first: under one key, with a text in the name or path. */
  'files.history': entry(
    z.strictObject({
      keyArn: z.string().max(2048).optional(),
      text: z.string().max(256).optional(),
      offset: z.int().min(0),
      limit: z.int().min(1).max(500),
    }),
    z.strictObject({
      entries: z.array(HistoryEntry),
      matching: z.int(),
      /** The keys of all entries. */
      keys: z.array(z.string()),
    }),
  ),
  /** Forgets the whole history of files; the trail is another thing and stays. */
  'files.forgetHistory': entry(Nothing, Nothing),
  /** Forgets finished jobs. */
  'files.clear': entry(Nothing, Nothing),
};

export const filesEvents = {
  /** The jobs that changed since the last event, at most ten times a second. */
  'files.changed': z.strictObject({ jobs: z.array(Job), removed: z.array(z.string()) }),
  /** How many paths of a `files.plan` were looked at, and how many files in its folders; at most ten times a second. */
  'files.planned': z.strictObject({ id: PlanId, paths: z.number(), files: z.number() }),
  /** The history of files has another entry, or none any more. */
  'files.remembered': Nothing,
};
