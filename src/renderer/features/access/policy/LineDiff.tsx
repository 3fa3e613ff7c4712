import { Text, VisuallyHidden } from '@mantine/core';
import { diffLines } from 'diff';
import { useMemo } from 'react';
import { plural } from '../../../lib/format.ts';
import classes from './policy.module.css';

interface Line {
  readonly kind: 'added' | 'removed' | 'same' | 'gap';
  readonly text: string;
}

/** Unchanged lines that are shown around a change. */
const AROUND = 3;
const signs = { added: '+', removed: '−', same: '', gap: '' } as const;
const words = { added: 'Added: ', removed: 'Removed: ', same: '', gap: '' } as const;

/** Unchanged lines, the middle of many left out. */
function folded(lines: readonly string[], isFirst: boolean, isLast: boolean): Line[] {
  const before = isFirst ? 0 : AROUND;
  const after = isLast ? 0 : AROUND;
  const hidden = lines.length - before - after;
  const same = (text: string): Line => ({ kind: 'same', text });
  if (hidden <= 1) return lines.map(same);
  return [
    ...lines.slice(0, before).map(same),
    { kind: 'gap', text: `${plural(hidden, 'line')} unchanged` },
    ...lines.slice(lines.length - after).map(same),
  ];
}

/** What makes `after` of `before`, line by line. */
export function linesBetween(before: string, after: string): Line[] {
  const parts = diffLines(before, after);
  return parts.flatMap(({ added, removed, value }, index): Line[] => {
    const lines = value.replace(/\n$/, '').split('\n');
    if (added || removed) return lines.map((text) => ({ kind: added ? 'added' : 'removed', text }));
    return folded(lines, index === 0, index === parts.length - 1);
  });
}

/** Two texts as one: what goes, what comes, and a few lines around. */
export function LineDiff({ before, after, label }: { before: string; after: string; label: string }) {
  const lines = useMemo(() => linesBetween(`${before}\n`, `${after}\n`), [before, after]);
  if (before === after) return <Text c="dimmed">Only spaces and line breaks change.</Text>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.diff} tabIndex={0} aria-label={label}>
      <table>
        <tbody>
          {lines.map(({ kind, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have no identity
            <tr key={index} data-kind={kind}>
              <td aria-hidden>{signs[kind]}</td>
              <td>
                <VisuallyHidden>{words[kind]}</VisuallyHidden>
                {text}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
