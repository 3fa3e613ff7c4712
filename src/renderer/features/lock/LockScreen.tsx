import { Alert, Anchor } from '@mantine/core';
import { IconMoon } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { Stage } from '../../components/Stage.tsx';
import { type LockedStatus, useSession } from '../../lib/session.ts';
import { ChooseForm } from './ChooseForm.tsx';
import { showLockView, useLockView } from './lock-vault.ts';
import { Problem } from './Problem.tsx';
import { RestoreForm } from './RestoreForm.tsx';
import { SalvageForm } from './SalvageForm.tsx';
import { UnlockForm } from './UnlockForm.tsx';

const reasons: Readonly<Record<NonNullable<LockedStatus['lockedBecause']>, string | null>> = {
  idle: 'It locked itself because nobody had used it for a while.',
  suspend: 'It locked itself when the computer went to sleep or its screen was locked.',
  closed: 'It locked itself when its window was closed.',
  failure: 'It locked itself because its files could not be written any more.',
  command: null,
};

/** Shown while the vault is locked: the ways in, or what is wrong and what can be done. */
export function LockScreen({ status }: { status: LockedStatus }) {
  const view = useLockView((state) => state.view);
  const defaultPath = useSession((session) => session.info?.defaultVaultPath);
  const back = () => showLockView('unlock');
  useEffect(() => {
    document.title = `${status.name} · Coffer`;
  }, [status.name]);
  useEffect(() => () => showLockView('unlock'), []);

  if (view === 'restore')
    return (
      <Stage title="Restore a backup" lead="A backup becomes a vault in a new folder. Nothing that exists is touched.">
        <RestoreForm onBack={back} />
      </Stage>
    );
  if (view === 'choose')
    return (
      <Stage
        title="Open another vault folder"
        lead="A folder that holds a vault; in a folder without one you can make a new vault."
      >
        <ChooseForm onBack={back} />
      </Stage>
    );
  if (view === 'salvage') return <Salvage status={status} onBack={back} />;
  const reason = status.lockedBecause ? reasons[status.lockedBecause] : null;
  return (
    <Stage
      title={status.name}
      lead={
        <div className="coffer-truncate" title={status.path}>
          {status.path === defaultPath ? 'The vault is locked.' : status.path}
        </div>
      }
      footer={
        <>
          <Anchor component="button" type="button" onClick={() => showLockView('restore')}>
            Restore a backup
          </Anchor>
          <Anchor component="button" type="button" onClick={() => showLockView('choose')}>
            Open another vault folder
          </Anchor>
        </>
      }
    >
      {reason ? (
        <Alert mb="md" color="gray" icon={<IconMoon size={18} aria-hidden />} role="status">
          {reason}
        </Alert>
      ) : null}
      {status.problem ? <Problem problem={status.problem} canSalvage={status.slots.length > 0} /> : null}
      {status.slots.length > 0 ? <UnlockForm status={status} /> : null}
    </Stage>
  );
}

function Salvage({ status, onBack }: { status: LockedStatus; onBack: () => void }) {
  // Afterwards the new folder is the chosen vault.
  const [damaged] = useState(status.path);
  return (
    <Stage
      title="Salvage what is whole"
      lead={`Copies what can still be read of ${damaged} into a new folder. The damaged files stay as they are.`}
    >
      <SalvageForm status={status} onBack={onBack} />
    </Stage>
  );
}
