import { Alert, Button, Group, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { refreshSession } from '../../lib/session.ts';
import { showLockView } from './lock-vault.ts';

const titles: Readonly<Record<string, string>> = {
  VaultDamaged: 'The vault is damaged',
  VaultTooNew: 'A newer Coffer made this vault',
  VaultInUse: 'The vault is open elsewhere',
};

interface Props {
  readonly problem: { readonly code: string; readonly message: string };
  readonly canSalvage: boolean;
}

/** What was found when the vault was opened, and what can be done about it. */
export function Problem({ problem, canSalvage }: Props) {
  const damaged = problem.code === 'VaultDamaged';
  return (
    <Alert
      role="alert"
      mb="md"
      color="red"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      title={titles[problem.code] ?? 'The vault cannot be opened'}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {problem.message}
      </Text>
      <Text size="xs" mt={4} ff="monospace">
        {problem.code}
      </Text>
      <Group gap="xs" mt="sm">
        {damaged ? (
          <Button size="compact-sm" onClick={() => showLockView('restore')}>
            Restore a backup
          </Button>
        ) : null}
        {damaged && canSalvage ? (
          <Button size="compact-sm" variant="default" onClick={() => showLockView('salvage')}>
            Salvage what is whole
          </Button>
        ) : null}
        {canSalvage ? null : (
          <Button size="compact-sm" variant="default" onClick={() => void refreshSession()}>
            Look again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
