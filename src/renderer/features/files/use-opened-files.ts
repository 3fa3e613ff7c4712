import { useEffect } from 'react';
import { invoke, on } from '../../lib/api.ts';
import { notifyError } from '../../lib/notify.tsx';
import { navigate } from '../../lib/route.ts';
import { review } from './store.ts';

/** Files that the desktop opened with Coffer, or its command line named: they wait for the vault, then go to the review. */
export function useOpenedFiles(): void {
  useEffect(() => {
    const take = async () => {
      const { paths } = await invoke('app.takeOpened', {});
      if (paths.length === 0) return;
      navigate('/files');
      await review(paths);
    };
    const tryTo = () => void take().catch(notifyError);
    tryTo();
    return on('app.opened', tryTo);
  }, []);
}
