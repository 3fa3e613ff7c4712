import type { Page } from '@playwright/test';

export interface Frames {
  readonly frames: number;
  /** Frames over 50 ms, and the longest, in milliseconds. */
  readonly long: number;
  readonly longest: number;
}

export interface Scrolled extends Frames {
  /** From each jump until the rows there are painted. */
  readonly jumps: readonly number[];
}

/** Measures the window's frames where they are drawn, by the time from one to the next, until the function it answers is called. */
export async function watchFrames(page: Page): Promise<() => Promise<Frames>> {
  await page.evaluate(() => {
    const seen = { frames: 0, long: 0, longest: 0, measuring: true };
    Object.assign(window, { benchFrames: seen });
    let last = 0;
    const next = (now: number) => {
      if (!seen.measuring) return;
      if (last > 0) {
        seen.frames++;
        // Three frames of a 60 Hz screen are 50 ms, give or take the clock's rounding.
        if (now - last > 50.5) seen.long++;
        seen.longest = Math.max(seen.longest, now - last);
      }
      last = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  return () =>
    page.evaluate(() => {
      const { benchFrames: seen } = window as unknown as { benchFrames: Frames & { measuring: boolean } };
      seen.measuring = false;
      return { frames: seen.frames, long: seen.long, longest: seen.longest };
    });
}

/** Scrolls a list from top to bottom, in steps of a wheel and in long ones, and jumps in it. */
export async function scrollThrough(page: Page, scroller: string, row: string): Promise<Scrolled> {
  const frames = await watchFrames(page);
  const jumps = await page.evaluate(
    async ([scroller, row]) => {
      const element = document.querySelector(scroller);
      if (!element) throw new Error(`nothing scrolls: ${scroller}`);
      const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
      const end = () => element.scrollHeight - element.clientHeight;
      for (let step = 0; step < 150; step++) {
        element.scrollTop += 240;
        await frame();
      }
      const from = element.scrollTop;
      const steps = 200;
      for (let step = 1; step <= steps; step++) {
        element.scrollTop = from + ((end() - from) * step) / steps;
        await frame();
      }
      const jumps: number[] = [];
      for (const share of [0.5, 1, 0.25, 0.9, 0.1, 0]) {
        const started = performance.now();
        element.scrollTop = end() * share;
        await frame();
        const box = element.getBoundingClientRect();
        const seen = () => {
          const at = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
          return at?.closest(row) != null;
        };
        while (!seen() && performance.now() - started < 5000) await frame();
        jumps.push(performance.now() - started);
        for (let wait = 0; wait < 10; wait++) await frame();
      }
      return jumps;
    },
    [scroller, row] as const,
  );
  return { ...(await frames()), jumps };
}

/**
 * Watches the Activity screen: the function it answers does something to a filter and tells the milliseconds from the input (the last
 * click, key or letter) until the records and the picture are painted.
 */
export async function watchFilters(page: Page): Promise<(act: () => Promise<unknown>) => Promise<number>> {
  await page.evaluate(() => {
    const state = { input: 0, answered: 0 };
    Object.assign(window, { benchFilters: state });
    const noted = () => {
      state.input = performance.now();
    };
    for (const kind of ['click', 'input', 'keydown']) document.addEventListener(kind, noted, { capture: true });
    const section = document.querySelector('section[aria-label="Records"]');
    if (!section) throw new Error('there are no records');
    let was = section.getAttribute('aria-busy');
    new MutationObserver(() => {
      const busy = section.getAttribute('aria-busy');
      if (was === 'true' && busy === 'false')
        requestAnimationFrame(() => setTimeout(() => Object.assign(state, { answered: performance.now() })));
      was = busy;
    }).observe(section, { attributes: true, attributeFilter: ['aria-busy'] });
  });
  return async (act) => {
    const before = await page.evaluate(() => performance.now());
    await act();
    const took = await page.waitForFunction(
      (before) => {
        const { input, answered } = (window as unknown as { benchFilters: { input: number; answered: number } })
          .benchFilters;
        return input > before && answered > input ? answered - input : false;
      },
      before,
      { polling: 20, timeout: 20_000 },
    );
    return Number(await took.jsonValue());
  };
}
