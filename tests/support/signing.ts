import type { Call } from '../../src/main/key-files.ts';
import type { SignJob } from '../../src/main/signing/job.ts';
import { createSignService } from '../../src/main/signing/service.ts';
import type { openTestEngine } from './engine.ts';

/** The signing jobs over an engine; `ended` waits until a job is over. */
export function openSigning(
  t: Awaited<ReturnType<typeof openTestEngine>>,
  call: Call = (name, input) => t.call(name, input),
) {
  const waiting = new Map<string, (job: SignJob) => void>();
  const over = new Map<string, SignJob>();
  const seen: SignJob[] = [];
  const bugs: unknown[] = [];
  const service = createSignService({
    clock: t.clock,
    calls: () => () => call,
    onChange: ({ jobs }) => {
      for (const job of jobs) {
        seen.push(job);
        if (job.finishedAt === undefined) continue;
        over.set(job.id, job);
        waiting.get(job.id)?.(job);
      }
    },
    onBug: (error) => bugs.push(error),
  });
  const ended = (job: SignJob | undefined): Promise<SignJob> => {
    if (!job) throw new Error('there is no job');
    const done = over.get(job.id);
    return done ? Promise.resolve(done) : new Promise((resolve) => waiting.set(job.id, resolve));
  };
  return { service, ended, seen, bugs };
}
