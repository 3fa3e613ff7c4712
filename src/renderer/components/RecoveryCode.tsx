import { Button, Group, Text, Title } from '@mantine/core';
import { IconDeviceFloppy, IconPrinter } from '@tabler/icons-react';
import { formatDateTime } from '../lib/format.ts';
import classes from './recovery-code.module.css';

interface Props {
  readonly code: string;
  readonly vaultName: string;
  readonly vaultPath: string;
}

function asText({ code, vaultName, vaultPath }: Props): string {
  return [
    'Coffer recovery code',
    '',
    `Vault:  ${vaultName}`,
    `Folder: ${vaultPath}`,
    `Made:   ${formatDateTime(Date.now())}`,
    '',
    code,
    '',
    'Whoever has this code and a copy of the vault can open it. Keep it away from the computer.',
    '',
  ].join('\n');
}

/** Hands the text to the shell as a download, which asks where to put it. */
function save(text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = 'coffer-recovery-code.txt';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
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
        <Button
          variant="default"
          leftSection={<IconDeviceFloppy size={16} aria-hidden />}
          onClick={() => save(asText(props))}
        >
          Save to a file
        </Button>
      </Group>
    </>
  );
}
