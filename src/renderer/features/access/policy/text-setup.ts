import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, lintKeymap } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, type Extension, StateEffect, StateField } from '@codemirror/state';
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { tags } from '@lezer/highlight';
import type { Span } from '../../../../shared/iam/json-tree.ts';
import { type Choice, type CompletionFacts, choicesAt, type Spot, spotAt } from './completion.ts';

const colors = syntaxHighlighting(
  HighlightStyle.define([
    { tag: tags.propertyName, color: 'var(--policy-name)' },
    { tag: tags.string, color: 'var(--policy-text)' },
    { tag: [tags.number, tags.bool, tags.null], color: 'var(--policy-number)' },
    { tag: tags.invalid, color: 'var(--mantine-color-error)' },
  ]),
);

const floating = {
  border: '1px solid var(--coffer-line-strong)',
  borderRadius: 'var(--mantine-radius-sm)',
  backgroundColor: 'var(--coffer-raised)',
  color: 'var(--mantine-color-text)',
  overflow: 'hidden',
};
const control = {
  border: '1px solid var(--coffer-line-strong)',
  borderRadius: 'var(--mantine-radius-sm)',
  background: 'var(--coffer-raised)',
  color: 'var(--mantine-color-text)',
  font: 'inherit',
  padding: '0.15rem 0.45rem',
};

/** The look comes from the window's own variables, so that it follows the theme. */
const look = EditorView.theme({
  '&': { color: 'var(--mantine-color-text)', backgroundColor: 'transparent' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8125rem', lineHeight: '1.6' },
  '.cm-content': { padding: '0.5rem 0', caretColor: 'var(--mantine-color-text)' },
  '.cm-cursor': { borderLeftColor: 'var(--mantine-color-text)' },
  '.cm-gutters': { backgroundColor: 'transparent', color: 'var(--mantine-color-dimmed)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--policy-line)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--policy-selection)',
  },
  '.cm-selectionMatch, .cm-searchMatch': { backgroundColor: 'var(--policy-match)' },
  '.cm-searchMatch-selected': { outline: '2px solid var(--mantine-primary-color-filled)' },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--policy-match)' },
  '.cm-coffer-lit': { backgroundColor: 'var(--policy-lit)', boxShadow: 'inset 3px 0 var(--policy-lit-edge)' },
  '.cm-panels': {
    backgroundColor: 'var(--coffer-sunken)',
    color: 'var(--mantine-color-text)',
    fontFamily: 'var(--mantine-font-family)',
    fontSize: 'var(--mantine-font-size-xs)',
  },
  '.cm-panels-top': { borderBottom: '1px solid var(--coffer-line)' },
  '.cm-textfield': control,
  '.cm-button': { ...control, backgroundImage: 'none' },
  '.cm-panel.cm-search [name=close]': { color: 'inherit', fontSize: '1.1rem' },
  '.cm-tooltip': floating,
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--mantine-font-family-monospace)',
    fontSize: '0.78125rem',
    maxHeight: '15rem',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '0.2rem 0.6rem' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--mantine-primary-color-filled)',
    color: 'var(--mantine-color-white)',
  },
  '.cm-completionDetail': {
    fontFamily: 'var(--mantine-font-family)',
    fontStyle: 'normal',
    color: 'var(--mantine-color-dimmed)',
  },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-diagnostic': {
    fontFamily: 'var(--mantine-font-family)',
    fontSize: 'var(--mantine-font-size-xs)',
    padding: '0.4rem 0.6rem',
  },
  '.cm-diagnosticAction': {
    backgroundColor: 'var(--mantine-primary-color-filled)',
    color: 'var(--mantine-color-white)',
    borderRadius: 'var(--mantine-radius-xs)',
    padding: '0.15rem 0.5rem',
  },
});

/** Lights up the lines of a span, or none. */
export const setLit = StateEffect.define<Span | null>();

const litLine = Decoration.line({ class: 'cm-coffer-lit' });

