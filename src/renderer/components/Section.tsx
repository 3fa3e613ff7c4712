import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** A titled part of a page. */
export function Section({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <section style={{ marginBottom: '2rem' }}>
      <Title order={2} size="h4">
        {title}
      </Title>
      {lead ? (
        <Text c="dimmed" mt={2}>
          {lead}
        </Text>
      ) : null}
      <div style={{ marginTop: '0.85rem' }}>{children}</div>
    </section>
  );
}
