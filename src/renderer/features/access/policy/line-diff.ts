import { diffLines } from 'diff';
import { plural } from '../../../lib/format.ts';

export interface Line {
  readonly kind: 'added' | 'removed' | 'same' | 'gap';
  readonly text: string;
}

/** Unchanged lines that are shown around a change. */
const AROUND = 3;
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

/** More differences than a policy that was edited has: then all goes and all comes. */
const EDITS_MAX = 1000;

/** What makes `after` of `before`, line by line. */
export function linesBetween(before: string, after: string): Line[] {
  const [old, next] = [`${before}\n`, `${after}\n`];
  const parts = diffLines(old, next, { maxEditLength: EDITS_MAX }) ?? [
    { removed: true, added: false, value: old },
    { removed: false, added: true, value: next },
  ];
  return parts.flatMap(({ added, removed, value }, index): Line[] => {
    const lines = value.replace(/\n$/, '').split('\n');
    if (added || removed) return lines.map((text) => ({ kind: added ? 'added' : 'removed', text }));
    return folded(lines, index === 0, index === parts.length - 1);
  });
}
