import { useEffect } from 'react';
import { keepFocus } from '../lib/focus-keeper.ts';

/**
 * Enter that is held down presses once: what it opens would be confirmed by the next of its repetitions. Where a text has several lines
 * it goes on making them.
 */
function pressOnce(event: KeyboardEvent): void {
  if (!event.repeat || event.key !== 'Enter') return;
  const { target } = event;
  if (target instanceof HTMLTextAreaElement || (target instanceof HTMLElement && target.isContentEditable)) return;
  event.preventDefault();
  event.stopPropagation();
}

/** What holds for the keyboard in every view of the window. */
export function useKeyboard(): void {
  useEffect(() => {
    window.addEventListener('keydown', pressOnce, { capture: true });
    return () => window.removeEventListener('keydown', pressOnce, { capture: true });
  }, []);
  useEffect(keepFocus, []);
}
