import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CallFacts } from '../../../src/main/policy/call-facts.ts';
import { compilePolicy } from '../../../src/main/policy/compile.ts';
import { type DecisionRequest, decide, type Policies } from '../../../src/main/policy/decide.ts';
import { parsePolicy } from '../../../src/main/policy/document.ts';
import { lintDocument } from '../../../src/main/policy/lint.ts';
import { requestContext } from '../../../src/main/policy/request-context.ts';
import { actionNames, isKeyAction } from '../../../src/shared/iam/actions.ts';
import { formatPolicy, type PolicyDocument, type PolicyStatement } from '../../../src/shared/iam/policy-document.ts';
import { ACCOUNT, callerOf, cases, KEY, policyText, REGION } from './cases.ts';

const who = [
  'root',
  'user/ann',
  'user/bob',
  'role/Reader/s',
  '444455556666:user/ann',
  '444455556666:root',
  's3.amazonaws.com',
];
const names = [
  ACCOUNT,
  `arn:aws:iam::${ACCOUNT}:root`,
  `arn:aws:iam::${ACCOUNT}:user/ann`,
  `arn:aws:iam::${ACCOUNT}:role/Reader`,
  'arn:aws:iam::444455556666:root',
];
const keyActions = ['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey', 'kms:CreateGrant', 'kms:PutKeyPolicy'];
const someOf = (values: readonly string[]) => fc.oneof(fc.constantFrom(...values), fc.subarray([...values]));

const principals = fc.oneof(
  fc.constant('*' as const),
  fc.record({ AWS: someOf([...names, '*']) }),
  fc.record({ Service: fc.constant('s3.amazonaws.com') }),
  fc.constant({}),
);
const actionTexts = someOf([
  'kms:*',
  'kms:En*',
  'kms:Decrypt',
  'kms:decrypt',
  '*',
  'kms:Unknown',
  'kms:?ncrypt',
  's3:Get',
]);
const resourceTexts = someOf([
  '*',
  KEY,
  `arn:aws:kms:*:${ACCOUNT}:key/*`,
  'arn:aws:kms:*:*:key/other',
  'arn:aws:kms:*',
  'x',
]);

const operators: Record<string, readonly string[]> = {
  StringEquals: ['a', 'b', 'a*'],
  StringNotEquals: ['a', 'b'],
  StringEqualsIfExists: ['a'],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable
  StringLike: ['a*', '?', '${aws:username}'],
  NumericLessThan: ['10', 'ten'],
  DateGreaterThan: ['2025-01-01', 'never'],
  Bool: ['true', 'false', 'maybe'],
  IpAddress: ['127.0.0.0/8', '127.0.0.1/99', 'here'],
  NotIpAddress: ['127.0.0.0/8'],
  ArnLike: ['arn:aws:iam::*:user/*', 'ann'],
  Null: ['true', 'false', 'perhaps'],
  'ForAllValues:StringEquals': ['a', 'b'],
  'ForAnyValue:StringEquals': ['a', 'b'],
  'ForAnyValue:StringNotEquals': ['a'],
};
const conditionNames = [
  'kms:EncryptionContext:x',
  'KMS:EncryptionContext:X',
  'kms:EncryptionContextKeys',
  'kms:KeySpec',
  'kms:MacAlgorithm',
  'kms:RecipientAttestation:PCR0',
  'aws:PrincipalArn',
  'aws:SourceIp',
  'aws:CurrentTime',
  'aws:SecureTransport',
  'aws:username',
  'aws:UserName',
  'kms:Nothing',
];
const condition = fc.uniqueArray(fc.constantFrom(...Object.keys(operators)), { maxLength: 3 }).chain((picked) =>
  fc.record(
    Object.fromEntries(
      picked.map((operator) => [
        operator,
        fc.dictionary(fc.constantFrom(...conditionNames), someOf(operators[operator] as string[]), {
          minKeys: 1,
          maxKeys: 2,
          noNullPrototype: true,
        }),
      ]),
    ),
  ),
);

