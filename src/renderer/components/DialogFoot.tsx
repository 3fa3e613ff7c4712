import { Group } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './dialog-foot.module.css';

/** The foot of a dialog: its buttons, and on the other side what else there is to do, as the call as a command. */
export function DialogFoot({ aside, children }: { aside?: ReactNode; children: ReactNode }) {
  return (
    <Group justify={aside ? 'space-between' : 'flex-end'} className={classes.foot}>
      {aside}
      <Group gap="xs">{children}</Group>
    </Group>
  );
}
