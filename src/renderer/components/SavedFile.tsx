import { Alert, Button, Stack, Text } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { invoke } from '../lib/api.ts';
import { notifyError } from '../lib/notify.tsx';

/** Says where files were written, and shows the first of them in the file manager. */
export function SavedFile({
  title,
  paths,
  children,
}: {
  title: string;
  paths: readonly string[];
  children?: ReactNode;
}) {
  const [first] = paths;
  return (
    <Alert role="status" color="green" icon={<IconCheck size={18} aria-hidden />} title={title}>
      <Stack gap={6} align="flex-start">
        {paths.map((path) => (
          <Text key={path} style={{ overflowWrap: 'anywhere' }}>
            {path}
          </Text>
        ))}
        {children}
        {first ? (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void invoke('app.reveal', { path: first }).catch(notifyError)}
          >
            Show in the file manager
          </Button>
        ) : null}
      </Stack>
    </Alert>
  );
}
