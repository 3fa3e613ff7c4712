import { type DragEvent, useState } from 'react';
import { notifyError } from './notify.tsx';

/** The real paths of what was dropped; folders are one entry each. */
export async function droppedPaths(transfer: DataTransfer): Promise<string[]> {
  return window.coffer.pathsFor([...transfer.files]);
}

/** Makes an element take files and folders: whether something is held over it, and its handlers. */
export function useFileDrop(take: (paths: readonly string[]) => Promise<void> | void) {
  const [over, setOver] = useState(false);
  const drop = async (event: DragEvent) => {
    event.preventDefault();
    event.stopPropagation();
    setOver(false);
    try {
      const paths = await droppedPaths(event.dataTransfer);
      if (paths.some((each) => each === ''))
        notifyError(new Error('Some of what was dropped is not a file on this computer.'));
      await take(paths.filter((each) => each !== ''));
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
