import { useEffect, useRef } from 'react';
import { notifySuccess } from './notify.tsx';
import { rememberUndo } from './undo.ts';

type Notice = Parameters<typeof notifySuccess>;

/** Says it as `notifySuccess` does, later. */
export type Tell = (...notice: Notice) => void;

/** For a dialog that stays after its act: notices lie below dialogs, so that what was done last is told once it closes. */
export function useTold(
  onClose: () => void,
  opened = true,
): {
  readonly tell: Tell;
  readonly close: () => void;
} {
  const last = useRef<Notice>(null);
  const shown = useRef(false);
  useEffect(() => {
    shown.current = opened;
    return () => {
      shown.current = false;
    };
  }, [opened]);
  return {
    tell: (...notice) => {
      // Closed while the act was still under way: nothing lies over the notice any more.
      if (!shown.current) return notifySuccess(...notice);
      rememberUndo(notice[2]?.undo ?? null);
      last.current = notice;
    },
    close: () => {
      if (last.current) notifySuccess(...last.current);
      last.current = null;
      onClose();
    },
  };
}
