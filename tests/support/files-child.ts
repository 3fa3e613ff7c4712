import { openTestFiles } from './files.ts';

/** A process that begins to encrypt a file, holds the job when it is under way, and waits to be killed. */
const [worker = '', source = ''] = process.argv.slice(2);
const files = await openTestFiles({ worker: new URL(worker) });
const items = [{ path: source, action: 'encrypt' as const }];
const [job] = await files.service.start({ items, region: files.caller.region, keyId: files.arn });
files.service.pause(job?.id ?? '');
setInterval(() => undefined, 60_000);
