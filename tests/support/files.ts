import { mkdirSync, rmSync } from 'node:fs';
import { mkdtemp, readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createFileService, type FileService, type Job } from '../../src/main/files/service.ts';
import { openTestEngine, REGION } from './engine.ts';

let built: Promise<URL> | undefined;

/** The file worker as the application builds it, bundled once a process. */
export function fileWorker(): Promise<URL> {
  built ??= (async () => {
    const { bundle } = await import('../../scripts/bundle.mjs');
    const out = path.resolve(import.meta.dirname, '..', '..', 'out');
    mkdirSync(out, { recursive: true });
    const folder = await mkdtemp(path.join(out, 'worker-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    return pathToFileURL(await bundle('src/main/files/worker.ts', folder));
  })();
  return built;
}

/** The real engine and the real file service with one key; the worker is bundled from the source unless one is given. */
export async function openTestFiles({ worker }: { readonly worker?: URL } = {}) {
  const engine = await openTestEngine();
  const { arn } = await engine.key();
  const bugs: unknown[] = [];
  const service: FileService = createFileService({
    engine: engine.engine,
    callerIn: (region) => ({ ...engine.caller, region }),
    environment: { clock: engine.clock, random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) } },
    worker: worker ?? (await fileWorker()),
    onChange: () => undefined,
    onBug: (error) => bugs.push(error),
  });
  return {
    ...engine,
    arn,
    bugs,
    service,
    /** Starts one job and resolves when it is over. */
    async run(
      file: string,
      action: 'encrypt' | 'decrypt',
      wish: Partial<Parameters<FileService['start']>[0]> = {},
    ): Promise<Job> {
      const [job] = await service.start({ items: [{ path: file, action }], region: REGION, keyId: arn, ...wish });
      return over(service, job?.id ?? '');
    },
    async close() {
      await service.close();
      await engine.close();
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
