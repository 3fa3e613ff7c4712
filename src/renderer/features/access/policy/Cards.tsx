import { Alert, Button, Stack } from '@mantine/core';
import { IconFileAlert, IconPlus } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { PolicyFinding } from '../../../../shared/contract/policies.ts';
import { withValueAt } from '../../../../shared/iam/policy-places.ts';
import { CardFrame, WholeJson } from './CardFrame.tsx';
import type { CompletionFacts } from './completion.ts';
import classes from './policy.module.css';
import { statementsOf, withStatements } from './policy-text.ts';
import { StatementCard } from './StatementCard.tsx';
import { isObject, newStatement } from './statement.ts';

interface Props {
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly facts: CompletionFacts;
  readonly findings: readonly PolicyFinding[];
  readonly onFix: (finding: PolicyFinding) => void;
  /** The statement that is lit up. */
  readonly litIndex: number | undefined;
}

/** The list with the entry at `index` given to a place `by` further. */
function moved<T>(list: readonly T[], index: number, by: number): T[] {
  const rest = list.filter((_, at) => at !== index);
  return [...rest.slice(0, index + by), list[index] as T, ...rest.slice(index + by)];
}

/** A policy's statements as cards: each changes its own part of the text. */
export function Cards({ text, onChange, facts, findings, onFix, litIndex }: Props) {
  const { statements, problem } = useMemo(() => statementsOf(text), [text]);
  if (!statements)
    return (
      <Alert color="yellow" variant="light" icon={<IconFileAlert size={18} aria-hidden />} title="No cards now">
        {problem} The cards are back as soon as the text is mended.
      </Alert>
    );
  const put = (next: readonly unknown[]) => onChange(withStatements(text, next));
  const first = facts.type === 'resource' ? newStatement : { ...newStatement, Principal: undefined };
  return (
    <Stack gap="sm">
      <Stack component="ul" gap="sm" m={0} p={0} className={classes.list ?? ''} aria-label="Statements">
        {statements.map((statement, index) =>
          isObject(statement) ? (
            <StatementCard
              // biome-ignore lint/suspicious/noArrayIndexKey: a statement is its place in the policy
              key={index}
              statement={statement}
              index={index}
              count={statements.length}
              facts={facts}
              findings={findings.filter((finding) => finding.statement === index)}
              onFix={onFix}
              lit={index === litIndex}
              deeds={{
                change: (next) => onChange(withValueAt(text, ['Statement', index], next) ?? text),
                duplicate: () => put([...statements.slice(0, index + 1), ...statements.slice(index)]),
                move: (by) => put(moved(statements, index, by)),
                remove: () => onChange(withValueAt(text, ['Statement', index], undefined) ?? text),
              }}
            />
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <CardFrame key={index} label={`Statement ${index + 1}`} effect={null} lit={index === litIndex}>
              <WholeJson value={statement} />
            </CardFrame>
          ),
        )}
      </Stack>
      <div>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => put([...statements, first])}
        >
          Add a statement
        </Button>
      </div>
    </Stack>
  );
}
