import path from 'node:path';
import { Menu, nativeImage, Tray } from 'electron';
import type { Standing } from '../shell.ts';

export interface TrayParts {
  /** Where the build's pictures are. */
  readonly icons: string;
  readonly openWindow: () => void;
  readonly lock: () => void;
  readonly quit: () => void;
}

function words({ open, jobs }: Standing): string {
  if (!open) return 'Coffer is locked';
  return jobs === 0 ? 'Coffer is open' : `Coffer is open, ${jobs} ${jobs === 1 ? 'job' : 'jobs'} under way`;
}

/** The picture for a panel: on macOS a template that the system colours, elsewhere one in colours that both kinds of panel show. */
function picture(icons: string) {
  const image = nativeImage.createFromPath(
    path.join(icons, process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png'),
  );
  if (process.platform === 'darwin') image.setTemplateImage(true);
  return image;
}

/** The icon in the panel: how the vault stands, the window, lock, quit. Answers the function that shows how things stand. */
export function createTray({ icons, openWindow, lock, quit }: TrayParts): (standing: Standing) => void {
  let tray: Tray | undefined;
  try {
    tray = new Tray(picture(icons));
  } catch {
    // A desktop without a place for it: the window has everything.
    return () => undefined;
  }
  const own = tray;
  let shown = '';
  own.on('click', openWindow);
  return (standing) => {
    const says = words(standing);
    const key = `${says} ${standing.open}`;
    // Menus are made anew when something changed only: one that is open would close.
    if (own.isDestroyed() || key === shown) return;
    shown = key;
    own.setToolTip(says);
    own.setContextMenu(
      Menu.buildFromTemplate([
        { label: says, enabled: false },
        { type: 'separator' },
        { id: 'tray.open', label: 'Open Coffer', click: openWindow },
        { id: 'tray.lock', label: 'Lock', enabled: standing.open, click: lock },
        { type: 'separator' },
        { id: 'tray.quit', label: 'Quit Coffer', click: quit },
      ]),
    );
  };
}
