import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFile, mkdtemp, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { openTestFiles } from '../support/files.ts';

/**
 * Files against Debian's `age`, on the same data and disk: the product's service with the worker of the built application,
 * and `age` as a process of its own with an X25519 key. The two take turns and each figure is a median. Coffer's time runs
 * from the wish to the result synced and under its name; `age` does not sync, so what it left to the system is synced
 * between the turns, outside both times, and the ratios with that time added are given as well.
 *
 * COFFER_BENCH_DIR names the folder to work in (20 GB must be free), COFFER_BENCH_ROUNDS the turns.
 */
const GIB = 2 ** 30;
const ROUNDS = Number(process.env.COFFER_BENCH_ROUNDS ?? 7);
const SAMPLE_MS = 5;

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const round = (value: number, digits = 3) => Number(value.toFixed(digits));

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1000;
}

async function synced(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  await handle.sync().finally(() => handle.close());
}

async function writeRandom(file: string, length: number): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    const piece = 16 * 2 ** 20;
    for (let at = 0; at < length; at += piece) await handle.write(randomBytes(Math.min(piece, length - at)));
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sameContent(one: string, other: string): Promise<boolean> {
  const [a, b] = [await open(one, 'r'), await open(other, 'r')];
  try {
    const [left, right] = [Buffer.alloc(2 ** 22), Buffer.alloc(2 ** 22)];
    for (;;) {
      const [{ bytesRead: n }, { bytesRead: m }] = [await a.read(left), await b.read(right)];
      if (n !== m || left.compare(right, 0, n, 0, n) !== 0) return false;
      if (n === 0) return true;
    }
  } finally {
    await a.close();
    await b.close();
  }
}

function age(...args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn('age', args, { stdio: ['ignore', 'ignore', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`age ended with ${code}`))));
  });
}

interface Times {
  readonly age: number[];
  readonly sync: number[];
  readonly coffer: number[];
}

const newTimes = (): Times => ({ age: [], sync: [], coffer: [] });

/** Runs `work` and returns the greatest growth of the process's memory over `before`, in bytes. */
async function growth(before: number, work: () => Promise<unknown>): Promise<number> {
  let peak = 0;
  const sample = () => {
    peak = Math.max(peak, process.memoryUsage.rss() - before);
  };
  const timer = setInterval(sample, SAMPLE_MS);
  try {
    await work();
    sample();
  } finally {
    clearInterval(timer);
  }
  return peak;
}

async function main(): Promise<void> {
  if (spawnSync('age', ['--version']).status !== 0) throw new Error('age is not installed');
  const dir = await mkdtemp(path.join(process.env.COFFER_BENCH_DIR ?? path.resolve('out', 'bench'), 'files-'));
  const files = await openTestFiles({ worker: pathToFileURL(path.resolve('out', 'main', 'files-worker.js')) });
  const at = (name: string) => path.join(dir, name);
  const job = async (source: string, action: 'encrypt' | 'decrypt') => {
    const done = await files.run(source, action);
    if (done.state !== 'done') throw new Error(`${action}: ${done.problem?.message}`);
  };
  try {
    await writeRandom(at('plain'), GIB);
    await writeRandom(at('small'), 2 ** 20);
    await job(at('small'), 'encrypt');
    await rm(at('small.encrypted'));
    globalThis.gc?.();
    const before = process.memoryUsage.rss();

    execFileSync('age-keygen', ['-o', at('key')], { stdio: 'ignore' });
    const recipient = execFileSync('age-keygen', ['-y', at('key')], { encoding: 'utf8' }).trim();
    await age('-r', recipient, '-o', at('sealed.age'), at('plain'));
    await copyFile(at('plain'), at('sealed'));
    await job(at('sealed'), 'encrypt');
    await rm(at('sealed'));

    // Each way's output is removed at once. Each works twice in a row and the second time counts: a virtual machine gives
    // memory that was freed back to its host, so that whoever comes after the other way would pay for getting it again.
    const theirs = async (times: Times, output: string, ...args: string[]) => {
      let work = 0;
      let sync = 0;
      for (let run = 0; run < 2; run++) {
        spawnSync('sync');
        work = await seconds(() => age(...args, '-o', at(output), at(args[0] === '-d' ? 'sealed.age' : 'plain')));
        sync = await seconds(() => synced(at(output)));
        await rm(at(output));
      }
      times.age.push(work);
      times.sync.push(sync);
    };
    const ours = async (times: Times, source: string, action: 'encrypt' | 'decrypt', output: string) => {
      let work = 0;
      for (let run = 0; run < 2; run++) {
        // All begin on a disk that has settled.
        spawnSync('sync');
        work = await seconds(() => job(at(source), action));
        await rm(at(output));
      }
      times.coffer.push(work);
    };
    const encrypting = newTimes();
    const decrypting = newTimes();
    for (let turn = 0; turn < ROUNDS; turn++) {
      const steps = [
        () => theirs(encrypting, 'plain.age', '-r', recipient),
        () => ours(encrypting, 'plain', 'encrypt', 'plain.encrypted'),
        () => theirs(decrypting, 'plain.back', '-d', '-i', at('key')),
        () => ours(decrypting, 'sealed.encrypted', 'decrypt', 'sealed'),
      ];
      for (const step of turn % 2 === 0 ? steps : steps.reverse()) await step();
    }
    // After the timed turns: what these write and remove keeps the disk busy for a while.
    const turnFor = async (source: string) => {
      await job(source, 'encrypt');
      await rm(source);
      await job(`${source}.encrypted`, 'decrypt');
      await rm(`${source}.encrypted`);
    };
    await copyFile(at('plain'), at('one'));
    const oneGib = await growth(before, () => turnFor(at('one')));
    if (!(await sameContent(at('plain'), at('one')))) throw new Error('what came back is not what went in');
    await rm(at('one'));
    await writeRandom(at('four'), 4 * GIB);
    const fourGib = await growth(before, () => turnFor(at('four')));
    await rm(at('four'));
    // 10 GB that take no room themselves, encrypted only.
    const sparse = await open(at('sparse'), 'wx');
    await sparse.truncate(10e9).finally(() => sparse.close());
    const tenGb = await growth(before, () => job(at('sparse'), 'encrypt'));
    await rm(at('sparse'));
    await rm(at('sparse.encrypted'));

    const [ageE, ageD] = [median(encrypting.age), median(decrypting.age)];
    const [e, d] = [median(encrypting.coffer), median(decrypting.coffer)];
    console.log(
      JSON.stringify({
        encrypt_vs_age: round(e / ageE),
        decrypt_vs_age: round(d / ageD),
        encrypt_vs_age_synced: round(e / (ageE + median(encrypting.sync))),
        decrypt_vs_age_synced: round(d / (ageD + median(decrypting.sync))),
        encrypt_s: round(e),
        decrypt_s: round(d),
        age_encrypt_s: round(ageE),
        age_decrypt_s: round(ageD),
        rss_growth_mb: round(Math.max(oneGib, fourGib, tenGb) / 1e6, 1),
        rss_growth_4gib_mb: round(fourGib / 1e6, 1),
        rss_growth_10gb_mb: round(tenGb / 1e6, 1),
      }),
    );
  } finally {
    await files.close();
    await rm(dir, { recursive: true, force: true });
  }
}

await main();
