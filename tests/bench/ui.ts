import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Page } from '@playwright/test';
import { type App, openApp, PASSPHRASE } from '../support/app.ts';
import { BUSY_ALIAS, COMMON_CONTEXT, makeLargeVault, QUIET_ALIAS, RARE_CONTEXT } from '../support/large-vault.ts';
import { type Scrolled, scrollThrough, watchFilters } from '../support/ui-page.ts';
import { callKms } from '../support/window.ts';

/**
 * `npm run bench -- ui`: how quick the window is with 10,000 keys and 1,000,000 records, in the built application. Milliseconds but for
 * `long_frames`, the number of frames over 50 ms while both lists are scrolled from end to end and jumped in. `COFFER_BENCH_RECORDS` and
 * `COFFER_BENCH_KEYS` make a smaller run; with `COFFER_BENCH_VAULT` the vault is made there once and kept. The figures of
 * Electron, when its runtime is here, are named `electron_…`.
 */
const RECORDS = Number(process.env.COFFER_BENCH_RECORDS ?? 1_000_000);
const KEYS = Number(process.env.COFFER_BENCH_KEYS ?? 10_000);
/** The vault is unlocked so often; the median counts. */
const ROUNDS = 5;

const say = (text: string) => console.error(text);
const median = (values: readonly number[]) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const rounded = (value: number) => Math.round(value);

const rows = {
  keys: '[role="grid"] tbody tr[aria-rowindex]',
  activity: '[aria-label="Records, newest first"] a',
} as const;

async function unlock(page: Page): Promise<void> {
  await page.evaluate("location.hash = '/settings'");
  const field = page.getByLabel('Passphrase', { exact: true });
  await field.fill(PASSPHRASE);
  await field.press('Enter');
  await page.getByRole('navigation').waitFor();
}

async function lock(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Lock', exact: true }).click();
  await page.getByLabel('Passphrase', { exact: true }).waitFor();
}

/** Until the list holds every key: the newest are shown while the others are read. */
async function allKeysHere(page: Page): Promise<number> {
  const started = performance.now();
  const refresh = page.getByRole('button', { name: 'Refresh', exact: true });
  await refresh.and(page.locator(':not([aria-busy])')).waitFor();
  return performance.now() - started;
}

/** From the going to a screen until its rows are painted. */
function firstRender(page: Page, route: string, selector: string): Promise<number> {
  return page.evaluate(
    ([route, selector]) =>
      new Promise<number>((resolve) => {
        const started = performance.now();
        location.hash = route;
        const look = () => {
          // A button that is busy, such as Refresh while further keys are read, keeps no row from being seen.
          if (!document.querySelector(selector) || document.querySelector('[aria-busy="true"]:not(button)'))
            requestAnimationFrame(look);
          // The picture that has them is on the screen when the next task runs.
          else requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - started)));
        };
        look();
      }),
    [route, selector] as const,
  );
}

async function renders(page: Page) {
  const keys: number[] = [];
  const all: number[] = [];
  const atOnce: number[] = [];
  const activity: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) await lock(page);
    await unlock(page);
    const first = await firstRender(page, '/keys', rows.keys);
    keys.push(first);
    all.push(first + (await allKeysHere(page)));
    atOnce.push(await firstRender(page, '/activity', rows.activity));
    await page.evaluate("location.hash = '/settings'");
    // Answers once the trail has been read.
    await callKms(page, 'SummarizeEvents', {});
    activity.push(await firstRender(page, '/activity', rows.activity));
  }
  say(
    `keys ${keys.map(rounded)}, all of them ${all.map(rounded)}; activity ${activity.map(rounded)}, right after opening ${atOnce.map(rounded)} ms`,
  );
  return {
    keys_first_render_ms: rounded(median(keys)),
    keys_all_ms: rounded(median(all)),
    activity_first_render_ms: rounded(median(activity)),
    activity_right_after_opening_ms: rounded(median(atOnce)),
  };
}

