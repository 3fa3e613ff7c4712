import { Button, Group, Paper, SimpleGrid, Stack, Text, Textarea, Title } from '@mantine/core';
import type { FormEvent, ReactNode } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { formatNumber } from '../../lib/format.ts';
import type { Action } from '../../lib/use-call.ts';
import type { KeyDetail } from './model.ts';
import { fromBase64 } from './text.ts';

/** The key a panel works with. */
export interface PanelProps {
  readonly detail: KeyDetail;
  readonly region: string;
}

interface PanelFrameProps {
  readonly title: string;
  /** The words on the button. */
  readonly verb: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly region: string;
  readonly ready: boolean;
  readonly action: Action<[], unknown>;
  /** What goes in. */
  readonly children: ReactNode;
  /** What came out; absent before the first answer. */
  readonly result?: ReactNode;
  /** What stands where the result will be. */
  readonly waiting: string;
}

/** One operation: what goes in on the left, what came out on the right. */
export function PanelFrame({
  title,
  verb,
  operation,
  input,
  region,
  ready,
  action,
  children,
  result,
  waiting,
}: PanelFrameProps) {
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (ready) void action.run();
  }
  return (
    <Paper withBorder p="md" component="section" aria-label={title}>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="xl">
        <form onSubmit={onSubmit} aria-label={title}>
          <Stack gap="sm">
            {children}
            <Group justify="space-between">
              <Button type="submit" loading={action.busy} disabled={!ready}>
                {verb}
              </Button>
              <ShowAs operation={operation} input={input} region={region} />
            </Group>
          </Stack>
        </form>
        <Stack gap="sm" role="region" aria-label={`${title}: result`} aria-live="polite">
          <Title order={2} size="h4">
            Result
          </Title>
          {action.error ? <ErrorNotice error={action.error} /> : (result ?? <Text c="dimmed">{waiting}</Text>)}
        </Stack>
      </SimpleGrid>
    </Paper>
  );
}

/** A field for base64 bytes, with their number. Answers through `problemOf` whether they will do. */
export function Base64Field({
  label,
  value,
  onChange,
  max,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  max: number;
}) {
  const bytes = fromBase64(value);
  const problem = base64Problem(value, max);
  return (
    <Textarea
      label={label}
      description={
        value === '' || bytes === null
          ? `Base64, at most ${formatNumber(max)} bytes`
          : `${formatNumber(bytes.length)} of ${formatNumber(max)} bytes`
      }
      value={value}
      error={problem}
      onChange={(event) => onChange(event.currentTarget.value)}
      autosize
      minRows={4}
      maxRows={12}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  );
}

/** Why `value` cannot be sent, or `null`; nothing typed is no problem yet. */
export function base64Problem(value: string, max: number): string | null {
  if (value.trim() === '') return null;
  const bytes = fromBase64(value);
  if (bytes === null) return 'This is not base64.';
  return bytes.length > max ? `At most ${formatNumber(max)} bytes.` : null;
}
