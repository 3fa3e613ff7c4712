import { useEffect } from 'react';
import { invoke } from '../lib/api.ts';

const EVERY_MS = 5000;
const signs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'drop'] as const;

/** Tells the main process that somebody is here, at most every five seconds, so that the idle lock waits. */
export function useTouch(enabled: boolean): void {
  useEffect(() => {
    if (!enabled) return;
    let last = 0;
    const touched = () => {
      const now = performance.now();
      if (now - last < EVERY_MS && last > 0) return;
      last = now;
      // Missing one only means that the vault may lock a little early.
      invoke('app.touch', {}).catch(() => undefined);
    };
    for (const sign of signs) window.addEventListener(sign, touched, { capture: true, passive: true });
    return () => {
      for (const sign of signs) window.removeEventListener(sign, touched, { capture: true });
    };
  }, [enabled]);
}
