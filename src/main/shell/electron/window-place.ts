import { type BrowserWindow, screen } from 'electron';
import { fitted, keepWindowState, readWindowState, type WindowState } from '../window-state.ts';

/** Where the window was, as far as that is on a screen still. Needs Electron to be ready. */
export function rememberedPlace(stateDir: string): WindowState {
  const primary = screen.getPrimaryDisplay();
  const others = screen.getAllDisplays().filter(({ id }) => id !== primary.id);
  return fitted(
    readWindowState(stateDir),
    [primary, ...others].map(({ workArea }) => workArea),
  );
}

/** Keeps where the window is when it is closed. */
export function keepPlace(window: BrowserWindow, stateDir: string): void {
  window.on('close', () =>
    keepWindowState(stateDir, {
      ...window.getNormalBounds(),
      maximized: window.isMaximized(),
      fullScreen: window.isFullScreen(),
    }),
  );
}
