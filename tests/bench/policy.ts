import { compilePolicy } from '../../src/main/policy/compile.ts';
import { type DecisionRequest, decide, type Policies } from '../../src/main/policy/decide.ts';
import { parsePolicy } from '../../src/main/policy/document.ts';
import { requestContext } from '../../src/main/policy/request-context.ts';
import { aliasArn, keyArn, rootArn } from '../../src/shared/iam/arn.ts';

/**
 * Decisions a second, with every reason, by a key policy and two identity policies that have 5, 50 and 500 statements
 * together, parsed once. Nine of ten requests are allowed, by one of the last statements; half the statements have
 * conditions, a third name resources with wildcards. The last line of the output is one JSON object;
 * COFFER_BENCH_SECONDS is how long each figure is measured.
 */
const SECONDS = Number(process.env.COFFER_BENCH_SECONDS ?? 3);
const ACCOUNT = '111122223333';
const REGION = 'eu-central-1';
const KEY = keyArn(REGION, ACCOUNT, '1234abcd-12ab-34cd-56ef-1234567890ab');
const ROUND = 1000;
const NOW = Date.UTC(2026, 0, 1);

const user = (name: string) => `arn:aws:iam::${ACCOUNT}:user/${name}`;
const actions = [['kms:Encrypt', 'kms:ReEncrypt*'], 'kms:Get*', 'kms:Decrypt', ['kms:Sign', 'kms:Verify']];
const conditions = [
  undefined,
  { StringEquals: { 'kms:EncryptionContext:purpose': ['backup', 'archive'] } },
  undefined,
  { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' }, Bool: { 'aws:SecureTransport': 'true' } },
];

/** A statement that does not fit the request, each for its own reason. */
function other(index: number, type: 'resource' | 'identity') {
  const who = { Principal: { AWS: index % 5 === 0 ? user(`someone-${index}`) : '*' } };
  return {
    Sid: `Statement${index}`,
    Effect: index % 10 === 9 ? 'Deny' : 'Allow',
    ...(type === 'resource' ? who : {}),
    Action: index % 3 === 0 ? 'kms:Encrypt' : actions[index % actions.length],
    Resource: index % 3 === 1 ? `arn:aws:kms:*:${ACCOUNT}:key/${index}-*` : '*',
    Condition: conditions[index % conditions.length] ?? {
      StringLike: { 'kms:ViaService': `s${index}.*.amazonaws.com` },
    },
  };
}

function policiesOf(statements: number): Policies {
  const share = Math.floor((statements - 2) / 3);
  const others = (from: number, count: number, type: 'resource' | 'identity') =>
    Array.from({ length: count }, (_, index) => other(from + index, type));
  const delegation = { Effect: 'Allow', Principal: { AWS: rootArn(ACCOUNT) }, Action: 'kms:*', Resource: '*' };
  const use = { Effect: 'Allow', Action: ['kms:Encrypt', 'kms:Decrypt'], Resource: `arn:aws:kms:*:${ACCOUNT}:key/*` };
  const compiled = (list: object[], type: 'resource' | 'identity', name: string) =>
    compilePolicy(parsed({ Version: '2012-10-17', Statement: list }, type), type, name);
  return {
    key: compiled([...others(0, share, 'resource'), delegation], 'resource', 'key policy'),
    identity: [
      ...(share > 0 ? [compiled(others(share, share, 'identity'), 'identity', 'first')] : []),
      compiled([...others(2 * share, statements - 2 - 2 * share, 'identity'), use], 'identity', 'second'),
    ],
  };
}

/** 500 statements are more than a document may have bytes for; the evaluator does not mind. */
function parsed(document: object, type: 'resource' | 'identity') {
  const statements = (document as { Statement: object[] }).Statement;
  const parts = Array.from({ length: Math.ceil(statements.length / 50) }, (_, part) =>
    parsePolicy(JSON.stringify({ ...document, Statement: statements.slice(part * 50, part * 50 + 50) }), type),
  );
  const [first] = parts;
  if (!first) throw new Error('a policy without statements');
  return { ...first, Statement: parts.flatMap(({ Statement }) => Statement) };
}

/** Made anew for each decision, as it is for each call. */
function requestOf(index: number): DecisionRequest {
  const principalArn = user(`user-${index}`);
  const action = index === 0 ? 'kms:PutKeyPolicy' : index % 2 === 0 ? 'kms:Encrypt' : 'kms:Decrypt';
  const encryptionContext = { purpose: 'bench', run: String(index) };
  const key = {
    accountId: ACCOUNT,
    spec: 'SYMMETRIC_DEFAULT',
    usage: 'ENCRYPT_DECRYPT',
    origin: 'AWS_KMS',
    multiRegion: null,
    createdAt: NOW,
    lastUsed: null,
    aliases: () => [aliasArn(REGION, ACCOUNT, 'alias/bench')],
    tags: () => ({}),
  };
  const caller = { principalArn, accountId: ACCOUNT, region: REGION, sourceIp: '203.0.113.7', userAgent: 'bench' };
  const facts = { caller, now: NOW, action, input: {}, key, resourceAccountId: ACCOUNT, encryptionContext };
  return {
    principalArn,
    accountId: ACCOUNT,
    action,
    resource: KEY,
    resourceAccountId: ACCOUNT,
    encryptionContext,
    context: requestContext(facts),
  };
}

function rate(statements: number): number {
  const policies = policiesOf(statements);
  const round = () => {
    let allowed = 0;
    for (let i = 0; i < ROUND; i++) if (decide(requestOf(i % 10), policies).allowed) allowed++;
    if (allowed !== (ROUND * 9) / 10) throw new Error(`${allowed} of ${ROUND} requests were allowed`);
  };
  const run = (seconds: number) => {
    const began = performance.now();
    let decisions = 0;
    for (; performance.now() < began + seconds * 1000; decisions += ROUND) round();
    return (decisions * 1000) / (performance.now() - began);
  };
  run(SECONDS / 3);
  return Math.round(run(SECONDS));
}

console.log(JSON.stringify({ decisions_per_s: rate(50), decisions_per_s_5: rate(5), decisions_per_s_500: rate(500) }));
