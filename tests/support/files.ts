import { readdir, rm } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { createFileService, type FileService, type Job } from '../../src/main/files/service.ts';
import { bundle } from './bundle.ts';
import { openTestEngine, REGION } from './engine.ts';

let built: Promise<{ readonly file: string; remove(): void }> | undefined;
let users = 0;

/** The file worker as the application builds it, bundled once and removed when the last service of this process closes. */
export async function fileWorker(): Promise<URL> {
  built ??= bundle('src/main/files/worker.ts');
  return pathToFileURL((await built).file);
}

async function leave(): Promise<void> {
  if (--users > 0) return;
  const last = await built;
  built = undefined;
  last?.remove();
}

/** The real engine and the real file service with one key; the worker is bundled from the source unless one is given. */
export async function openTestFiles({ worker }: { readonly worker?: URL } = {}) {
  /** Whom the jobs are made as; the account's root unless it is changed. */
  const acting: { caller?: { readonly principalArn: string; readonly accountId: string } } = {};
  /** What was moved to the trash, which keeps nothing here; a test may put one that fails in its place. */
  const trashed: string[] = [];
  const trash = {
    move: async (file: string) => {
      await rm(file, { recursive: true });
      trashed.push(file);
    },
  };
  users++;
  const engine = await openTestEngine();
  const { arn } = await engine.key();
  const bugs: unknown[] = [];
  /** Jobs that did something, as the history is told of them. */
  const told: Job[] = [];
  const service: FileService = createFileService({
    engine: engine.engine,
    callers: () => (region) => ({ ...engine.caller, ...acting.caller, region }),
    environment: { clock: engine.clock, random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) } },
    worker: worker ?? (await fileWorker()),
    trash: (file) => trash.move(file),
    onDone: (job) => told.push(job),
    onChange: () => undefined,
    onBug: (error) => bugs.push(error),
  });
  return {
    ...engine,
    arn,
    bugs,
    told,
    service,
    acting,
    trash,
    trashed,
    /** Starts one job and resolves when it is over. */
    async run(
      file: string,
      action: Job['action'],
      wish: Partial<Parameters<FileService['start']>[0]> = {},
    ): Promise<Job> {
      const [job] = await service.start({ items: [{ path: file, action }], region: REGION, keyId: arn, ...wish });
      return over(service, job?.id ?? '');
    },
    async close() {
      await service.close();
      await engine.close();
      await leave();
    },
  };
}

/** Waits until a job is over. */
export async function over(service: FileService, id: string): Promise<Job> {
  for (;;) {
    const job = service.list().find((each) => each.id === id);
    if (!job) throw new Error('the job is gone');
    if (['done', 'failed', 'cancelled'].includes(job.state)) return job;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const namesIn = async (folder: string) => (await readdir(folder)).sort();
