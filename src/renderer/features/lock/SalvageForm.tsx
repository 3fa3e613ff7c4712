import { Button, Group, PasswordInput, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { CallOutput } from '../../../shared/contract/index.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { PathField } from '../../components/PathField.tsx';
import { VaultProgress } from '../../components/VaultProgress.tsx';
import { invoke } from '../../lib/api.ts';
import { codeOf } from '../../lib/errors.ts';
import { plural } from '../../lib/format.ts';
import { inNewFolder } from '../../lib/paths.ts';
import { unlessCancelled } from '../../lib/progress.ts';
import type { LockedStatus } from '../../lib/session.ts';
import { useAction } from '../../lib/use-call.ts';
import { showLockView } from './lock-vault.ts';

type Kind = 'passphrase' | 'recovery';
const words: Readonly<Record<Kind, string>> = {
  passphrase: 'Passphrase',
  recovery: 'Recovery code',
};

/** Copies what is whole of a damaged vault into a new folder. */
export function SalvageForm({ status, onBack }: { status: LockedStatus; onBack: () => void }) {
  const kinds = (['passphrase', 'recovery'] as const).filter((kind) => status.slots.some((slot) => slot.kind === kind));
  const [kind, setKind] = useState<Kind>(kinds[0] ?? 'passphrase');
  const [secret, setSecret] = useState('');
  const [path, setPath] = useState('');
  const [outcome, setOutcome] = useState<CallOutput<'vault.salvage'>>();
  const salvage = useAction(async () => {
    const salvaged = await unlessCancelled(invoke('vault.salvage', { unlock: { kind, secret }, path }));
    if (!salvaged) return;
    setOutcome(salvaged);
    setSecret('');
  });
  const wrong = ['WrongPassphrase', 'WrongRecoveryCode', 'RecoveryCodeTypo'].includes(codeOf(salvage.error));
  if (outcome)
    return (
      <Stack role="status">
        <Text>
          {plural(outcome.recoveredRecords, 'record was', 'records were')} recovered into the new folder, which is now
          the chosen vault.
        </Text>
        {outcome.lost ? <Text>What came after the damage is lost: {outcome.lost}.</Text> : null}
        <Group justify="flex-end">
          <Button onClick={() => showLockView('unlock')}>Go on to unlock it</Button>
        </Group>
      </Stack>
    );
  const complete = path !== '' && secret !== '';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) void salvage.run();
      }}
    >
      <Stack>
        {kinds.length > 1 ? (
          <SegmentedControl
            aria-label="Way in"
            data={kinds.map((value) => ({ value, label: words[value] }))}
            value={kind}
            onChange={(value) => {
              setKind(value as Kind);
              setSecret('');
            }}
          />
        ) : null}
        <PasswordInput
          label={words[kind]}
          value={secret}
          error={wrong ? salvage.error?.message : undefined}
          autoComplete="off"
          onChange={(event) => {
            setSecret(event.currentTarget.value);
            salvage.clear();
          }}
        />
        <PathField
          label="New folder"
          description="A new or empty folder"
          value={path}
          onChange={setPath}
          pick="folder"
          pickTitle="Where should the salvaged vault live?"
          fromPicked={(picked) => inNewFolder(picked, 'coffer-vault')}
        />
        {salvage.error && !wrong ? <ErrorNotice error={salvage.error} /> : null}
        {salvage.busy ? <VaultProgress job="salvage" /> : null}
        <Group justify="space-between">
          <Button variant="default" onClick={onBack} disabled={salvage.busy}>
            Back
          </Button>
          <Button type="submit" disabled={!complete} loading={salvage.busy}>
            Salvage
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
