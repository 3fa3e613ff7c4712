import { Text } from '@mantine/core';
import { useEffect, useMemo, useRef } from 'react';
import type { Decision } from '../../../../shared/iam/decision.ts';
import { policyBlocks } from './policy-lines.ts';
import classes from './simulator.module.css';

interface Lit {
  readonly index: number;
  readonly says: string;
}

/** The statement of the key's policy that had a say. */
function litBy({ statement, delegatedBy }: Decision): Lit | null {
  if (statement?.type === 'resource') return { index: statement.index, says: 'it decided' };
  return delegatedBy ? { index: delegatedBy.index, says: 'it leaves the decision to the account' } : null;
}

/** A key's policy to read, the statement that had a say lit up. */
export function PolicyText({ policy, decision }: { policy: string; decision: Decision | undefined }) {
  const blocks = useMemo(() => policyBlocks(policy), [policy]);
  const lit = decision ? litBy(decision) : null;
  const scroller = useRef<HTMLElement>(null);
  const index = lit?.index;
  useEffect(() => {
    const box = scroller.current;
    const target = box?.querySelector<HTMLElement>('[data-lit]');
    if (box && target && index !== undefined) box.scrollTop = target.offsetTop - box.clientHeight / 4;
  }, [index]);
  return (
    <div>
      <div className={classes.caption}>
        <Text fw={600}>Key policy</Text>
        {decision ? (
          <Text size="xs" c="dimmed">
            {lit ? `Statement ${lit.index + 1} is lit up: ${lit.says}.` : 'None of its statements had a say.'}
          </Text>
        ) : null}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section ref={scroller} className={classes.code} tabIndex={0} aria-label="Key policy">
        {blocks.map(({ start, statement, text }) =>
          lit && statement === lit.index ? (
            <mark key={start} className={classes.lines} data-lit>
              {text}
            </mark>
          ) : (
            <span key={start} className={classes.lines}>
              {text}
            </span>
          ),
        )}
      </section>
    </div>
  );
}
