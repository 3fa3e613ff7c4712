import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonPath, parseJson } from '../../../src/shared/iam/json-tree.ts';
import { editAt, nodeAt, spanAt, withValueAt } from '../../../src/shared/iam/policy-places.ts';

const statement = {
  Sid: 'a',
  Effect: 'Allow',
  Action: ['kms:Encrypt', 'kms:Decrypt'],
  Condition: { Bool: { k: 'true' } },
};
const laidOut = JSON.stringify({ Version: '2012-10-17', Statement: [statement, { Effect: 'Deny' }] }, null, 2);

const treeOf = (text: string) => {
  const { tree } = parseJson(text);
  if (!tree) throw new Error('no JSON');
  return tree;
};
const underlined = (text: string, path: JsonPath) => {
  const { from, to } = spanAt(treeOf(text), path);
  return text.slice(from, to);
};

it('finds what a path means, or what it would be in', () => {
  for (const [path, says] of [
    [['Version'], '"Version": "2012-10-17"'],
    [['Statement', 0], '{'],
    [['Statement', 0, 'Action'], '"Action"'],
    [['Statement', 0, 'Action', 1], '"kms:Decrypt"'],
    [['Statement', 0, 'Condition', 'Bool', 'k'], '"k": "true"'],
    [['Statement', 1, 'Principal'], '{'],
    [['Statement', 9], '"Statement"'],
    [[], '{'],
  ] as const)
    expect([path, underlined(laidOut, path)]).toEqual([path, says]);
  const lone = '{"Statement": {"Effect": "Deny"}}';
  expect(underlined(lone, ['Statement', 0, 'Effect'])).toBe('"Effect": "Deny"');
  expect(nodeAt(treeOf(lone), ['Statement', 1])).toBeUndefined();
});

describe('edits', () => {
  /** As a person would expect of plain objects. */
  const changed = (document: unknown, [step, ...rest]: JsonPath, value: unknown): unknown => {
    if (step === undefined) return value;
    const copy = structuredClone(document) as Record<string | number, unknown>;
    const inner = changed(copy[step], rest, value);
    if (inner !== undefined) copy[step] = inner;
    else if (Array.isArray(copy)) copy.splice(Number(step), 1);
    else delete copy[step];
    return copy;
  };
  const paths: readonly JsonPath[] = [
    ['Version'],
    ['Id'],
    ['Statement', 0],
    ['Statement', 1],
    ['Statement', 2],
    ['Statement', 0, 'Sid'],
    ['Statement', 0, 'Action'],
    ['Statement', 0, 'Action', 0],
    ['Statement', 0, 'Action', 1],
    ['Statement', 0, 'Condition'],
    ['Statement', 0, 'Condition', 'Bool', 'k'],
    ['Statement', 0, 'Condition', 'Bool', 'new'],
    ['Statement', 1, 'Effect'],
  ];

  it('change the one value and leave the rest', () => {
    const values = fc.option(fc.oneof(fc.constant('x'), fc.constant(['a', 'b']), fc.constant({ a: { b: [1] } })), {
      nil: undefined,
    });
    fc.assert(
      fc.property(fc.constantFrom(...paths), values, fc.constantFrom(0, 2, '\t'), (path, value, space) => {
        const text = JSON.stringify(JSON.parse(laidOut), null, space);
        const after = withValueAt(text, path, value);
        const isThere = nodeAt(treeOf(text), path) !== undefined;
        if (value === undefined && !isThere) expect(after).toBeNull();
        else expect(JSON.parse(after ?? 'null')).toEqual(changed(JSON.parse(text), path, value));
      }),
    );
  });

  it('keep the layout of the text', () => {
    for (const [path, value] of [
      [['Statement', 1, 'Action'], ['kms:Sign']],
      [['Statement', 2], { Effect: 'Allow', Action: [] }],
      [['Statement', 0, 'Condition', 'Bool'], { k: ['true'] }],
      [['Statement', 0, 'Sid'], undefined],
      [['Statement', 0], undefined],
    ] as const)
      expect(withValueAt(laidOut, path, value)).toBe(
        JSON.stringify(changed(JSON.parse(laidOut), path, value), null, 2),
      );
    const odd = '{ "Statement": [\n { "Effect":"Deny" ,  "Action" : [] }\n] }';
    expect(withValueAt(odd, ['Statement', 0, 'Effect'], 'Allow')).toBe(odd.replace('Deny', 'Allow'));
  });

  it('are none where there is no place', () => {
    for (const [text, path] of [
      ['{', ['Version']],
      ['{"Statement": 1}', ['Statement', 0]],
      ['{"Statement": []}', ['Statement', 0, 'Effect']],
      ['[]', ['Version']],
    ] as const)
      expect(editAt(text, path, 'x')).toBeNull();
  });

  it('make a list of a lone statement that gets company', () => {
    const after = withValueAt('{"Statement": {"Effect": "Deny"}}', ['Statement', 1], { Effect: 'Allow' });
    expect(JSON.parse(after ?? '')).toEqual({ Statement: [{ Effect: 'Deny' }, { Effect: 'Allow' }] });
  });
});
