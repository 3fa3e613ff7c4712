import { Stack, Switch, Text } from '@mantine/core';
import type { CallOutput } from '../../../shared/contract/index.ts';
import { Section } from '../../components/Section.tsx';
import { invoke } from '../../lib/api.ts';
import { notifyError } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';
import { useLoad } from '../../lib/use-call.ts';

type Choice = NonNullable<CallOutput<'app.preferences'>['notices']>;

/** As the main process has it while nobody chose. */
const usual: Choice = { on: true, names: false };

/** Notices of the desktop, and what may be in them. */
export function Notices() {
  const possible = useSession((session) => session.info?.notices ?? false);
  const loaded = useLoad('preferences', () => invoke('app.preferences', {}));
  const choice = loaded.data?.notices ?? usual;
  const save = (changes: Partial<Choice>) => {
    invoke('app.setPreferences', { notices: { ...choice, ...changes } })
      .then(loaded.reload)
      .catch(notifyError);
  };
  return (
    <Section
      title="Notices of the desktop"
      lead="When long jobs end while you are elsewhere, and before keys rotate, lose their material or are deleted. Only while the vault is open: what is in it is not known otherwise."
    >
      {possible ? (
        <Stack>
          <Switch
            label="Give notices"
            checked={choice.on}
            onChange={(event) => save({ on: event.currentTarget.checked })}
          />
          <Switch
            label="With names of keys and files"
            description="Desktops show notices to whoever passes, some on a locked screen. Without names they say only how many."
            checked={choice.names}
            disabled={!choice.on}
            onChange={(event) => save({ names: event.currentTarget.checked })}
          />
        </Stack>
      ) : (
        <Text c="dimmed">
          Not in this window, which an installed Chromium shows: what is coming stands on the Keys screen.
        </Text>
      )}
    </Section>
  );
}
