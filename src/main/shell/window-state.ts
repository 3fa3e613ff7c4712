import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where the window is and how large. Nothing of the vault's. */
export interface WindowState {
  readonly width: number;
  readonly height: number;
  readonly x?: number | undefined;
  readonly y?: number | undefined;
  readonly maximized: boolean;
  readonly fullScreen: boolean;
}

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const SMALLEST = { width: 700, height: 480 };
/** What the window is like at the very first start. */
export const FIRST: WindowState = { width: 1280, height: 800, maximized: false, fullScreen: false };
/** So much of a window has to be on a screen for a person to get hold of it. */
const GRIP = { width: 120, height: 40 };

const fileIn = (stateDir: string) => path.join(stateDir, 'window.json');
const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value);

/** What was kept; the usual size when nothing was, or it cannot be read. */
export function readWindowState(stateDir: string): WindowState {
  try {
    const kept = JSON.parse(readFileSync(fileIn(stateDir), 'utf8')) as Record<string, unknown>;
    const { width, height, x, y } = kept;
    if (!isWhole(width) || !isWhole(height) || width < 1 || height < 1) return FIRST;
    return {
      width,
      height,
      ...(isWhole(x) && isWhole(y) ? { x, y } : {}),
      maximized: kept.maximized === true,
      fullScreen: kept.fullScreen === true,
    };
  } catch {
    return FIRST;
  }
}

/** Keeps it for the next start. That it could not be kept is not worth a word. */
export function keepWindowState(stateDir: string, state: WindowState): void {
  try {
    const file = fileIn(stateDir);
    mkdirSync(stateDir, { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  } catch {
    // A full disk, say: the window opens as it did before.
  }
}

const overlap = (from: number, length: number, otherFrom: number, otherLength: number) =>
  Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom);

/**
 * The window as it fits what screens there are now: no larger than the one it is on, and no place that lies on none, as
 * after a second screen was unplugged (the system then chooses one). `screens` are the parts of them that windows may take.
 */
export function fitted(state: WindowState, screens: readonly Rectangle[]): WindowState {
  const { x, y } = state;
  const [main] = screens;
  if (!main) return state;
  const home =
    x === undefined || y === undefined
      ? undefined
      : screens.find(
          (screen) =>
            overlap(x, state.width, screen.x, screen.width) >= GRIP.width &&
            // By its title bar, which is on top.
            overlap(y, GRIP.height, screen.y, screen.height) >= GRIP.height,
        );
  const screen = home ?? main;
  const size = (wanted: number, least: number, most: number) => Math.max(Math.min(wanted, most), Math.min(least, most));
  return {
    width: size(state.width, SMALLEST.width, screen.width),
    height: size(state.height, SMALLEST.height, screen.height),
    ...(home ? { x, y } : {}),
    maximized: state.maximized,
    fullScreen: state.fullScreen,
  };
}
