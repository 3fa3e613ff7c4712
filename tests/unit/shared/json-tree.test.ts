import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonOf, lineOf, parseJson } from '../../../src/shared/iam/json-tree.ts';

/** JSON.parse's judgement; nesting and names standing twice are not its business. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const readsAsJson = (text: string) => {
  const { tree, fault } = parseJson(text);
  if (tree) expect(jsonOf(tree)).toEqual(JSON.parse(text));
  else expect([text, isJson(text)]).toEqual([text, fault.kind === 'structure']);
};

it('takes what JSON.parse takes, and says no more and no less', () => {
  fc.assert(fc.property(fc.json({ maxDepth: 4 }), readsAsJson));
  const pieces = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"b"',
    '1',
    '-0.5e+3',
    '01',
    'true',
    'nul',
    ' ',
    '\n',
    '"',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => readsAsJson(parts.join(''))),
    { numRuns: 2000 },
  );
  for (const text of ['"\\u00e9\\n"', '"\\x"', '"\t"', '1.', '.5', '+1', '\uFEFF1', '\u00a01', '"\ud800"', 'truefalse'])
    readsAsJson(text);
});

it('says what is wrong, and where', () => {
  for (const [text, says, line, column] of [
    ['', 'the text ends where a value is expected', 1, 1],
    ['{\n  "a": 1\n  "b": 2\n}', 'a comma or } is missing before this', 3, 3],
    ['{\n  "a": 1,\n}', 'there is a comma too many before this', 3, 1],
    ['["a", ]', 'there is a comma or colon too many before this', 1, 7],
    ['[1, , 2]', 'a value is missing before this comma', 1, 5],
    ['{a: 1}', 'a name in double quotes is expected here', 1, 2],
    ['{“a”: 1}', 'names stand in double quotes (")', 1, 2],
    ["['a']", 'texts stand in double quotes (")', 1, 2],
    ['{"a" 1}', 'a colon is missing after the name', 1, 2],
    ['["abc\n]', 'the text in quotes does not end on its line', 1, 2],
    ['["a\tb"]', 'a control character must be written as an escape', 1, 4],
    ['["a\\qb"]', 'there is no such escape', 1, 4],
    ['[1', 'the text ends before its ]', 1, 3],
    ['{} x', 'nothing may stand after the end of the document', 1, 4],
    ['{"a": 1, "\\u0061": 2}', 'the name stands twice', 1, 10],
    ['{"__proto__": 1}', 'there is no such element', 1, 2],
    [`${'['.repeat(17)}${']'.repeat(17)}`, 'it is nested too deep', 1, 17],
    ['['.repeat(200_000), 'it is nested too deep', 1, 17],
  ] as const) {
    const { fault } = parseJson(text);
    const place = lineOf(text, fault?.from ?? 0);
    expect([text.slice(0, 40), fault?.says, place]).toEqual([text.slice(0, 40), says, { line, column }]);
  }
});
