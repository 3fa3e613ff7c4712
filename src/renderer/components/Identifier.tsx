import { Tooltip, UnstyledButton } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { copyText } from '../lib/clipboard.ts';
import { shorten } from '../lib/format.ts';
import classes from './identifier.module.css';

interface Props {
  readonly value: string;
  /** What is shown in its place. */
  readonly label?: string;
  /** How many characters stay at each end. */
  readonly keep?: number;
  /** Shows all of it, over several lines where it must be. */
  readonly whole?: boolean;
  /** For a row of a long list, where a tooltip costs too much. */
  readonly plain?: boolean;
}

/** An id, ARN or hash: monospaced, shortened in the middle to `keep` characters at each end, copied with one click. */
export function Identifier({ value, label, keep = 10, whole = false, plain = false }: Props) {
  const [copy, setCopy] = useState<{ readonly of: string; readonly outcome: 'copied' | 'refused' }>();
  useEffect(() => {
    if (!copy) return;
    const timer = setTimeout(() => setCopy(undefined), 1600);
    return () => clearTimeout(timer);
  }, [copy]);
  // A row of a long list may show another value by now.
  const outcome = copy?.of === value ? copy.outcome : undefined;
  const says =
    outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'The clipboard cannot be written' : `Copy ${value}`;
  const button = (
    <button
      type="button"
      className={`mantine-focus-auto ${UnstyledButton.classes.root} ${classes.root}`}
      {...(plain ? { title: says } : {})}
      aria-label={outcome === 'copied' ? 'Copied' : `Copy ${value}`}
      onClick={(event) => {
        event.stopPropagation();
        void copyText(value).then((copied) => setCopy({ of: value, outcome: copied ? 'copied' : 'refused' }));
      }}
    >
      <span className={classes.text} data-whole={whole || undefined}>
        {label ?? (whole ? value : shorten(value, keep))}
      </span>
      {outcome === 'copied' ? (
        <IconCheck className={classes.icon} size={14} aria-hidden />
      ) : (
        <IconCopy className={classes.icon} size={14} aria-hidden />
      )}
    </button>
  );
  return plain ? (
    button
  ) : (
    <Tooltip label={says} openDelay={400} multiline maw={480} {...(outcome ? { opened: true } : {})}>
      {button}
    </Tooltip>
  );
}
