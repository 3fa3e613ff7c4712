import { Group, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './page-header.module.css';

interface Props {
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly actions?: ReactNode;
  /** Below the title: facts, tabs. */
  readonly children?: ReactNode;
}

/** The head of a screen: its name, what it is for, and what can be done with the whole of it. */
export function PageHeader({ title, description, actions, children }: Props) {
  return (
    <header className={classes.root}>
      <Group justify="space-between" align="flex-start" gap="md">
        <div className={classes.words}>
          <Title order={1} size="h2" className={classes.title} {...(typeof title === 'string' ? { title } : {})}>
            {title}
          </Title>
          {description ? (
            <Text c="dimmed" component="div">
              {description}
            </Text>
          ) : null}
        </div>
        {actions ? <Group gap="xs">{actions}</Group> : null}
      </Group>
      {children}
    </header>
  );
}
