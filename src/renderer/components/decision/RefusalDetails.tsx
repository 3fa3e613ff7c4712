import { Anchor, Button, Text } from '@mantine/core';
import { IconChevronDown, IconChevronRight, IconDeviceMobileCode } from '@tabler/icons-react';
import { useId, useState } from 'react';
import type { Refusal } from '../../lib/decisions.ts';
import { useMfaPrompt } from '../../lib/mfa.ts';
import { simulatorPathOf } from '../../lib/question.ts';
import classes from './decision.module.css';
import { Explanation } from './Explanation.tsx';

interface Props {
  readonly refusal: Refusal;
  /** Makes the call again. */
  readonly onRetry?: (() => void) | undefined;
  /** Where there is little room, what is long scrolls. */
  readonly bounded?: boolean;
}

/** What can be said of a refused call: why, behind a button, and whether a second factor would help. */
export function RefusalDetails({ refusal, onRetry, bounded = false }: Props) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const simulator = simulatorPathOf(refusal);
  const Chevron = open ? IconChevronDown : IconChevronRight;
  return (
    <>
      {refusal.mfaHelps ? <MfaHelps onRetry={onRetry} /> : null}
      <div className={classes.actions}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Chevron size={14} aria-hidden />}
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          Why?
        </Button>
        {simulator ? (
          <Anchor size="sm" href={`#${simulator}`}>
            Open in the simulator
          </Anchor>
        ) : null}
      </div>
      <div id={id} hidden={!open} className={classes.why} data-bounded={bounded || undefined}>
        {open ? <Explanation decision={refusal.decision} /> : null}
      </div>
    </>
  );
}

function MfaHelps({ onRetry }: Pick<Props, 'onRetry'>) {
  const prompt = useMfaPrompt();
  const [proven, setProven] = useState(false);
  async function enter(): Promise<void> {
    if (!(await prompt?.())) return;
    setProven(true);
    onRetry?.();
  }
  if (proven) return <Text mt="xs">The second factor is proven: do it once more.</Text>;
  return (
    <div className={classes.actions}>
      <Text span>A second factor would allow this.</Text>
      {prompt ? (
        <Button
          size="compact-sm"
          leftSection={<IconDeviceMobileCode size={14} aria-hidden />}
          onClick={() => void enter()}
        >
          Enter a code
        </Button>
      ) : null}
    </div>
  );
}