const either = <T>(name: string, values: fc.Arbitrary<T>) =>
  fc.oneof(
    { weight: 6, arbitrary: values.map((value) => ({ [name]: value })) },
    { weight: 1, arbitrary: values.map((value) => ({ [`Not${name}`]: value })) },
  );
const statement = fc
  .tuple(
    fc.record({ Effect: fc.constantFrom('Allow' as const, 'Deny' as const) }),
    either('Principal', principals),
    fc.option(either('Action', actionTexts), { nil: {}, freq: 10 }),
    fc.option(either('Resource', resourceTexts), { nil: {}, freq: 10 }),
    fc.option(
      condition.map((Condition) => ({ Condition })),
      { nil: {}, freq: 2 },
    ),
  )
  .map((parts) => Object.assign({}, ...parts) as PolicyStatement);
const documentOf = (statements: readonly PolicyStatement[]): PolicyDocument =>
  parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: statements }));
const identityOf = ({ Principal: _, NotPrincipal: __, ...rest }: PolicyStatement) => ({
  Action: [],
  Resource: [],
  ...rest,
  ...(rest.NotAction === undefined ? {} : { Action: undefined }),
  ...(rest.NotResource === undefined ? {} : { Resource: undefined }),
});

const key = {
  accountId: ACCOUNT,
  spec: 'SYMMETRIC_DEFAULT',
  usage: 'ENCRYPT_DECRYPT',
  origin: 'AWS_KMS',
  multiRegion: null,
  createdAt: 0,
  lastUsed: null,
  aliases: () => ['alias/a'],
  tags: () => ({ a: 'a' }),
};
const request = fc
  .record({
    as: fc.constantFrom(...who),
    action: fc.constantFrom(...keyActions),
    encryptionContext: fc.dictionary(fc.constantFrom('x', 'X', 'a'), fc.constantFrom('a', 'b', 'ann'), {
      noNullPrototype: true,
    }),
    sourceIp: fc.constantFrom('127.0.0.1', '::1', 'coffer.local'),
    secureTransport: fc.boolean(),
  })
  .map(({ as, action, encryptionContext, sourceIp, secureTransport }): DecisionRequest => {
    const caller = { ...callerOf(as), region: REGION, sourceIp, userAgent: 'a', secureTransport };
    const facts: CallFacts = {
      caller,
      now: Date.UTC(2026, 0, 1),
      action,
      input: {},
      key,
      resourceAccountId: ACCOUNT,
      encryptionContext,
    };
    return {
      principalArn: caller.principalArn,
      accountId: caller.accountId,
      action,
      resource: KEY,
      resourceAccountId: ACCOUNT,
      encryptionContext,
      context: requestContext(facts),
    };
  });

const policiesOf = (keyStatements: readonly PolicyStatement[], own: readonly PolicyStatement[]): Policies => ({
  key: compilePolicy(documentOf(keyStatements), 'resource', 'key'),
  identity:
    own.length === 0
      ? []
      : [
          compilePolicy(
            parsePolicy(JSON.stringify({ Version: '2012-10-17', Statement: own.map(identityOf) }), 'identity'),
            'identity',
            'own',
          ),
        ],
  grants: () => [{ id: 'g', terms: { operations: ['Decrypt'] } }],
});
const statements = fc.array(statement, { minLength: 1, maxLength: 5 });
const runs = { numRuns: 1500 };

