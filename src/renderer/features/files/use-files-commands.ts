import { invoke } from '../../lib/api.ts';
import { useCommands } from '../../lib/commands.ts';
import { notifyError } from '../../lib/notify.tsx';
import { endLooks, useLooks } from './looks.ts';
import { clearReview, type Job, pick, useAnyJob, useFiles } from './store.ts';

const tellAll = (name: 'files.cancel' | 'files.pause' | 'files.resume', ids: readonly string[]) => {
  for (const id of ids) invoke(name, { id }).catch(notifyError);
};

const idsIn = (...states: readonly Job['state'][]) =>
  [...useFiles.getState().jobs.values()].filter(({ state }) => states.includes(state)).map(({ id }) => id);

/** What can be done on the Files screen. */
export function useFilesCommands(): void {
  const planned = useFiles((state) => state.plan.length);
  const looking = useLooks((state) => state.looks.length > 0);
  const running = useAnyJob('running', 'waiting');
  const paused = useAnyJob('paused');
  const over = useAnyJob('done', 'failed', 'cancelled');
  const command = (id: string, title: string, keywords: string, run: () => void) => ({
    id: `files.${id}`,
    title,
    keywords,
    group: 'Files',
    run,
  });
  useCommands([
    command('choose', 'Choose files…', 'encrypt decrypt check open pick', () => void pick('files')),
    command('choose-folder', 'Choose a folder…', 'encrypt decrypt check open pick', () => void pick('folder')),
    ...(looking ? [command('end-looks', 'Stop looking at the files', 'cancel drop', endLooks)] : []),
    ...(planned > 0 ? [command('clear-review', 'Take everything off the list', 'review empty', clearReview)] : []),
    ...(running
      ? [
          command('pause', 'Pause all jobs', 'stop hold', () => tellAll('files.pause', idsIn('running', 'waiting'))),
          command('cancel', 'Cancel all jobs', 'stop', () =>
            tellAll('files.cancel', idsIn('running', 'waiting', 'paused')),
          ),
        ]
      : []),
    ...(paused
      ? [command('resume', 'Go on with paused jobs', 'resume', () => tellAll('files.resume', idsIn('paused')))]
      : []),
    ...(over
      ? [
          command('clear', 'Clear finished jobs', 'tidy forget', () => {
            invoke('files.clear', {}).catch(notifyError);
          }),
        ]
      : []),
  ]);
}
