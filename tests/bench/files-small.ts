import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { createFileService } from '../../src/main/files/service.ts';
import { systemEnvironment } from '../../src/main/system.ts';
import { Vault } from '../../src/main/vault/vault.ts';
import { over } from '../support/files.ts';
import { makeSmallFiles } from '../support/small-files.ts';
import { PASSPHRASE } from '../support/vault.ts';
import { CALLER, engineOf, populate, productOptions } from '../support/vault-engine.ts';

/**
 * 10,000 files of 4 KiB in a folder tree, encrypted one by one: the product's service with the worker of the built
 * application and a vault on the disk, so that each file's data key is a durable record. Then all are checked, and opened.
 *
 * COFFER_BENCH_DIR names the folder to work in.
 */
const FILES = 10_000;

async function openFiles(dir: string) {
  const { vault } = await Vault.create(dir, productOptions(), {
    name: 'bench',
    passphrase: PASSPHRASE,
    useKeychain: false,
  });
  await populate(vault);
  const { engine, audit } = engineOf(vault);
  const { KeyMetadata } = (await engine.call(CALLER, 'CreateKey', {})).output;
  const service = createFileService({
    engine,
    callers: () => (region) => ({ ...CALLER, region }),
    environment: systemEnvironment(),
    worker: pathToFileURL(path.resolve('out', 'main', 'files-worker.js')),
    onChange: () => undefined,
    onBug: (error) => console.error(error),
  });
  return {
    service,
    arn: KeyMetadata.Arn,
    async close() {
      await service.close();
      await vault.transact((tx) => audit.sealDigest(tx, Date.now()));
      await vault.close();
    },
  };
}

async function main(): Promise<void> {
  const base = process.env.COFFER_BENCH_DIR ?? path.resolve('out', 'bench');
  const dir = await mkdtemp(path.join(base, 'files-small-'));
  const at = (name: string) => path.join(dir, name);
  const files = await openFiles(at('vault'));
  try {
    for (const name of ['out', 'hidden', 'back']) await mkdir(at(name));
    await makeSmallFiles(at('tree'), FILES);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    const run = async (folder: string, action: 'encrypt' | 'decrypt' | 'verify', wish: object) => {
      delay.reset();
      delay.enable();
      const began = performance.now();
      const [job] = await files.service.start({
        items: [{ path: folder, action, each: true }],
        region: CALLER.region,
        keyId: files.arn,
        ...wish,
      });
      const done = await over(files.service, job?.id ?? '');
      const seconds = (performance.now() - began) / 1000;
      delay.disable();
      if (done.state !== 'done' || done.counts?.done !== FILES)
        throw new Error(`${action}: ${done.problem?.message ?? JSON.stringify(done.counts)}`);
      return { output: done.output ?? '', perSecond: Math.round(FILES / seconds), block: delay.max / 1e6 };
    };
    const made = await run(at('tree'), 'encrypt', { outputFolder: at('out') });
    const hidden = await run(at('tree'), 'encrypt', { outputFolder: at('hidden'), hideNames: true });
    const checked = await run(made.output, 'verify', {});
    const opened = await run(made.output, 'decrypt', { outputFolder: at('back') });
    const names = (await readdir(opened.output, { recursive: true })).filter((name) => name.endsWith('.bin'));
    if (names.length !== FILES) throw new Error('files are missing');
    const [first = ''] = names;
    if (!(await readFile(path.join(opened.output, first))).equals(await readFile(path.join(at('tree'), first))))
      throw new Error('what came back is not what went in');
    console.log(
      JSON.stringify({
        files_per_s: made.perSecond,
        hidden_per_s: hidden.perSecond,
        checked_per_s: checked.perSecond,
        opened_per_s: opened.perSecond,
        longest_block_ms: Number(Math.max(made.block, hidden.block, checked.block, opened.block).toFixed(1)),
      }),
    );
  } finally {
    await files.close();
    await rm(dir, { recursive: true, force: true });
  }
}

await main();
