import { Button, Group, Stack, Text } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useState } from 'react';
import { CopyBlock } from '../../../components/ShowAs.tsx';

interface Props {
  readonly label: string;
  readonly text: string;
  /** Why it is hidden. */
  readonly why?: string;
}

/** A secret that is only on the screen when asked for. Give it the call's result as `key`, so that the next one is hidden again. */
export function HiddenSecret({ label, text, why = 'Hidden. Whoever reads it opens what it encrypts.' }: Props) {
  const [shown, setShown] = useState(false);
  return (
    <Stack gap={4}>
      <Group justify="space-between">
        <Text fw={500}>{label}</Text>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={shown ? <IconEyeOff size={14} aria-hidden /> : <IconEye size={14} aria-hidden />}
          onClick={() => setShown(!shown)}
        >
          {shown ? 'Hide' : 'Show'}
        </Button>
      </Group>
      {shown ? <CopyBlock text={text} label={label} /> : <Text c="dimmed">{why}</Text>}
    </Stack>
  );
}
