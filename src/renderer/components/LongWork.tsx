import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';

interface Props {
  /** What is done. */
  readonly title: string;
  /** How much of it, from 0 to 1. */
  readonly share: number;
  /** How far it is, in words; as a percentage unless given. */
  readonly words?: string;
  /** Ends it; what is done whole cannot be ended any more. */
  readonly onCancel: () => void;
}

/** Work that somebody waits for: how far it is, and the way to end it. */
export function LongWork({ title, share, words = `${Math.floor(100 * share)} %`, onCancel }: Props) {
  const [ending, setEnding] = useState(false);
  return (
    <Stack gap={6} role="group" aria-label={title}>
      <Progress value={100 * share} aria-label={`Progress: ${title}`} animated />
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" c="dimmed">
          {title}: {words}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          disabled={share >= 1}
          loading={ending}
          aria-label={`Cancel: ${title}`}
          onClick={() => {
            setEnding(true);
            onCancel();
          }}
        >
          Cancel
        </Button>
      </Group>
    </Stack>
  );
}
