import { Anchor, Stepper } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Stage } from '../../components/Stage.tsx';
import type { VaultStatus } from '../../lib/session.ts';
import { ChooseForm, RestoreForm } from '../lock/index.ts';
import { CodeStep } from './CodeStep.tsx';
import { endFirstRun, useFirstRun } from './flow.ts';
import { KeyStep } from './KeyStep.tsx';
import { NotThere } from './NotThere.tsx';
import { VaultStep } from './VaultStep.tsx';

const heads = [
  {
    title: 'Make your vault',
    lead: 'A sealed folder on this computer. Your keys and the trail of their use live in it and nowhere else.',
  },
  {
    title: 'Keep the recovery code',
    lead: 'It opens the vault when the passphrase is forgotten and the keychain is gone. It is shown this once.',
  },
  {
    title: 'Make your first key',
    lead: 'A key encrypts and decrypts. It never leaves the vault; files and programs use it by its name.',
  },
] as const;

/** From nothing to a vault with a key, in three steps. */
export function FirstRun({ status }: { status: VaultStatus }) {
  const code = useFirstRun((flow) => flow.code);
  const [confirmed, setConfirmed] = useState(false);
  const [other, setOther] = useState<'restore' | 'choose' | null>(null);
  useEffect(() => {
    document.title = 'Coffer';
  }, []);
  const step = status.state !== 'open' || code === null ? 0 : confirmed ? 2 : 1;

  if (step === 0 && other === 'restore')
    return (
      <Stage title="Restore a backup" lead="A backup becomes a vault in a new folder. Nothing that exists is touched.">
        <RestoreForm onBack={() => setOther(null)} />
      </Stage>
    );
  if (step === 0 && other === 'choose')
    return (
      <Stage title="Open another vault folder" lead="A folder that holds a vault, on this disk or another.">
        <ChooseForm onBack={() => setOther(null)} />
      </Stage>
    );
  return (
    <Stage
      wide
      title={heads[step].title}
      lead={heads[step].lead}
      footer={
        step === 0 ? (
          <>
            <Anchor component="button" type="button" onClick={() => setOther('restore')}>
              Restore a backup
            </Anchor>
            <Anchor component="button" type="button" onClick={() => setOther('choose')}>
              Open another vault folder
            </Anchor>
          </>
        ) : undefined
      }
    >
      <Stepper active={step} size="xs" iconSize={26} mb="lg" allowNextStepsSelect={false} aria-label="Steps">
        <Stepper.Step label="Vault" />
        <Stepper.Step label="Recovery code" />
        <Stepper.Step label="First key" />
      </Stepper>
      {status.state !== 'open' || code === null ? (
        <>
          {status.state === 'none' && status.remembered ? <NotThere path={status.path} /> : null}
          <VaultStep path={status.path} keychain={status.state === 'open' ? { available: false } : status.keychain} />
        </>
      ) : confirmed ? (
        <KeyStep onDone={endFirstRun} />
      ) : (
        <CodeStep code={code} vaultName={status.name} vaultPath={status.path} onConfirmed={() => setConfirmed(true)} />
      )}
    </Stage>
  );
}
