import { redo, undo } from '@codemirror/commands';
import { type Diagnostic, setDiagnostics } from '@codemirror/lint';
import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { VisuallyHidden } from '@mantine/core';
import { type Ref, useEffect, useId, useImperativeHandle, useRef } from 'react';
import type { PolicyFinding } from '../../../../shared/contract/policies.ts';
import type { Span } from '../../../../shared/iam/json-tree.ts';
import type { CompletionFacts } from './completion.ts';
import classes from './policy.module.css';
import { setLit, textSetup } from './text-setup.ts';

export interface PolicyTextHandle {
  undo(): void;
  redo(): void;
  /** Selects a place and scrolls to it. */
  show(span: Span): void;
}

export interface PolicyTextProps {
  readonly text: string;
  readonly label: string;
  /** Without it the text is to read only. */
  readonly onChange?: (text: string) => void;
  /** Of exactly this text; undefined while they are not known. */
  readonly findings?: readonly PolicyFinding[] | undefined;
  readonly onFix?: (finding: PolicyFinding) => void;
  readonly facts?: CompletionFacts;
  /** What is lit up. */
  readonly lit?: Span | null;
  readonly ref?: Ref<PolicyTextHandle>;
}

const NOTHING: CompletionFacts = { type: 'resource', principals: [] };

/** The one change that makes `after` of `before`, so that the cursor and the undo history stay. */
function changeOf(before: string, after: string) {
  const shorter = Math.min(before.length, after.length);
  let from = 0;
  while (from < shorter && before[from] === after[from]) from++;
  let end = 0;
  while (end < shorter - from && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) };
}

/** A policy as text. */
export function PolicyText({ text, label, onChange, findings, onFix, facts, lit = null, ref }: PolicyTextProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const hint = useId();
  const readOnly = onChange === undefined;
  const latest = useRef({ text, onChange, onFix, facts });
  useEffect(() => {
    latest.current = { text, onChange, onFix, facts };
  });

  useEffect(() => {
    if (!host.current) return;
    const setup = textSetup({
      label,
      describedBy: hint,
      readOnly,
      facts: () => latest.current.facts ?? NOTHING,
      onChange: (next) => latest.current.onChange?.(next),
    });
    const made = new EditorView({
      state: EditorState.create({ doc: latest.current.text, extensions: setup }),
      parent: host.current,
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [label, hint, readOnly]);

  useEffect(() => {
    const { current } = view;
    const before = current?.state.doc.toString() ?? '';
    if (current && before !== text) current.dispatch({ changes: changeOf(before, text) });
  }, [text]);

  useEffect(() => {
    const { current } = view;
    if (!current || !findings || current.state.doc.length !== text.length) return;
    const diagnostics = findings.map(
      (finding): Diagnostic => ({
        from: finding.from,
        to: finding.to,
        severity: finding.severity,
        message: finding.message,
        ...(finding.fix && {
          actions: [{ name: finding.fix.title, apply: () => latest.current.onFix?.(finding) }],
        }),
      }),
    );
    current.dispatch(setDiagnostics(current.state, diagnostics));
  }, [findings, text]);

  const [from, to] = [lit?.from, lit?.to];
  useEffect(() => {
    const span = from === undefined || to === undefined ? null : { from, to };
    const { current } = view;
    if (!current || (span && span.to > current.state.doc.length)) return;
    const scroll = span ? [EditorView.scrollIntoView(span.from, { y: 'center' })] : [];
    current.dispatch({ effects: [setLit.of(span), ...scroll] });
  }, [from, to]);

  useImperativeHandle(
    ref,
    () => ({
      undo() {
        if (view.current) undo(view.current);
      },
      redo() {
        if (view.current) redo(view.current);
      },
      show(span) {
        const { current } = view;
        if (!current) return;
        const { length } = current.state.doc;
        const [anchor, head] = [Math.min(span.from, length), Math.min(span.to, length)];
        current.dispatch({ selection: { anchor, head }, effects: EditorView.scrollIntoView(anchor, { y: 'center' }) });
        current.focus();
      },
    }),
    [],
  );

  return (
    <>
      <div ref={host} className={classes.text} data-readonly={readOnly || undefined} />
      <VisuallyHidden id={hint}>
        {readOnly
          ? 'To read only. Control or Command F searches.'
          : 'Control Space offers what can be written. Tab indents: press Escape, then Tab, to leave. Control or Command F searches.'}
      </VisuallyHidden>
    </>
  );
}
