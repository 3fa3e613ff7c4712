import { Text, VisuallyHidden } from '@mantine/core';
import { useMemo } from 'react';
import { linesBetween } from './line-diff.ts';
import classes from './policy.module.css';

const signs = { added: '+', removed: '−', same: '', gap: '' } as const;
const words = { added: 'Added: ', removed: 'Removed: ', same: '', gap: '' } as const;

/** Two texts as one: what goes, what comes, and a few lines around. */
export function LineDiff({ before, after, label }: { before: string; after: string; label: string }) {
  const lines = useMemo(() => linesBetween(before, after), [before, after]);
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
