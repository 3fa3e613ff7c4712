import { Alert, Stack } from '@mantine/core';
import { IconFileAlert } from '@tabler/icons-react';
import { useMemo } from 'react';
import { LazyPolicyText } from './LazyPolicyText.tsx';
import type { Highlight } from './PolicyEditor.tsx';
import classes from './policy.module.css';
import { statementSpan, statementsOf } from './policy-text.ts';
import { StatementView } from './StatementView.tsx';
import type { SentenceFacts } from './sentence.ts';

interface Props {
  readonly label: string;
  readonly text: string;
  readonly facts: SentenceFacts;
  readonly highlight?: Highlight | undefined;
}

/** A policy to read: what each statement says in words, and the text. */
export function PolicyView({ label, text, facts, highlight }: Props) {
  const { statements, problem } = useMemo(() => statementsOf(text), [text]);
  const litIndex = highlight?.index;
  const lit = useMemo(() => (litIndex === undefined ? null : statementSpan(text, litIndex)), [text, litIndex]);
  return (
    <div className={`${classes.frame} ${classes.reading}`}>
      {statements ? (
        <Stack component="ul" gap="sm" m={0} p={0} className={classes.list ?? ''} aria-label="Statements">
          {statements.map((statement, index) => (
            <StatementView
              // biome-ignore lint/suspicious/noArrayIndexKey: a statement is its place in the policy
              key={index}
              statement={statement}
              index={index}
              facts={facts}
              lit={index === litIndex}
            />
          ))}
        </Stack>
      ) : (
        <Alert color="yellow" variant="light" icon={<IconFileAlert size={18} aria-hidden />} title="No words for this">
          {problem}
        </Alert>
      )}
      <LazyPolicyText label={label} text={text} lit={lit} />
    </div>
  );
}
