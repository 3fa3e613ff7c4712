import { Alert, Button, Text } from '@mantine/core';
import { IconFolderQuestion } from '@tabler/icons-react';
import { refreshSession } from '../../lib/session.ts';

/** That the vault which was opened last is not where it was: whoever forgot to plug its disk in must not take a new one for it. */
export function NotThere({ path }: { path: string }) {
  return (
    <Alert
      mb="md"
      color="yellow"
      icon={<IconFolderQuestion size={18} aria-hidden />}
      title="There is no vault in the folder that was opened last"
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        Coffer looked in {path}. If that is on a disk or share that is not connected, connect it and look again. A vault
        that you make now has none of the keys of the one that was there.
      </Text>
      <Button mt="sm" size="compact-sm" variant="default" onClick={() => void refreshSession()}>
        Look again
      </Button>
    </Alert>
  );
}
