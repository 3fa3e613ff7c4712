import { invoke } from '../../lib/api.ts';
import { useCommands } from '../../lib/commands.ts';
import { notifyError } from '../../lib/notify.tsx';
import { clearReview, pick, useFiles } from './store.ts';

const tellAll = (name: 'files.cancel' | 'files.pause' | 'files.resume', ids: readonly string[]) => {
  for (const id of ids) invoke(name, { id }).catch(notifyError);
};

/** What can be done on the Files screen. */
export function useFilesCommands(): void {
  const jobs = useFiles((state) => state.jobs);
  const planned = useFiles((state) => state.plan.length);
  const inState = (...states: string[]) =>
    [...jobs.values()].filter(({ state }) => states.includes(state)).map(({ id }) => id);
  const [running, paused, over] = [
    inState('running', 'waiting'),
    inState('paused'),
    inState('done', 'failed', 'cancelled'),
  ];
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
    ...(planned > 0 ? [command('clear-review', 'Take everything off the list', 'review empty', clearReview)] : []),
    ...(running.length > 0
      ? [
          command('pause', 'Pause all jobs', 'stop hold', () => tellAll('files.pause', running)),
          command('cancel', 'Cancel all jobs', 'stop', () => tellAll('files.cancel', [...running, ...paused])),
        ]
      : []),
    ...(paused.length > 0
      ? [command('resume', 'Go on with paused jobs', 'resume', () => tellAll('files.resume', paused))]
      : []),
    ...(over.length > 0
      ? [
          command('clear', 'Clear finished jobs', 'tidy forget', () => {
            invoke('files.clear', {}).catch(notifyError);
          }),
        ]
      : []),
  ]);
}
