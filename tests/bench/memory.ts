import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type App, openApp, PASSPHRASE } from '../support/app.ts';
import { makeDemoVault } from '../support/demo-vault.ts';
import { LongUse } from '../support/long-use.ts';
import { type Memory, memoryOf } from '../support/memory.ts';
import { trailOf } from '../support/trail-bytes.ts';

/**
 * `npm run bench -- memory`: whether the window and its main process grow with use. Some thousand acts, about as many as a person does in
 * an hour, are done in the built application as quickly as it answers, for `COFFER_BENCH_SECONDS` (480 unless given); what is held is
 * measured after a warm-up and at the end, each time after garbage collection and in the same state of the window. `…_growth` are parts
 * of the figure after the warm-up. The record of the calls grows by design, and the open vault is in memory: `main_growth` is
 * without it, `main_growth_with_record` with it. The main process of Chromium's shell is the bench's own, so the figure holds
 * what drives the window, too; where Electron's runtime is here, half of the time is Electron's, its figures named `electron_…`.
 */
const SECONDS = Number(process.env.COFFER_BENCH_SECONDS ?? 480);
/** The part of the time that the warm-up has at least; what is compiled, cached and kept once is there then. */
const WARM_UP = 0.4;
/** And the rounds that it has at least, however slow the computer is: what is compiled still grows in the first ones. */
const WARM_UP_ROUNDS = 3;

const say = (text: string) => console.error(text);
const megabytes = (bytes: number) => Math.round(bytes / 10_000) / 100;
const share = (more: number, before: number) => Math.round((more / before) * 1000) / 1000;

interface Measured extends Memory {
  readonly records: number;
  /** Bytes of the open vault that the record takes. */
  readonly trail: number;
}

function growth(before: Measured, after: Measured): Record<string, number> {
  const trail = after.trail - before.trail;
  const grown = after.main - before.main;
  // The record lies in the memory of the database, outside of the heap: more than that has grown is nothing it could explain.
  const ofTheRecord = Math.max(0, Math.min(trail, after.external - before.external));
  return {
    renderer_growth: share(after.renderer - before.renderer, before.renderer),
    main_growth: share(grown - ofTheRecord, before.main),
    main_growth_with_record: share(grown, before.main),
    dom_nodes_growth: share(after.nodes - before.nodes, before.nodes),
    listeners_growth: share(after.listeners - before.listeners, before.listeners),
    renderer_mb: megabytes(before.renderer),
    renderer_end_mb: megabytes(after.renderer),
    main_mb: megabytes(before.main),
    main_end_mb: megabytes(after.main),
    rss_mb: megabytes(before.rss),
    rss_end_mb: megabytes(after.rss),
    dom_nodes: before.nodes,
    dom_nodes_end: after.nodes,
    records: after.records - before.records,
    trail_growth_bytes: trail,
    bytes_per_record: Math.round(trail / (after.records - before.records)),
  };
}

async function measure(shell: App['shell'], seconds: number): Promise<Record<string, number>> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'coffer-bench-memory-'));
  const app = await openApp(shell, { prepare: (home) => makeDemoVault(path.join(home, 'vault'), PASSPHRASE) });
  try {
    await app.unlock();
    const use = new LongUse(app);
    let round = 0;
    const rounds = async (until: number) => {
      do await use.round(round++);
      while (performance.now() < until || round < WARM_UP_ROUNDS);
    };
    const copyOf = (name: string) => path.join(scratch, name);
    const weigh = async (name: string): Promise<Memory> => {
      await use.rest(() => cp(path.join(app.home, 'vault'), copyOf(name), { recursive: true }));
      const memory = await memoryOf(app);
      say(`${shell}: ${use.acts} acts in ${round} rounds: ${JSON.stringify(memory)}`);
      return memory;
    };
    const started = performance.now();
    for (let time = 0; time < 2; time++) await use.visitScreens();
    await rounds(started + seconds * 1000 * WARM_UP);
    const [before, begun] = [await weigh('before'), use.acts];
    await rounds(started + seconds * 1000);
    const after = await weigh('after');
    // Opened only now: when this is the main process, the copies are in its memory.
    const [trailBefore, trailAfter] = [await trailOf(copyOf('before')), await trailOf(copyOf('after'))];
    return { acts: use.acts - begun, ...growth({ ...before, ...trailBefore }, { ...after, ...trailAfter }) };
  } finally {
    await app.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

const both = Boolean(process.env.COFFER_BENCH_ELECTRON);
const seconds = both ? SECONDS / 2 : SECONDS;
const figures = await measure('chromium', seconds);
if (both)
  for (const [name, value] of Object.entries(await measure('electron', seconds))) figures[`electron_${name}`] = value;
console.log(JSON.stringify(figures));
// What the browser left open must not keep the figures waiting.
process.exit(0);
