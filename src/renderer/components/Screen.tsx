import type { ReactNode } from 'react';
import classes from './screen.module.css';

/** The body of a screen. `wide` takes the whole width (tables); `fill` is as high as the window and scrolls inside. */
export function Screen({
  children,
  wide = false,
  fill = false,
}: {
  children: ReactNode;
  wide?: boolean;
  fill?: boolean;
}) {
  return (
    <div className={classes.scroll} data-fill={fill || undefined}>
      <div className={classes.body} data-wide={wide || undefined}>
        {children}
      </div>
    </div>
  );
}
