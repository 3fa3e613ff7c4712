import { Badge, Text } from '@mantine/core';
import { IconTarget } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef } from 'react';
import classes from './policy.module.css';
import type { Effect, Statement } from './statement.ts';

/** The frame of a statement; one that is lit up comes into sight. */
export function CardFrame({
  label,
  effect,
  lit,
  children,
}: {
  label: string;
  effect: Effect | null;
  lit: boolean;
  children: ReactNode;
}) {
  const card = useRef<HTMLLIElement>(null);
  useEffect(() => {
    if (lit) card.current?.scrollIntoView({ block: 'nearest' });
  }, [lit]);
  return (
    <li
      ref={card}
      className={classes.card}
      data-effect={effect ?? 'none'}
      aria-label={label}
      {...(lit ? { 'aria-current': true } : {})}
    >
      {lit ? (
        <Badge mb={6} size="sm" variant="light" color="brass" leftSection={<IconTarget size={12} aria-hidden />}>
          The statement you came for
        </Badge>
      ) : null}
      {children}
    </li>
  );
}

/** What no field and no words have, as it stands in the text. */
export function WholeJson({ value }: { value: Statement | unknown }) {
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return null;
  return (
    <>
      <Text size="xs" c="dimmed" mt="xs">
        Kept as it stands; to change it, edit the text:
      </Text>
      <pre className={classes.json}>{JSON.stringify(value, null, 2)}</pre>
    </>
  );
}
