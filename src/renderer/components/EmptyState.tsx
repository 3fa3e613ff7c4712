import { Stack, Text, Title } from '@mantine/core';
import type { IconProps } from '@tabler/icons-react';
import type { ComponentType, ReactNode } from 'react';
import classes from './empty-state.module.css';

interface Props {
  /** A Tabler icon, or any element. */
  readonly icon: ComponentType<IconProps> | ReactNode;
  readonly title: string;
  /** What the thing is for, in a sentence or two. */
  readonly children: ReactNode;
  /** The button that makes the first one. */
  readonly action?: ReactNode;
  /** There is nothing else on the screen: its title is the screen's. */
  readonly alone?: boolean;
}

const isComponent = (icon: Props['icon']): icon is ComponentType<IconProps> =>
  typeof icon === 'function' || (typeof icon === 'object' && icon !== null && 'render' in icon);

/** An empty screen that says what it is for. */
export function EmptyState({ icon, title, children, action, alone = false }: Props) {
  const Icon = isComponent(icon) ? icon : null;
  return (
    <Stack align="center" gap="xs" className={classes.root}>
      <div className={classes.icon}>{Icon ? <Icon size={30} stroke={1.5} aria-hidden /> : (icon as ReactNode)}</div>
      <Title order={alone ? 1 : 2} size="h4" ta="center">
        {title}
      </Title>
      <Text c="dimmed" ta="center" component="div" className={classes.text}>
        {children}
      </Text>
      {action ? <div className={classes.action}>{action}</div> : null}
    </Stack>
  );
}
