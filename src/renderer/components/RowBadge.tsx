import type { CSSProperties, ReactNode } from 'react';
import classes from './row-parts.module.css';

interface Props {
  readonly color: string;
  readonly icon: ReactNode;
  readonly children: string;
  readonly small?: boolean;
  readonly className?: string | undefined;
}

/** React compares a style that is the same object not at all. */
const looks = new Map<string, CSSProperties>();

function lookOf(color: string): CSSProperties {
  let look = looks.get(color);
  if (!look) {
    look = { background: `var(--mantine-color-${color}-light)`, color: `var(--mantine-color-${color}-light-color)` };
    looks.set(color, look);
  }
  return look;
}

/** A badge for a row of a long list: what Mantine's light one looks like, without the time it takes to make some hundred a second. */
export function RowBadge({ color, icon, children, small = false, className }: Props) {
  return (
    <div
      className={className === undefined ? classes.badge : `${classes.badge} ${className}`}
      data-small={small || undefined}
      style={lookOf(color)}
    >
      <span className={classes.icon}>{icon}</span>
      <span className={classes.word}>{children}</span>
    </div>
  );
}
