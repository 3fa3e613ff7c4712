import { Badge } from '@mantine/core';
import type { CSSProperties, ReactNode } from 'react';

interface Props {
  readonly color: string;
  readonly icon: ReactNode;
  readonly children: string;
  readonly small?: boolean;
  readonly className?: string | undefined;
}

/** Mantine's own look of a light badge; React compares a style that is the same object not at all. */
const looks = new Map<string, CSSProperties>();

function lookOf(color: string, small: boolean): CSSProperties {
  const name = `${color} ${small}`;
  let look = looks.get(name);
  if (!look) {
    look = {
      '--badge-radius': 'var(--mantine-radius-xl)',
      '--badge-bg': `var(--mantine-color-${color}-light)`,
      '--badge-color': `var(--mantine-color-${color}-light-color)`,
      '--badge-bd': 'calc(0.0625rem * var(--mantine-scale)) solid transparent',
      ...(small
        ? {
            '--badge-height': 'var(--badge-height-sm)',
            '--badge-padding-x': 'var(--badge-padding-x-sm)',
            '--badge-fz': 'var(--badge-fz-sm)',
          }
        : {}),
      fontWeight: 550,
      textTransform: 'none',
    } as CSSProperties;
    looks.set(name, look);
  }
  return look;
}

/** A badge for a row of a long list: what Mantine's looks like, without the time it takes to make some hundred of them a second. */
export function RowBadge({ color, icon, children, small = false, className }: Props) {
  const { root, section, label } = Badge.classes;
  return (
    <div
      className={className === undefined ? root : `${root} ${className}`}
      data-variant="light"
      data-with-left-section
      style={lookOf(color, small)}
    >
      <span className={section} data-position="left">
        {icon}
      </span>
      <span className={label}>{children}</span>
    </div>
  );
}
