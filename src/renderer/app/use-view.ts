import { useEffect } from 'react';
import { on } from '../lib/api.ts';
import { setTextSize, stepTextSize } from '../lib/appearance.ts';
import { runCommand, useCommands } from '../lib/commands.ts';
import { modKey } from '../lib/platform.ts';

const LARGER = new Set(['+', '=']);

/** The size of the text by keys and wheel, as browsers have it; locked or not. */
function useTextSizeKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
      if (LARGER.has(event.key)) stepTextSize(1);
      else if (event.key === '-') stepTextSize(-1);
      else if (event.key === '0') setTextSize(100);
      else return;
      event.preventDefault();
    };
    const onWheel = (event: WheelEvent) => {
      if (!event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      stepTextSize(event.deltaY < 0 ? 1 : -1);
    };
    window.addEventListener('keydown', onKey);
    window.addEventListener('wheel', onWheel, { passive: false });
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('wheel', onWheel);
    };
  }, []);
}

/** What holds for every view of the window, locked or open: the size of its text, and commands of the shell's menus. */
export function useView(): void {
  useTextSizeKeys();
  useEffect(() => on('app.command', ({ id }) => void runCommand(id)), []);
  useCommands([
    {
      id: 'view.larger',
      title: 'Larger text',
      keywords: 'zoom in bigger size',
      group: 'Appearance',
      shortcut: `${modKey} +`,
      run: () => stepTextSize(1),
    },
    {
      id: 'view.smaller',
      title: 'Smaller text',
      keywords: 'zoom out size',
      group: 'Appearance',
      shortcut: `${modKey} −`,
      run: () => stepTextSize(-1),
    },
    {
      id: 'view.usual',
      title: 'Text in its usual size',
      keywords: 'zoom reset 100 %',
      group: 'Appearance',
      shortcut: `${modKey} 0`,
      run: () => setTextSize(100),
    },
  ]);
}
