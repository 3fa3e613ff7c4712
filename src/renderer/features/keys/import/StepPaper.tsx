import { Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  readonly lead: ReactNode;
  /** At the head's right side. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** One step of the import, with its name and what it is for. */
export function StepPaper({ title, lead, aside, children }: Props) {
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <div>
            <Title order={3} size="h4">
              {title}
            </Title>
            <Text c="dimmed" maw="44rem">
              {lead}
            </Text>
          </div>
          {aside ? <div style={{ flexShrink: 0 }}>{aside}</div> : null}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
