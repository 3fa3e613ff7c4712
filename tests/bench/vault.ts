import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, statSync } from 'node:fs';
import path from 'node:path';
import { readHead } from '../../src/main/audit/log.ts';
import { initialiseVault } from '../../src/main/kms/birth.ts';
import { Vault } from '../../src/main/vault/vault.ts';
import { PASSPHRASE } from '../support/vault.ts';
import { ACCOUNT, CALLER, engineOf, productOptions } from '../support/vault-engine.ts';

/**
 * What a durable commit, an opening and a snapshot cost with few and with a million audit records, on a real disk. The
 * last line of the output is one JSON object; `COFFER_BENCH_RECORDS` makes a smaller run.
 */
const LARGEST = Number(process.env.COFFER_BENCH_RECORDS ?? 1_000_000);
const SIZES = [100, 10_000, LARGEST];
const SNAPSHOT_AT = Math.min(100_000, LARGEST);
/** Calls in flight while the trail grows: what group commit gathers. */
const IN_FLIGHT = 256;
const ROUNDS = 20;
const COMMITS_A_ROUND = 25;
const OPENINGS = 3;
const SNAPSHOTS = 5;
const TMPFS = 0x01021994;

const say = (text: string) => console.error(text);
const PLAINTEXT = new Uint8Array(32);

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
}
const median = (values: readonly number[]) => quantile(values, 0.5);
const rounded = (value: number, digits = 2) => Number(value.toFixed(digits));

async function open(dir: string) {
  const vault = await Vault.open(dir, productOptions(), { kind: 'passphrase', secret: PASSPHRASE });
  const { engine, audit } = engineOf(vault);
  const keyId = vault.db.get<{ id: string }>('SELECT key_id AS id FROM keys LIMIT 1')?.id ?? '';
  return {
    vault,
    records: () => readHead(vault.db)?.sequence ?? 0,
    encrypt: () => engine.call(CALLER, 'Encrypt', { KeyId: keyId, Plaintext: PLAINTEXT }),
    async close() {
      await vault.transact((tx) => audit.sealDigest(tx, Date.now()));
      await vault.close();
    },
  };
}
type Opened = Awaited<ReturnType<typeof open>>;

/** Grows the trail to `size` records by calls of which many are under way. */
async function grow(opened: Opened, size: number): Promise<{ calls: number; seconds: number }> {
  let left = size - opened.records();
  const calls = left;
  const started = performance.now();
  const caller = async () => {
    while (left-- > 0) await opened.encrypt();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
  return { calls, seconds: (performance.now() - started) / 1000 };
}

/** Bytes of the folder's files whose name begins so. */
const bytesOf = (dir: string, begin: string) =>
  Math.max(...readdirSync(dir).flatMap((name) => (name.startsWith(begin) ? statSync(path.join(dir, name)).size : [])));

/** Lets the journal grow to just before the next snapshot is due, at a fifth of the last one: the slowest opening there is. */
async function fillJournal(dir: string): Promise<void> {
  const opened = await open(dir);
  await opened.vault.snapshot();
  const full = 0.9 * Math.max(8 * 2 ** 20, bytesOf(dir, 'snapshot-') / 5);
  while (bytesOf(dir, 'journal-') < full) await grow(opened, opened.records() + 2000);
  await opened.close();
}

/** The longest the event loop stood still while `work` ran, in milliseconds. */
async function longestBlock(work: () => Promise<unknown>): Promise<number> {
  let longest = 0;
  let running = true;
  let last = performance.now();
  const watch = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (running) setImmediate(watch);
  };
  setImmediate(watch);
  await work();
  running = false;
  return longest;
}

/** In a fresh process: opens a vault and says how long that took and what the process then holds. */
async function openOnce(dir: string): Promise<void> {
  const started = performance.now();
  const { vault, records } = await open(dir);
  const ms = performance.now() - started;
  const rssMb = process.memoryUsage().rss / 2 ** 20;
  console.error(`opened ${records()} records in ${ms.toFixed(0)} ms, ${vault.report.replayedRecords} of them replayed`);
  console.log(JSON.stringify({ ms, rssMb, records: records() }));
  await vault.close();
}

