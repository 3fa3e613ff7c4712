import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  action,
  conditions,
  effect,
  type Lens,
  principal,
  resource,
  type Statement,
  sid,
  textsOf,
  unshown,
  withTexts,
} from '../../../src/renderer/features/access/policy/statement.ts';
import { parseJson } from '../../../src/shared/iam/json-tree.ts';
import { withValueAt } from '../../../src/shared/iam/policy-places.ts';
import { cases, policyText } from '../policy/cases.ts';

const lenses = { sid, effect, principal, action, resource, conditions } as unknown as Record<string, Lens<unknown>>;

/** A statement through every field of its card, none of them touched. */
const throughCard = (statement: Statement): Statement =>
  Object.values(lenses).reduce((before, lens) => {
    const part = lens.get(before);
    return part === null ? before : lens.put(before, part);
  }, statement);

/** A policy's text through its cards, each of them written back. */
function throughCards(text: string): string {
  const { Statement: statements } = JSON.parse(text) as { Statement: Statement[] };
  return statements.reduce(
    (before, statement, index) => withValueAt(before, ['Statement', index], throughCard(statement)) ?? before,
    text,
  );
}

const texts = cases.flatMap((each) => {
  const all = [each.key, each.user, each.user2].map((statements) => policyText(statements, each.version));
  return all.filter((text) => text !== null).map((text) => [`${each.file}: ${each.name}`, text] as const);
});

describe('the policies of the decision cases', () => {
  it('come back from the cards as they went in', () => {
    expect(texts.length).toBeGreaterThan(300);
    for (const [name, text] of texts) {
      expect([name, throughCards(text)]).toEqual([name, text]);
      const laidOut = JSON.stringify(JSON.parse(text), null, 2);
      expect([name, throughCards(laidOut)]).toEqual([name, laidOut]);
    }
  });

  it('can be shown by fields, but for what no field has', () => {
    const odd = texts.filter(([, text]) =>
      (JSON.parse(text) as { Statement: Statement[] }).Statement.some((each) => Object.keys(unshown(each)).length > 0),
    );
    expect(odd.map(([name]) => name)).toEqual([]);
  });
});

const names = fc.constantFrom(
  'Sid',
  'Effect',
  'Principal',
  'NotPrincipal',
  'Action',
  'NotAction',
  'Resource',
  'Condition',
  'X',
);
const word = fc.constantFrom(
  '*',
  'a',
  'kms:Encrypt',
  '111122223333',
  's3.amazonaws.com',
  'Federated: x',
  'AWS: y',
  'Allow',
  '',
);
const words = fc.oneof(word, fc.array(word, { maxLength: 3 }));
const block = fc.dictionary(
  fc.constantFrom(
    'Bool',
    'StringEquals',
    'ForAnyValue:StringLikeIfExists',
    'StringEqual',
    'AWS',
    'Service',
    'Federated',
  ),
  fc.oneof(words, fc.dictionary(word, fc.oneof(words, fc.boolean(), fc.array(fc.integer(), { maxLength: 2 })))),
);
const statements = fc.dictionary(names, fc.oneof(words, block, fc.jsonValue({ maxDepth: 2 })));

describe('lenses', () => {
  it('leave a statement as it is when they put back what they got', () => {
    fc.assert(
      fc.property(statements, (statement) => {
        expect(JSON.stringify(throughCard(statement))).toBe(JSON.stringify(statement));
      }),
      { numRuns: 1000 },
    );
  });

  it('get what they put, and change nothing else', () => {
    const list = fc.record({
      negated: fc.boolean(),
      values: fc.uniqueArray(fc.constantFrom('*', 'a', 'b', 'kms:*'), { minLength: 1 }),
    });
    const rows = fc.uniqueArray(
      fc.record({
        operator: fc.constantFrom('Bool', 'StringEquals', 'ForAnyValue:StringLike'),
        key: fc.constantFrom('aws:username', 'kms:KeySpec'),
        values: fc.oneof(fc.constant('a'), fc.constant(true), fc.constant(['a', 'b'])),
      }),
      { selector: ({ operator, key }) => operator + key },
    );
    const parts: Record<string, fc.Arbitrary<unknown>> = {
      sid: word,
      effect: fc.constantFrom('Allow', 'Deny'),
      principal: list,
      action: list,
      resource: list,
      conditions: rows,
    };
    for (const [name, arbitrary] of Object.entries(parts)) {
      const lens = lenses[name] as Lens<unknown>;
      fc.assert(
        fc.property(statements, arbitrary, (statement, part) => {
          const after = lens.put(statement, part);
          const others = (of: Statement) => Object.entries(of).filter(([key]) => !lens.elements.includes(key));
          expect(others(after)).toEqual(others(statement));
          if (name === 'conditions') expect(lens.get(after)).toEqual(expect.arrayContaining(part as unknown[]));
          else expect(lens.get(after)).toEqual(part);
        }),
      );
    }
  });

  it('keep lists lists, single texts single, kinds their kind, and elements at their place', () => {
    const statement = {
      Effect: 'Deny',
      NotPrincipal: { Service: ['s3.amazonaws.com'], AWS: '111122223333' },
      Action: ['kms:Sign'],
      Resource: '*',
    };
    const who = principal.get(statement);
    expect(who).toEqual({ negated: true, values: ['s3.amazonaws.com', '111122223333'] });
    expect(
      JSON.stringify(principal.put(statement, { negated: false, values: [...(who?.values ?? []), 'arn:x'] })),
    ).toBe(
      '{"Effect":"Deny","Principal":{"Service":["s3.amazonaws.com"],"AWS":["111122223333","arn:x"]},"Action":["kms:Sign"],"Resource":"*"}',
    );
    expect(action.put(statement, { negated: true, values: ['kms:Verify'] })).toMatchObject({
      NotAction: ['kms:Verify'],
    });
    expect(Object.keys(sid.put(statement, 'x'))[0]).toBe('Sid');
    expect(principal.put({ Principal: '*' }, { negated: true, values: ['*'] })).toEqual({ NotPrincipal: '*' });
    expect(principal.put({ Principal: '*' }, { negated: false, values: [] })).toEqual({ Principal: { AWS: [] } });
    const row = { operator: 'Bool', key: 'aws:SecureTransport', values: [true] };
    expect(textsOf(row)).toEqual(['true']);
    expect(withTexts(row, ['true', 'false']).values).toEqual([true, 'false']);
  });

  it('show what they cannot read as it is', () => {
    expect(unshown({ Effect: 'allow', Action: 5, Principal: { aws: 'x' }, Resource: '*', Extra: [] })).toEqual({
      Effect: 'allow',
      Action: 5,
      Principal: { aws: 'x' },
      Extra: [],
    });
    expect(unshown({ Action: 'a', NotAction: 'b' })).toEqual({ Action: 'a', NotAction: 'b' });
    expect(unshown({ Condition: { Bool: {} } })).toEqual({ Condition: { Bool: {} } });
    expect(parseJson('{').tree).toBeUndefined();
  });
});
