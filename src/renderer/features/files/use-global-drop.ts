import { useEffect } from 'react';
import { notifyError } from '../../lib/notify.tsx';
import { navigate } from '../../lib/route.ts';
import { droppedPaths } from '../../lib/use-file-drop.ts';
import { review } from './store.ts';

/** A drop anywhere in the window goes to Files; without this a browser would open the file in place of the window. */
export function useGlobalDrop(): void {
  useEffect(() => {
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      if (!event.dataTransfer || event.dataTransfer.files.length === 0) return;
      const paths = droppedPaths(event.dataTransfer);
      navigate('/files');
      paths.then(review).catch(notifyError);
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, []);
}
