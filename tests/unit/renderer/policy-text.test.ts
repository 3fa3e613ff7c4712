import { describe, expect, it } from 'vitest';
import { linesBetween } from '../../../src/renderer/features/access/policy/line-diff.ts';
import {
  pretty,
  statementSpan,
  statementsOf,
  withStatements,
} from '../../../src/renderer/features/access/policy/policy-text.ts';

describe('the statements of a text', () => {
  it('are shown whatever they are, or it is said why there are none', () => {
    expect(statementsOf('{"Statement": [{"Effect": "Deny"}, 5]}').statements).toEqual([{ Effect: 'Deny' }, 5]);
    expect(statementsOf('{"Statement": {"Effect": "Deny"}}').statements).toEqual([{ Effect: 'Deny' }]);
    for (const [text, says] of [
      ['{\n"Statement": [}', 'line 2, column 15'],
      ['{"Statement": "x"}', 'no list of statements'],
      ['[]', 'no list of statements'],
      [' '.repeat(131_073), 'too long'],
    ] as const)
      expect(statementsOf(text).problem).toContain(says);
  });

  it('are found in the text', () => {
    const text = '{"Statement": [{"Effect": "Deny"}, {}]}';
    const span = statementSpan(text, 1);
    expect(span && text.slice(span.from, span.to)).toBe('{}');
    expect(statementSpan(text, 2)).toBeNull();
    expect(statementSpan('{', 0)).toBeNull();
    expect(withStatements(text, [1])).toBe('{"Statement": [1]}');
    expect(withStatements('{', [1])).toBe('{');
    expect(pretty('{"a":1}')).toBe('{\n  "a": 1\n}');
    expect(pretty('{\r\n"a"')).toBe('{\n"a"');
  });
});

it('says what makes one text of another, with three lines around', () => {
  const before = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const after = before.map((line, index) => (index === 10 ? 'changed' : line));
  const lines = linesBetween(before.join('\n'), after.join('\n'));
  expect(lines.map(({ kind, text }) => `${kind[0]} ${text}`)).toEqual([
    'g 7 lines unchanged',
    's line 7',
    's line 8',
    's line 9',
    'r line 10',
    'a changed',
    's line 11',
    's line 12',
    's line 13',
    'g 6 lines unchanged',
  ]);
  expect(linesBetween('a', 'b').map(({ kind }) => kind)).toEqual(['removed', 'added']);
  // Two texts that share nothing are told apart in time, too.
  const other = Array.from({ length: 15_000 }, (_, index) => `other ${index}`).join('\n');
  const many = Array.from({ length: 15_000 }, (_, index) => `line ${index}`).join('\n');
  expect(linesBetween(many, other).filter(({ kind }) => kind === 'added')).toHaveLength(15_000);
});
