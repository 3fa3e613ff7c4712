import { useEffect } from 'react';
import { navigate } from '../../lib/route.ts';
import { reviewDrop } from './store.ts';

/** A drop anywhere in the window goes to Files; without this a browser would open the file in place of the window. */
export function useGlobalDrop(): void {
  useEffect(() => {
    const over = (event: DragEvent) => event.preventDefault();
    const drop = (event: DragEvent) => {
      event.preventDefault();
      if (!event.dataTransfer || event.dataTransfer.files.length === 0) return;
      void reviewDrop(event.dataTransfer);
      navigate('/files');
    };
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, []);
}
