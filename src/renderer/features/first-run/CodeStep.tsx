import { Button, Group, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ConfirmRecovery } from '../../components/ConfirmRecovery.tsx';
import { RecoveryCode } from '../../components/RecoveryCode.tsx';

interface Props {
  readonly code: string;
  readonly vaultName: string;
  readonly vaultPath: string;
  readonly onConfirmed: () => void;
}

/** Shows the recovery code, then asks for three of its groups. */
export function CodeStep({ code, vaultName, vaultPath, onConfirmed }: Props) {
  const [asking, setAsking] = useState(false);
  if (asking)
    return (
      <ConfirmRecovery
        groupCount={code.split('-').length}
        onConfirmed={onConfirmed}
        back={
          <Button variant="default" onClick={() => setAsking(false)}>
            Show the code again
          </Button>
        }
      />
    );
  return (
    <Stack>
      <RecoveryCode code={code} vaultName={vaultName} vaultPath={vaultPath} />
      <Text size="sm" c="dimmed">
        Keep it on paper or in another safe place, not beside the vault. Next, you type three of its groups back.
      </Text>
      <Group justify="flex-end">
        <Button onClick={() => setAsking(true)}>I have it</Button>
      </Group>
    </Stack>
  );
}