/** Sets every filter of the screen, alone and together; the time of each from the input to the painted answer. */
async function filterTimes(page: Page): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  const watch = await watchFilters(page);
  const measure = async (name: string, act: () => Promise<void>) => times.set(name, await watch(act));
  const clear = async () => {
    await watch(() => page.getByRole('button', { name: 'Clear filters' }).click());
  };
  const words = (text: string) => () => page.getByLabel('Words in the record').fill(text);
  const choose = (filter: string, text: string) => async () => {
    const box = page.getByRole('combobox', { name: filter, exact: true });
    await box.click();
    if (filter !== 'Outcome') await box.fill(text);
    await page.getByRole('option', { name: text, exact: true }).click();
  };
  // The newest bar that has calls is the one that the keyboard begins at.
  const bar = () => page.getByRole('listbox', { name: /over time/ }).press('Enter');
  const name = (alias: string) => alias.replace('alias/', '');
  const alone: readonly [string, () => Promise<void>][] = [
    ['words in no record', words('no record has this')],
    ['words in ten records', words(RARE_CONTEXT)],
    ['words in a tenth of the records', words(COMMON_CONTEXT)],
    ['a letter', words('e')],
    ['refused', choose('Outcome', 'refused')],
    ['allowed', choose('Outcome', 'allowed')],
    ['an operation', choose('Operation', 'GenerateRandom')],
    ['a key that is used much', choose('Key', name(BUSY_ALIAS))],
    ['a key that is hardly used', choose('Key', name(QUIET_ALIAS))],
    ['a period', bar],
  ];
  for (const [what, act] of alone) {
    await measure(what, act);
    await clear();
  }
  const hide = page.getByRole('switch', { name: "Hide the window's own readings" });
  await measure('own readings too', () => hide.press('Space'));
  await measure('without own readings', () => hide.press('Space'));
  await measure('together: a key', choose('Key', name(BUSY_ALIAS)));
  await measure('together: and an operation', choose('Operation', 'GenerateDataKey'));
  await measure('together: and allowed', choose('Outcome', 'allowed'));
  await measure('together: and a period', bar);
  await measure('together: and words', words(COMMON_CONTEXT));
  await measure('together: and other words', words(RARE_CONTEXT));
  await clear();
  return times;
}

const describeScroll = (where: string, { frames, long, longest, jumps }: Scrolled) =>
  say(
    `${where}: ${frames} frames, ${long} over 50 ms, the longest ${rounded(longest)} ms; rows after a jump ${jumps.map(rounded)} ms`,
  );

async function measure(shell: App['shell'], vault: string): Promise<Record<string, number>> {
  const app = await openApp(shell, {
    prepare: (home) => cp(vault, path.join(home, 'vault'), { recursive: true }),
  });
  try {
    const { page } = app;
    const rendered = await renders(page);
    const trail = await scrollThrough(page, 'section[aria-label="Records"]', rows.activity);
    describeScroll('activity', trail);
    const times = await filterTimes(page);
    for (const [what, ms] of times) say(`filter ${what}: ${rounded(ms)} ms`);
    await firstRender(page, '/keys', rows.keys);
    await allKeysHere(page);
    const keys = await scrollThrough(page, 'div:has(> [role="grid"])', rows.keys);
    describeScroll('keys', keys);
    return {
      ...rendered,
      long_frames: trail.long + keys.long,
      longest_frame_ms: rounded(Math.max(trail.longest, keys.longest)),
      jump_ms: rounded(Math.max(...trail.jumps)),
      filter_ms: rounded(Math.max(...times.values())),
      filter_median_ms: rounded(median([...times.values()])),
    };
  } finally {
    await app.close();
  }
}

const scratch = await mkdtemp(path.join(tmpdir(), 'coffer-bench-ui-'));
try {
  const vault = process.env.COFFER_BENCH_VAULT ?? path.join(scratch, 'vault');
  if (!existsSync(vault)) {
    await mkdir(path.dirname(vault), { recursive: true });
    const started = performance.now();
    await makeLargeVault(vault, { keys: KEYS, records: RECORDS, passphrase: PASSPHRASE });
    say(`made ${KEYS} keys and ${RECORDS} records in ${rounded((performance.now() - started) / 1000)} s`);
  }
  const figures: Record<string, number> = await measure('chromium', vault);
  if (process.env.COFFER_BENCH_ELECTRON)
    for (const [name, value] of Object.entries(await measure('electron', vault))) figures[`electron_${name}`] = value;
  console.log(JSON.stringify(figures));
} finally {
  await rm(scratch, { recursive: true, force: true });
}
// What the browser left open must not keep the figures waiting.
process.exit(0);
