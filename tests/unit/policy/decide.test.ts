import { describe, expect, it } from 'vitest';
import { decide, refusalMessage } from '../../../src/main/policy/decide.ts';
import type { Decision, StatementRef } from '../../../src/shared/iam/decision.ts';
import { type Case, callOf, cases } from './cases.ts';

const NAMES: Readonly<Record<string, string>> = { key: 'key', user: 'identity', user2: 'identity2' };
const nameOf = ({ policy, index }: StatementRef) => `${NAMES[policy]} ${index}`;

/** A decision in the words of the cases. */
function said({ allowed, reason, statement, grant }: Decision): string {
  if (reason === 'explicit deny') return `deny ${statement ? nameOf(statement) : ''}`;
  if (allowed) return `allow ${statement ? nameOf(statement) : reason === 'account root' ? 'root' : `grant ${grant}`}`;
  const side = {
    'no key policy allows': 'key',
    'not across accounts': 'across',
    'no identity policy allows': 'identity',
    'no party of the grant': 'party',
  };
  return `refuse ${side[reason as keyof typeof side]}`;
}

function misses({ statements }: Decision): string[] {
  return statements.flatMap(({ statement, mismatch }) => {
    if (!mismatch) return [];
    const more = mismatch.element === 'Condition' ? ` ${mismatch.operator} ${mismatch.key}` : '';
    return [`${nameOf(statement)} ${mismatch.element}${more}`];
  });
}

function check(each: Case): void {
  const { request, policies } = callOf(each);
  const decision = decide(request, policies);
  expect(said(decision)).toBe(each.expect);
  if (each.why) expect(misses(decision)).toContain(each.why);
  if (each.miss) expect(decision.grants[0]?.miss).toBe(each.miss);
  if (each.delegatedBy !== undefined) expect(decision.delegatedBy?.index).toBe(each.delegatedBy);
  // Every statement is accounted for, and the record can keep all of it.
  const count = [policies.key, ...(policies.identity ?? [])].reduce(
    (sum, each) => sum + (each?.statements.length ?? 0),
    0,
  );
  expect(decision.statements.length).toBe(count);
  for (const { matched, mismatch } of decision.statements) expect(matched === null).toBe(mismatch !== undefined);
  expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
}

describe.each([...new Set(cases.map(({ source }) => source))])('%s', (source) => {
  for (const each of cases.filter((other) => other.source === source))
    it(`${each.file}: ${each.name}`, () => check(each));
});

it('has at least 250 cases, each with its source', () => {
  expect(cases.length).toBeGreaterThanOrEqual(250);
  for (const { source } of cases) expect(source).toMatch(/^(IAM User Guide|KMS|Service Authorization)/);
});

it('says what the values were', () => {
  const each = cases.find(({ name }) => name === 'beside the range');
  const { request, policies } = callOf(each as Case);
  const [first] = decide(request, policies).statements;
  expect(first).toEqual({
    statement: { type: 'resource', policy: 'key', index: 0, sid: 'range', effect: 'Allow' },
    matched: null,
    mismatch: {
      element: 'Condition',
      operator: 'IpAddress',
      key: 'aws:SourceIp',
      expected: ['203.0.113.0/24', '2001:DB8:1234:5678::/64'],
      actual: ['203.0.114.0'],
    },
  });
});

it('refuses in AWS’s words', () => {
  const messageOf = (expected: string, on: string) => {
    const each = cases.find((other) => other.expect === expected && (other.on ?? 'key') === on);
    const { request, policies } = callOf(each as Case);
    return refusalMessage(decide(request, policies)).replace(request.principalArn, 'P').replace(request.resource, 'R');
  };
  expect(messageOf('refuse key', 'key')).toMatch(
    /^User: P is not authorized to perform: kms:\w+ on resource: R because no resource-based policy allows the kms:\w+ action$/,
  );
  expect(messageOf('refuse identity', 'account')).toMatch(
    /^User: P is not authorized to perform: kms:\w+ because no identity-based policy allows the kms:\w+ action$/,
  );
  expect(messageOf('deny key 1', 'key')).toMatch(
    /^User: P is not authorized to perform: kms:\w+ on resource: R with an explicit deny in a resource-based policy$/,
  );
  expect(messageOf('deny identity 1', 'key')).toMatch(/ with an explicit deny in an identity-based policy$/);
});