function openings(dir: string): { ms: number; rssMb: number } {
  const runs = Array.from({ length: OPENINGS }, () => {
    const child = spawnSync(process.execPath, [process.argv[1] as string, 'open', dir], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (child.status !== 0) throw new Error('the opening failed');
    return JSON.parse(child.stdout.trim().split('\n').at(-1) ?? '{}') as { ms: number; rssMb: number };
  });
  return { ms: median(runs.map(({ ms }) => ms)), rssMb: median(runs.map(({ rssMb }) => rssMb)) };
}

async function measure(home: string): Promise<Record<string, unknown>> {
  const dir = path.join(home, 'vault');
  const { vault: created } = await Vault.create(dir, productOptions(), {
    name: 'bench',
    passphrase: PASSPHRASE,
    useKeychain: false,
  });
  await created.transact((tx) => initialiseVault(tx, { accountId: ACCOUNT, now: Date.now() }));
  await engineOf(created).engine.call(CALLER, 'CreateKey', {});
  await created.close();

  const copies = new Map<number, string>();
  const grown = { calls: 0, seconds: 0 };
  const blocks: number[] = [];
  for (const size of [...new Set([...SIZES, SNAPSHOT_AT])].sort((a, b) => a - b)) {
    const opened = await open(dir);
    const began = process.cpuUsage();
    const { calls, seconds } = await grow(opened, size);
    const { user, system } = process.cpuUsage(began);
    const cpu = ((user + system) / calls).toFixed(0);
    say(`${size} records, ${Math.round(calls / seconds)} calls/s, ${cpu} µs of processor time a call`);
    if (size > 10_000) {
      grown.calls += calls;
      grown.seconds += seconds;
    }
    if (size === SNAPSHOT_AT)
      for (let i = 0; i < SNAPSHOTS; i++) {
        await opened.vault.snapshot();
        await opened.encrypt();
        blocks.push(await longestBlock(() => opened.vault.snapshot()));
      }
    await opened.close();
    const copy = path.join(home, `at-${size}`);
    cpSync(dir, copy, { recursive: true });
    copies.set(size, copy);
  }

  const opening = new Map(SIZES.map((size) => [size, openings(copies.get(size) as string)]));
  await fillJournal(dir);
  const slowest = openings(dir);

  const times = new Map(SIZES.map((size) => [size, [] as number[]]));
  const all = new Map<number, Opened>();
  for (const size of SIZES) all.set(size, await open(copies.get(size) as string));
  // Turn and turn about, so that what else the machine does falls on every size alike.
  for (let round = 0; round < ROUNDS; round++)
    for (const size of SIZES)
      for (let i = 0; i < COMMITS_A_ROUND; i++) {
        const started = performance.now();
        await all.get(size)?.encrypt();
        times.get(size)?.push(performance.now() - started);
      }
  for (const opened of all.values()) await opened.vault.close();

  const by = (of: (size: number) => number) =>
    Object.fromEntries(SIZES.map((size) => [String(size), rounded(of(size))]));
  const commits = (size: number) => times.get(size) ?? [];
  return {
    commit_p50_ms: by((size) => median(commits(size))),
    commit_p99_ms: by((size) => quantile(commits(size), 0.99)),
    commit_growth: rounded(median(commits(LARGEST)) / median(commits(100))),
    open_ms: by((size) => opening.get(size)?.ms ?? Number.NaN),
    open_full_journal_ms: rounded(slowest.ms),
    rss_mb_1m: rounded(Math.max(slowest.rssMb, opening.get(LARGEST)?.rssMb ?? Number.NaN), 0),
    calls_per_s: rounded(grown.calls / grown.seconds, 0),
    snapshot_block_ms_100k: rounded(median(blocks), 1),
  };
}

if (process.argv[2] === 'open') {
  await openOnce(process.argv[3] as string);
} else {
  const out = path.join(process.cwd(), 'out');
  mkdirSync(out, { recursive: true });
  if (statfsSync(out).type === TMPFS) throw new Error('this folder is in memory: a sync there says nothing');
  const home = mkdtempSync(path.join(out, 'bench-vault-'));
  try {
    console.log(JSON.stringify(await measure(home)));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
