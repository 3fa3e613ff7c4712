import { Button, Group, Select, Skeleton, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CallInput, CallOutput } from '../../../shared/contract/index.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Section } from '../../components/Section.tsx';
import { invoke } from '../../lib/api.ts';
import { notifyError, notifySuccess } from '../../lib/notify.tsx';
import { useLoad } from '../../lib/use-call.ts';

type Settings = CallOutput<'vault.settings'>;

const minutes = [1, 5, 10, 15, 30, 60, 240];
const inWords = (value: number) =>
  value === 0 ? 'Never' : value < 60 ? `After ${value} min` : `After ${value / 60} h`;

/** The vault's name, and when it locks by itself. */
export function Locking() {
  const loaded = useLoad('settings', () => invoke('vault.settings', {}), ['vault.changed']);
  if (loaded.error) return <ErrorNotice error={loaded.error} onRetry={loaded.reload} />;
  if (!loaded.data) return <Skeleton height={260} />;
  return <LockingForm key={loaded.data.name} settings={loaded.data} onSaved={loaded.reload} />;
}

function LockingForm({ settings, onSaved }: { settings: Settings; onSaved: () => void }) {
  const [name, setName] = useState(settings.name);
  const save = async (changes: CallInput<'vault.setSettings'>) => {
    try {
      await invoke('vault.setSettings', changes);
      onSaved();
      return true;
    } catch (error) {
      notifyError(error);
      return false;
    }
  };
  const choices = [...new Set([...minutes, settings.autoLockMinutes])].filter((value) => value > 0);
  choices.sort((a, b) => a - b);
  return (
    <>
      <Section title="Name">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void save({ name: name.trim() }).then((saved) => saved && notifySuccess('The vault has its new name.'));
          }}
        >
          <Group align="flex-end" gap="xs">
            <TextInput
              label="Name of the vault"
              flex="1 1 14rem"
              maw="24rem"
              maxLength={100}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" disabled={name.trim() === '' || name.trim() === settings.name}>
              Rename
            </Button>
          </Group>
        </form>
      </Section>
      <Section
        title="Locking"
        lead="A locked vault holds no keys in memory. Running file jobs count as use; the vault waits for them. It always locks when the window is closed."
      >
        <Stack>
          <Select
            label="Lock when nobody uses it"
            maw="16rem"
            allowDeselect={false}
            data={[...choices, 0].map((value) => ({ value: String(value), label: inWords(value) }))}
            value={String(settings.autoLockMinutes)}
            onChange={(value) => value !== null && void save({ autoLockMinutes: Number(value) })}
          />
          <Switch
            label="Lock when the computer sleeps or its screen is locked"
            checked={settings.lockOnSuspend}
            onChange={(event) => void save({ lockOnSuspend: event.currentTarget.checked })}
          />
        </Stack>
      </Section>
    </>
  );
}
