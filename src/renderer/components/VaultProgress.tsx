import type { EventPayload } from '../../shared/contract/index.ts';
import { invoke } from '../lib/api.ts';
import { notifyError } from '../lib/notify.tsx';
import { useProgress } from '../lib/progress.ts';
import { LongWork } from './LongWork.tsx';

type VaultJob = EventPayload<'vault.progress'>['job'];

const titles: Readonly<Record<VaultJob, string>> = {
  backup: 'Writing the backup and reading it back',
  restore: 'Restoring the backup',
  salvage: 'Salvaging what is whole',
};

/** How far a long job on a vault is, while it goes on, and the way to end it. */
export function VaultProgress({ job }: { job: VaultJob }) {
  const share = useProgress('vault.progress', job);
  return (
    <LongWork
      title={titles[job]}
      share={share}
      onCancel={() => void invoke('vault.cancel', { job }).catch(notifyError)}
    />
  );
}
