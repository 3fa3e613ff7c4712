import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Job as JobSchema } from '../../shared/contract/files.ts';
import type { CallInput } from '../../shared/contract/index.ts';
import type { Claims } from './claims.ts';
import type { EachState, Under } from './each.ts';
import type { Keys } from './prepare.ts';
import type { OnConflict } from './target.ts';
import type { Running } from './threads.ts';

export type Job = z.output<typeof JobSchema>;
export type StartFiles = CallInput<'files.start'>;

/** A job in the queue, with what the window is not told of it. */
export interface Entry {
  job: Job;
  readonly wish: Omit<StartFiles, 'items'>;
  /** Of a job that does many files, each by itself. */
  readonly each: EachState | undefined;
  /** Of a check of one key's files. */
  readonly under: Under | undefined;
  /** Shared by the jobs that were started together. */
  readonly claims: Claims;
  onConflict: OnConflict;
  callerIn: Keys['callerIn'];
  running: Running | undefined;
  cancelled: boolean;
  /** Where the present stretch of work began, for its speed. */
  began: { at: number; bytes: number };
}

type About = Pick<Entry, 'wish' | 'each' | 'under' | 'claims' | 'callerIn'> &
  Pick<Job, 'path' | 'name' | 'action' | 'createdAt'>;

/** A job that waits. */
export const newEntry = ({ path, name, action, createdAt, ...about }: About): Entry => ({
  job: {
    id: randomUUID(),
    path,
    name,
    action,
    state: 'waiting',
    signed: action === 'encrypt' && about.wish.signed === true,
    totalBytes: 0,
    doneBytes: 0,
    bytesPerSecond: 0,
    createdAt,
  },
  ...about,
  onConflict: about.wish.onConflict ?? 'fail',
  running: undefined,
  cancelled: false,
  began: { at: 0, bytes: 0 },
});
