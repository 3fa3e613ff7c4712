import { type DragEvent, useState } from 'react';
import { inCalls } from '../../shared/contract/paths-per-call.ts';
import { CofferError } from '../../shared/kms/errors.ts';
import type { Progress } from '../../shared/progress.ts';
import { formatNumber } from './format.ts';
import { notifyError } from './notify.tsx';

/**
 * The real paths of what was dropped; folders are one entry each. What has none, as a picture out of a page, is left out, and that is said.
 * @throws the signal's reason once it is aborted.
 */
export async function droppedPaths(transfer: DataTransfer, { signal, onProgress }: Progress = {}): Promise<string[]> {
  // Once the event is over nothing is in the transfer any more.
  const files = [...transfer.files];
  const all: string[] = [];
  for (const some of inCalls(files)) {
    all.push(...(await window.coffer.pathsFor(some)));
    signal?.throwIfAborted();
    onProgress?.(all.length, files.length);
  }
  const paths = all.filter((path) => path !== '');
  const left = all.length - paths.length;
  if (left > 0) {
    const count = `${formatNumber(left)} of ${formatNumber(all.length)}`;
    const says = `Not everything that was dropped is a file on this computer: ${count} left out.`;
    notifyError(new CofferError('NotAFile', says));
  }
  return paths;
}

/** Makes an element take files and folders by their paths: whether something is held over it, and its handlers. */
export const useFileDrop = (take: (paths: readonly string[]) => Promise<void> | void) =>
  useDrop(async (transfer) => take(await droppedPaths(transfer)));

/** The same, for who asks for the paths by himself, at once. */
export function useDrop(take: (transfer: DataTransfer) => Promise<void>) {
  const [over, setOver] = useState(false);
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    try {
      await take(event.dataTransfer);
    } catch (error) {
      notifyError(error);
    }
  };
  return {
    over,
    handlers: {
      onDragEnter: (event: DragEvent) => event.preventDefault(),
      onDragOver: (event: DragEvent) => {
        event.preventDefault();
        event.dataTransfer.dropEffect = 'copy' as const;
        setOver(true);
      },
      onDragLeave: (event: DragEvent) => {
        // Going from one thing inside to another is no leaving.
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false);
      },
      onDrop: (event: DragEvent) => void drop(event),
    },
  };
}
