import { Stack, Switch, Text } from '@mantine/core';
import { useState } from 'react';
import type { CallOutput } from '../../../shared/contract/index.ts';
import { Section } from '../../components/Section.tsx';
import { invoke } from '../../lib/api.ts';
import { notifyError } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';
import { useLoad } from '../../lib/use-call.ts';

type Choice = NonNullable<CallOutput<'app.preferences'>['notices']>;

/** As the main process has it while nobody chose. */
const usual: Choice = { on: true, names: false };

/** Notifications of the desktop, and what may be in them. */
export function Notices() {
  const possible = useSession((session) => session.info?.notices ?? false);
  const loaded = useLoad('preferences', () => invoke('app.preferences', {}));
  /** What was chosen here: the next choice goes on from it, whether or not it is saved by then. */
  const [chosen, setChosen] = useState<Choice>();
  const choice = chosen ?? loaded.data?.notices ?? usual;
  const save = (changes: Partial<Choice>) => {
    const notices = { ...choice, ...changes };
    setChosen(notices);
    invoke('app.setPreferences', { notices }).catch((error: unknown) => {
      setChosen(undefined);
      notifyError(error);
    });
  };
  return (
    <Section
      title="Desktop notifications"
      lead="When long jobs end while you are elsewhere, and before keys rotate, lose their material or are deleted. Only while the vault is open: what is in it is not known otherwise."
    >
      {possible ? (
        <Stack>
          <Switch
            label="Show notifications"
            checked={choice.on}
            onChange={(event) => save({ on: event.currentTarget.checked })}
          />
          <Switch
            label="With names of keys and files"
            description="Desktops show notifications to whoever passes, some on a locked screen. Without names they say only how many."
            checked={choice.names}
            disabled={!choice.on}
            onChange={(event) => save({ names: event.currentTarget.checked })}
          />
        </Stack>
      ) : (
        <Text c="dimmed">
          This window is one of an installed browser, which shows none for Coffer. What is coming is on the Keys screen,
          too.
        </Text>
      )}
    </Section>
  );
}
