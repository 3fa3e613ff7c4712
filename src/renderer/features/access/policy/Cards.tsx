import { Alert, Button, Group, Stack } from '@mantine/core';
import { IconFileAlert, IconPlus } from '@tabler/icons-react';
import { type ReactNode, useCallback, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { PolicyFinding } from '../../../../shared/contract/policies.ts';
import type { JsonPath } from '../../../../shared/iam/json-tree.ts';
import { withValueAt } from '../../../../shared/iam/policy-places.ts';
import { plural } from '../../../lib/format.ts';
import { CardFrame, WholeJson } from './CardFrame.tsx';
import type { CompletionFacts } from './completion.ts';
import classes from './policy.module.css';
import { statementsOf, withStatements } from './policy-text.ts';
import { StatementCard, type StatementDeeds } from './StatementCard.tsx';
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

/** Cards that are drawn; more on demand. */
const PAGE = 10;
/** Cards that are drawn at once; the others follow while the window goes on answering. */
const FIRST = 2;
const NONE: readonly PolicyFinding[] = [];

/** The findings by the number of their statement. */
function groupFindings(findings: readonly PolicyFinding[]): ReadonlyMap<number, readonly PolicyFinding[]> {
  const groups = new Map<number, PolicyFinding[]>();
  for (const finding of findings) {
    if (finding.statement === null) continue;
    const group = groups.get(finding.statement);
    if (group) group.push(finding);
    else groups.set(finding.statement, [finding]);
  }
  return groups;
}

/** The statements, each the same object as before when nothing of it has changed. */
function useSteady(statements: readonly unknown[] | undefined): readonly unknown[] | undefined {
  const before = useRef<readonly unknown[]>([]);
  const steady = statements?.map((statement, index) => {
    const known = before.current[index];
    return JSON.stringify(known) === JSON.stringify(statement) ? known : statement;
  });
  useEffect(() => {
    if (steady) before.current = steady;
  });
  return steady;
}

/** A policy's statements as cards: each changes its own part of the text. */
export function Cards({ text, onChange, facts, findings, onFix, litIndex }: Props) {
  const read = useMemo(() => statementsOf(text), [text]);
  const statements = useSteady(read.statements);
  const [pages, setPages] = useState(1);
  const byStatement = useMemo(() => groupFindings(findings), [findings]);
  const latest = useRef({ text, onChange, onFix, statements: statements ?? [] });
  useEffect(() => {
    latest.current = { text, onChange, onFix, statements: statements ?? [] };
  });
  const fix = useCallback((finding: PolicyFinding) => latest.current.onFix(finding), []);
  const deeds = useMemo((): StatementDeeds => {
    const put = (path: JsonPath, value: unknown) =>
      latest.current.onChange(withValueAt(latest.current.text, path, value) ?? latest.current.text);
    const list = (make: (all: readonly unknown[]) => readonly unknown[]) =>
      put(['Statement'], make(latest.current.statements));
    return {
      change: (index, statement) => put(['Statement', index], statement),
      duplicate: (index) => list((all) => [...all.slice(0, index + 1), ...all.slice(index)]),
      move: (index, by) => list((all) => moved(all, index, by)),
      remove: (index) => put(['Statement', index], undefined),
    };
  }, []);
  if (!statements)
    return (
      <Alert color="yellow" variant="light" icon={<IconFileAlert size={18} aria-hidden />} title="No cards now">
        {read.problem} The cards are back as soon as the text is mended.
      </Alert>
    );
  const shown = Math.max(pages * PAGE, (litIndex ?? 0) + 1);
  const hidden = statements.length - shown;
  return (
    <Stack gap="sm">
      <CardList shown={shown} count={statements.length}>
        {(index) => {
          const statement = statements[index];
          return isObject(statement) ? (
            <StatementCard
              key={index}
              statement={statement}
              index={index}
              count={statements.length}
              facts={facts}
              findings={byStatement.get(index) ?? NONE}
              onFix={fix}
              lit={index === litIndex}
              deeds={deeds}
            />
          ) : (
            <CardFrame key={index} label={`Statement ${index + 1}`} effect={null} lit={index === litIndex}>
              <WholeJson value={statement} />
            </CardFrame>
          );
        }}
      </CardList>
      <Group gap="xs">
        {hidden > 0 ? (
          <Button variant="default" size="compact-sm" onClick={() => setPages(pages + 1)}>
            Show more of the {plural(hidden, 'further statement')}
          </Button>
        ) : null}
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => {
            setPages(Math.ceil((statements.length + 1) / PAGE));
            onChange(withStatements(text, [...statements, newStatement(facts.type)]));
          }}
        >
          Add a statement
        </Button>
      </Group>
    </Stack>
  );
}

function CardList({
  shown,
  count,
  children,
}: {
  shown: number;
  count: number;
  children: (index: number) => ReactNode;
}) {
  const drawn = Math.min(useDeferredValue(shown, FIRST), count);
  return (
    <Stack component="ul" gap="sm" m={0} p={0} className={classes.list ?? ''} aria-label="Statements">
      {Array.from({ length: drawn }, (_, index) => children(index))}
    </Stack>
  );
}
