import { ActionIcon, Group, Paper, SegmentedControl, Stack, Text } from '@mantine/core';
import { useViewportSize } from '@mantine/hooks';
import { IconArrowBackUp, IconArrowForwardUp, IconCircleCheck } from '@tabler/icons-react';
import { type ReactNode, type Ref, useEffect, useMemo, useRef, useState } from 'react';
import type { PolicyFinding } from '../../../../shared/contract/policies.ts';
import { withValueAt } from '../../../../shared/iam/policy-places.ts';
import { plural } from '../../../lib/format.ts';
import { notifyError } from '../../../lib/notify.tsx';
import { Cards } from './Cards.tsx';
import type { CompletionFacts } from './completion.ts';
import { Findings } from './Findings.tsx';
import { LazyPolicyText } from './LazyPolicyText.tsx';
import type { PolicyTextHandle } from './PolicyText.tsx';
import classes from './policy.module.css';
import { statementSpan, statementsOf } from './policy-text.ts';
import type { PolicyLint } from './use-policy-lint.ts';

/** A statement to light up, from 0. */
export interface Highlight {
  readonly index: number;
}

interface Props {
  /** What the policy is called by those who hear the screen. */
  readonly label: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly facts: CompletionFacts;
  readonly lint: PolicyLint;
  readonly highlight?: Highlight | undefined;
  /** Whether there is no room for both sides, however wide the window is. */
  readonly oneSide?: boolean;
  /** Beside the choice of cards and text. */
  readonly tools?: ReactNode;
  /** What to do with the policy: it stays in sight. */
  readonly children?: ReactNode;
}

type Mode = 'cards' | 'text' | 'both';
/** From this width on there is room for both sides. */
const WIDE = 1200;

/** A policy to edit, as cards and as text, each changing the other; below, what is wrong with it. */
export function PolicyEditor({
  label,
  text,
  onChange,
  facts,
  lint,
  highlight,
  oneSide = false,
  tools,
  children,
}: Props) {
  const { width } = useViewportSize();
  const [chosen, setChosen] = useState<Mode>('both');
  const isWide = width >= WIDE && !oneSide;
  const mode = chosen === 'both' && !isWide ? 'cards' : chosen;
  const editor = useRef<PolicyTextHandle>(null);
  const litIndex = highlight?.index;
  const lit = useMemo(() => (litIndex === undefined ? null : statementSpan(text, litIndex)), [text, litIndex]);
  const hasCards = useMemo(() => statementsOf(text).statements !== undefined, [text]);
  const latest = useRef({ text, lint });
  useEffect(() => {
    latest.current = { text, lint };
  });
  const summary = useRef<HTMLDivElement>(null);
  /** The finding as the text is now: it may have been changed since it was looked through. */
  const upToDate = async (finding: PolicyFinding): Promise<PolicyFinding | undefined> => {
    const { findings } = latest.current.lint;
    if (findings?.includes(finding)) return finding;
    const name = nameOf(finding);
    return (findings ?? (await latest.current.lint.now()).findings).find((each) => nameOf(each) === name);
  };
  const fix = async (finding: PolicyFinding) => {
    const change = (await upToDate(finding))?.fix;
    if (!change) return;
    onChange(withValueAt(latest.current.text, change.path, change.value) ?? latest.current.text);
    // What was pressed goes away with its finding.
    summary.current?.focus();
  };
  const show = async (finding: PolicyFinding) => {
    if (mode === 'cards') setChosen(isWide ? 'both' : 'text');
    const found = await upToDate(finding);
    // The text has no place on the screen before it is shown.
    if (found) requestAnimationFrame(() => editor.current?.show(found));
  };
  const onFix = (finding: PolicyFinding) => void fix(finding).catch(notifyError);
  const onShow = (finding: PolicyFinding) => void show(finding).catch(notifyError);
  const modes = [
    { value: 'cards', label: 'Cards' },
    { value: 'text', label: 'Text' },
    ...(isWide ? [{ value: 'both', label: 'Both' }] : []),
  ];
  return (
    <Stack gap="sm" className={classes.frame ?? ''}>
      <div className={classes.bar}>
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label="How the policy is shown"
            data={modes}
            value={mode}
            onChange={(value) => setChosen(value as Mode)}
          />
          <ActionIcon.Group>
            <ActionIcon variant="default" aria-label="Undo" title="Undo" onClick={() => editor.current?.undo()}>
              <IconArrowBackUp size={16} aria-hidden />
            </ActionIcon>
            <ActionIcon variant="default" aria-label="Redo" title="Redo" onClick={() => editor.current?.redo()}>
              <IconArrowForwardUp size={16} aria-hidden />
            </ActionIcon>
          </ActionIcon.Group>
        </Group>
        <Group gap="xs">{tools}</Group>
      </div>
      <div className={classes.sides} data-both={mode === 'both' || undefined}>
        {mode === 'text' ? null : (
          <Cards text={text} onChange={onChange} facts={facts} findings={lint.last} onFix={onFix} litIndex={litIndex} />
        )}
        <div className={classes.textSide} hidden={mode === 'cards'}>
          <LazyPolicyText
            ref={editor}
            label={label}
            text={text}
            onChange={onChange}
            findings={lint.findings}
            onFix={onFix}
            facts={facts}
            lit={lit}
          />
          <Text size="xs" c="dimmed">
            Ctrl/Cmd-Space offers what can be written here. Tab indents; to leave the text press Escape, then Tab.
          </Text>
          {mode === 'cards' ? null : <Summary ref={summary} lint={lint} onFix={onFix} onShow={onShow} />}
        </div>
        {mode === 'cards' ? (
          <Summary ref={summary} lint={lint} onFix={onFix} onShow={onShow} beside={hasCards} />
        ) : null}
      </div>
      {children ? <div className={classes.foot}>{children}</div> : null}
    </Stack>
  );
}

const nameOf = ({ rule, path, message }: PolicyFinding): string => JSON.stringify([rule, path, message]);

/** `2 errors, 1 warning`. */
export function countFindings(findings: readonly PolicyFinding[]): string {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const parts = [errors > 0 ? plural(errors, 'error') : '', warnings > 0 ? plural(warnings, 'warning') : ''];
  return parts.filter(Boolean).join(', ');
}

function Summary({
  lint: { findings, last },
  onFix,
  onShow,
  beside = false,
  ref,
}: {
  lint: PolicyLint;
  onFix: (finding: PolicyFinding) => void;
  onShow: (finding: PolicyFinding) => void;
  /** Whether each statement's findings stand in its card. */
  beside?: boolean;
  ref: Ref<HTMLDivElement>;
}) {
  const listed = beside ? last.filter(({ statement }) => statement === null) : last;
  return (
    <Paper
      ref={ref}
      tabIndex={-1}
      withBorder
      px="sm"
      py="xs"
      component="section"
      aria-label="Findings"
      aria-busy={findings === undefined}
    >
      <div role="status">
        {last.length === 0 ? (
          <Group gap={6}>
            <IconCircleCheck size={16} aria-hidden color="var(--mantine-color-green-text)" />
            <Text size="sm">{findings ? 'Nothing is wrong with this policy.' : 'Looking through it…'}</Text>
          </Group>
        ) : (
          <Text size="sm" fw={550} mb={listed.length > 0 ? 6 : 0}>
            {countFindings(last)}
            {listed.length < last.length ? ', told in the cards' : ''}
          </Text>
        )}
      </div>
      <Findings findings={listed} label="All findings" onFix={onFix} onShow={onShow} />
    </Paper>
  );
}
