import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Logo } from './Logo.tsx';
import classes from './stage.module.css';

/** The window before a vault is open: one card in the middle, the mark above it. */
export function Stage({
  title,
  lead,
  children,
  footer,
  wide = false,
}: {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  wide?: boolean;
}) {
  return (
    <div className={classes.root}>
      <main className={classes.column} data-wide={wide || undefined}>
        <Logo size={28} />
        <section className={classes.card}>
          <Title order={1} size="h2" className={classes.title} title={title}>
            {title}
          </Title>
          {lead ? (
            <Text c="dimmed" component="div" mt={4}>
              {lead}
            </Text>
          ) : null}
          <div className={classes.body}>{children}</div>
        </section>
        {footer ? <footer className={classes.footer}>{footer}</footer> : null}
      </main>
    </div>
  );
}
