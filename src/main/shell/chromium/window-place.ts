import type { CDPSession } from 'playwright-core';
import { FIRST, keepWindowState, readWindowState, type WindowState } from '../window-state.ts';

/** A window that is closed by its button tells nobody where it was: it is asked so often. */
const ASK_MS = 3_000;

/** Flags that open the window where it was. The browser itself brings a place that is on no screen back onto one. */
export function placeFlags(stateDir: string | undefined): string[] {
  const { width, height, x, y, maximized } = stateDir === undefined ? FIRST : readWindowState(stateDir);
  return [
    `--window-size=${width},${height}`,
    ...(x !== undefined && y !== undefined ? [`--window-position=${x},${y}`] : []),
    ...(maximized ? ['--start-maximized'] : []),
  ];
}

/** Keeps where the window is, as long as it is open; answers the function that asks once more and stops. */
export function keepPlace(devtools: CDPSession, stateDir: string): () => Promise<void> {
  let kept = readWindowState(stateDir);
  const ask = async () => {
    const { bounds } = await devtools.send('Browser.getWindowForTarget');
    const { left: x, top: y, width, height, windowState } = bounds;
    // Of a window that is maximized or minimized these are not the bounds it has otherwise.
    const usual = windowState === 'normal' && width !== undefined && height !== undefined;
    const next: WindowState = {
      ...kept,
      ...(usual ? { x, y, width, height } : {}),
      maximized: windowState === 'minimized' ? kept.maximized : windowState === 'maximized',
      fullScreen: false,
    };
    if (JSON.stringify(next) === JSON.stringify(kept)) return;
    kept = next;
    keepWindowState(stateDir, next);
  };
  // The window may be gone by then.
  const tryTo = () => ask().catch(() => undefined);
  const timer = setInterval(tryTo, ASK_MS);
  timer.unref();
  return async () => {
    clearInterval(timer);
    await tryTo();
  };
}