describe('decisions', () => {
  it('never allow more for a Deny that is added', () => {
    fc.assert(
      fc.property(
        statements,
        fc.array(statement, { maxLength: 3 }),
        statement,
        request,
        fc.boolean(),
        (of, own, more, asked, onKey) => {
          const deny = { ...more, Effect: 'Deny' as const };
          const before = decide(asked, policiesOf(of, own)).allowed;
          const after = decide(asked, onKey ? policiesOf([...of, deny], own) : policiesOf(of, [...own, deny])).allowed;
          expect(after && !before).toBe(false);
        },
      ),
      runs,
    );
  });

  it('do not depend on the order of statements', () => {
    fc.assert(
      fc.property(
        statements.chain((of) => fc.tuple(fc.constant(of), fc.shuffledSubarray(of, { minLength: of.length }))),
        fc.array(statement, { maxLength: 3 }),
        request,
        ([of, shuffled], own, asked) => {
          const first = decide(asked, policiesOf(of, own));
          const second = decide(asked, policiesOf(shuffled, [...own].reverse()));
          expect([second.allowed, second.reason]).toEqual([first.allowed, first.reason]);
        },
      ),
      runs,
    );
  });

  it('are reached by both effects, so that these properties say something', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(statements, fc.array(statement, { maxLength: 3 }), request, (of, own, asked) => {
        seen.add(decide(asked, policiesOf(of, own)).reason);
      }),
      // Always the same requests: by chance, one of the reasons may not come up.
      { numRuns: 5000, seed: 1 },
    );
    for (const reason of [
      'explicit deny',
      'key policy',
      'identity policy',
      'account root',
      'grant',
      'no key policy allows',
    ])
      expect([...seen]).toContain(reason);
  });

  it('are never that a statement fits which lint calls impossible', () => {
    const found = { impossible: 0, fits: 0 };
    fc.assert(
      fc.property(statements, request, (of, asked) => {
        const document = documentOf(of);
        const never = new Set(
          lintDocument(document, { type: 'resource', arn: KEY, accountId: ACCOUNT })
            .filter(({ rule }) => rule === 'never-matches')
            .map(({ statement: index }) => index),
        );
        const outcomes = decide(asked, { key: compilePolicy(document, 'resource', 'key') }).statements;
        for (const { statement: ref, matched } of outcomes) {
          if (never.has(ref.index)) found.impossible++;
          else if (matched !== null) found.fits++;
          expect(never.has(ref.index) && matched !== null).toBe(false);
        }
      }),
      { numRuns: 4000 },
    );
    expect(found.impossible).toBeGreaterThan(500);
    expect(found.fits).toBeGreaterThan(500);
  });
});

describe('documents', () => {
  it('are the same after they were printed and read again', () => {
    fc.assert(
      fc.property(statements, (of) => {
        const document = documentOf(of);
        expect(parsePolicy(formatPolicy(document))).toEqual(document);
      }),
    );
    for (const each of cases) {
      const text = policyText(each.key, each.version);
      if (text === null) continue;
      const document = parsePolicy(text);
      expect(parsePolicy(formatPolicy(document))).toEqual(document);
    }
  });

  it('are read and decided in bounded time, whatever stands in them', () => {
    const slow = `${'a*'.repeat(2000)}b`;
    const long = 'a'.repeat(4000);
    const document = documentOf([
      {
        Effect: 'Allow',
        Principal: '*',
        Action: ['kms:*', slow],
        Resource: ['*', `arn:aws:kms:${slow}`],
        Condition: { StringLike: { 'kms:EncryptionContext:x': [slow, `${'?*'.repeat(1000)}b`, '*'] } },
      },
    ]);
    const policy = compilePolicy(document, 'resource', 'key');
    const caller = { ...callerOf('root'), region: REGION, sourceIp: '::1', userAgent: long };
    const encryptionContext = { x: long };
    const facts = {
      caller,
      now: 0,
      action: 'kms:Encrypt',
      input: {},
      key,
      resourceAccountId: ACCOUNT,
      encryptionContext,
    };
    const asked: DecisionRequest = {
      ...callerOf('root'),
      action: 'kms:Encrypt',
      resource: KEY,
      resourceAccountId: ACCOUNT,
      context: requestContext(facts),
    };
    expect(decide(asked, { key: policy }).allowed).toBe(true);
  });
});

it('asks key policies about what there is', () => {
  for (const action of keyActions) expect([actionNames.includes(action), isKeyAction(action)]).toEqual([true, true]);
});