function litLines({ doc }: EditorState, span: Span | null): DecorationSet {
  if (!span || span.from > doc.length) return Decoration.none;
  const [first, last] = [doc.lineAt(span.from).number, doc.lineAt(Math.min(span.to, doc.length)).number];
  const lines = Array.from({ length: last - first + 1 }, (_, index) => litLine.range(doc.line(first + index).from));
  return Decoration.set(lines);
}

const lit = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(lines, transaction) {
    const effect = transaction.effects.find((each) => each.is(setLit));
    return effect ? litLines(transaction.state, effect.value) : lines.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Writes a choice at the spot, with the quotes, and for a name what its value begins as. */
function write(view: EditorView, { label, begins }: Choice, at: number): void {
  const spot = spotAt(view.state.doc.toString(), at);
  if (!spot) return;
  const more = spot.role === 'name' && !spot.hasColon ? `: ${begins ?? ''}` : '';
  const insert = JSON.stringify(label) + more.replace('|', '');
  const cursor = more.includes('|') ? insert.length - (more.length - 1 - more.indexOf('|')) : insert.length;
  view.dispatch({
    changes: { from: spot.from, to: spot.to, insert },
    selection: { anchor: spot.from + cursor },
    userEvent: 'input.complete',
    scrollIntoView: true,
  });
  if (more.includes('"|"') || more.includes('{|}')) startCompletion(view);
}

/** A list of choices comes by itself while a text is typed, and by the key everywhere. */
const isWanted = (context: CompletionContext, { from }: Spot) => context.explicit || context.pos > from;

const completions =
  (facts: () => CompletionFacts) =>
  (context: CompletionContext): CompletionResult | null => {
    const text = context.state.doc.toString();
    const spot = spotAt(text, context.pos);
    if (!spot || !isWanted(context, spot)) return null;
    const choices = choicesAt(spot, facts());
    if (choices.length === 0) return null;
    return {
      from: text[spot.from] === '"' ? Math.min(spot.from + 1, context.pos) : spot.from,
      options: choices.map((choice) => ({
        label: choice.label,
        ...(choice.detail ? { detail: choice.detail } : {}),
        apply: (view: EditorView, _: Completion, __: number, to: number) => write(view, choice, to),
      })),
      validFor: /^[^"]*$/,
    };
  };

export interface TextSetup {
  readonly label: string;
  /** The id of the element that says how the keyboard works in it. */
  readonly describedBy: string;
  readonly readOnly: boolean;
  readonly facts: () => CompletionFacts;
  readonly onChange: (text: string) => void;
}

/** Everything a policy's text field is made of. */
export function textSetup({ label, describedBy, readOnly, facts, onChange }: TextSetup): Extension {
  return [
    lineNumbers(),
    lintGutter(),
    history(),
    drawSelection(),
    // Characters that nobody sees, as a zero-width space, are shown.
    highlightSpecialChars(),
    bracketMatching(),
    highlightSelectionMatches(),
    search({ top: true }),
    json(),
    colors,
    look,
    lit,
    EditorState.tabSize.of(2),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({
      'aria-label': label,
      'aria-describedby': describedBy,
      'aria-readonly': String(readOnly),
      spellcheck: 'false',
      tabindex: '0',
      // Escape closes what is offered and lets Tab leave; a dialog around the text stays.
      'data-mantine-stop-propagation': 'true',
    }),
    readOnly
      ? EditorState.readOnly.of(true)
      : [
          indentOnInput(),
          closeBrackets(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          autocompletion({ override: [completions(facts)], icons: false, maxRenderedOptions: 200 }),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) onChange(state.doc.toString());
          }),
        ],
    keymap.of([
      ...(readOnly ? [] : [...closeBracketsKeymap, ...completionKeymap, ...historyKeymap]),
      ...lintKeymap,
      ...searchKeymap,
      ...defaultKeymap,
      ...(readOnly ? [] : [indentWithTab]),
    ]),
  ];
}
