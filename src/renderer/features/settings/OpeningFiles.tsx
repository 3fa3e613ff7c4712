import { Switch, Text } from '@mantine/core';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Section } from '../../components/Section.tsx';
import { invoke } from '../../lib/api.ts';
import { useAction, useLoad } from '../../lib/use-call.ts';

/** Whether a double click on an encrypted file opens it here. */
export function OpeningFiles() {
  const { data, error, reload } = useLoad('file type', () => invoke('app.fileType', {}));
  const choice = useAction(async (on: boolean) => {
    await invoke('app.setFileType', { on }).finally(reload);
  });
  const failure = choice.error ?? error;
  return (
    <Section
      title="Encrypted files"
      lead="A double click on a file whose name ends in .encrypted brings it into this window, where you see what will happen before it does."
    >
      {data?.possible === false ? (
        <Text c="dimmed">
          Only where Coffer runs in Electron on a Linux desktop. Drop the files on the window, or name them when you
          start it.
        </Text>
      ) : (
        <Switch
          label="Open encrypted files with Coffer"
          description="Writes a file type and a desktop entry into your own data folder; switched off, they are removed."
          checked={data?.on ?? false}
          disabled={data === undefined || choice.busy}
          onChange={(event) => void choice.run(event.currentTarget.checked)}
        />
      )}
      {failure ? <ErrorNotice error={failure} /> : null}
    </Section>
  );
}
