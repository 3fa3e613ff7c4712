import { Button, Group, Text, Title } from '@mantine/core';
import { IconDeviceFloppy, IconPrinter } from '@tabler/icons-react';
import { invoke } from '../lib/api.ts';
import { notifyAside, notifyError } from '../lib/notify.tsx';
import classes from './recovery-code.module.css';

interface Props {
  readonly code: string;
  readonly vaultName: string;
  readonly vaultPath: string;
}

/** The main process writes the file: it still holds the code that is shown. */
async function save(): Promise<void> {
  try {
    const { paths } = await invoke('app.pick', { kind: 'folder', title: 'Where should the recovery code be saved?' });
    const [folder] = paths;
    if (folder === undefined) return;
    const { path } = await invoke('vault.saveRecovery', { folder });
    notifyAside(path, 'The recovery code was saved');
  } catch (error) {
    notifyError(error);
  }
}

/** A recovery code in its groups, to be printed or saved. */
export function RecoveryCode(props: Props) {
  const groups = props.code.split('-');
  return (
    <>
      <div className="coffer-print">
        <div className="coffer-print-only">
          <Title order={1}>Coffer recovery code</Title>
          <Text>
            Vault “{props.vaultName}” in {props.vaultPath}
          </Text>
        </div>
        <ol className={classes.groups} aria-label="Recovery code">
          {groups.map((group, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a group is its place in the code
            <li key={index} className={classes.group}>
              <span className={classes.number} aria-hidden>
                {index + 1}
              </span>
              <code className={classes.text}>{group}</code>
            </li>
          ))}
        </ol>
        <div className="coffer-print-only">
          <Text>Whoever has this code and a copy of the vault can open it. Keep it away from the computer.</Text>
        </div>
      </div>
      <Group gap="xs">
        <Button variant="default" leftSection={<IconPrinter size={16} aria-hidden />} onClick={() => window.print()}>
          Print
        </Button>
        <Button variant="default" leftSection={<IconDeviceFloppy size={16} aria-hidden />} onClick={() => void save()}>
          Save to a file
        </Button>
      </Group>
    </>
  );
}
