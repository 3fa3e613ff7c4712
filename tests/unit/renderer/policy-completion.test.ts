import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type CompletionFacts, choicesAt, spotAt } from '../../../src/renderer/features/access/policy/completion.ts';

const ROOT = 'arn:aws:iam::111122223333:root';
const facts: CompletionFacts = { type: 'resource', principals: [ROOT, 's3.amazonaws.com'], keyArn: 'arn:key' };

/** The choices where `|` stands in a text. */
function at(marked: string, more: Partial<CompletionFacts> = {}): readonly string[] {
  const offset = marked.indexOf('|');
  const spot = spotAt(marked.replace('|', ''), offset);
  return spot ? choicesAt(spot, { ...facts, ...more }).map(({ label }) => label) : [];
}

it('offers what can stand there', () => {
  const statement = (inner: string) => `{"Version": "2012-10-17", "Statement": [{"Effect": "Allow"}, {${inner}`;
  for (const [text, some, none] of [
    ['{|', ['Version', 'Statement'], ['Effect']],
    ['{"Version": "2012-10-17", "|"}', ['Id', 'Statement'], ['Version']],
    ['{"|", "Statement": []}', ['Version', 'Id'], ['Statement']],
    ['{"Version": "|"}', ['2012-10-17'], []],
    [statement('|'), ['Effect', 'Principal', 'NotAction'], ['Version']],
    [statement('"Effect": |'), ['Allow', 'Deny'], []],
    [statement('"Effect": "Al|"'), ['Allow', 'Deny'], []],
    [statement('"Sid": "a", "E|", "Action": "kms:*"}]}'), ['Effect', 'Condition'], ['Sid', 'Action']],
    [statement('"Action": ["kms:Enc|'), ['kms:Encrypt', 'kms:*'], ['kms:ListKeys']],
    [
      statement('"Action": "kms:Encrypt", "Condition": {"|'),
      ['StringEquals', 'BoolIfExists', 'ForAnyValue:ArnLike'],
      ['NullIfExists'],
    ],
    [statement('"Condition": {"StringEquals": {"kms:V|"}}'), ['kms:ViaService', 'aws:username'], []],
    [statement('"Condition": {"StringEquals": {"kms:KeySpec": "|"'), ['RSA_2048', 'SYMMETRIC_DEFAULT'], []],
    [statement('"Condition": {"Null": {"kms:KeySpec": |'), ['true', 'false'], ['RSA_2048']],
    [statement('"Condition": {"StringEquals": {"kms:CallerAccount": ["|'), ['111122223333'], []],
    [statement('"Condition": {"ArnLike": {"aws:PrincipalArn": "|'), [ROOT], ['s3.amazonaws.com']],
    [statement('"Principal": {"|'), ['AWS', 'Service'], []],
    [statement('"Principal": |'), ['*'], [ROOT]],
    [statement('"Principal": {"AWS": ["|"]}'), [ROOT, '*'], ['s3.amazonaws.com']],
    [statement('"Principal": {"Service": "|'), ['s3.amazonaws.com'], [ROOT]],
    [statement('"Resource": "|'), ['*', 'arn:key'], []],
    ['{"Statement": {"Effect": "|"}}', ['Allow'], []],
    ['{"Statement": {"Condition": {"Bool": {"|', ['aws:SecureTransport'], []],
  ] as const) {
    const offered = at(text);
    expect([text, offered]).toEqual([text, expect.arrayContaining([...some])]);
    expect([text, offered.filter((label) => (none as readonly string[]).includes(label))]).toEqual([text, []]);
  }
  expect(at('{"Statement": [{"|', { type: 'identity' })).not.toContain('Principal');
  expect(at('{"Statement": [{"Action": "|', { type: 'identity' })).toContain('kms:ListKeys');
  expect(at('{"Statement": [{"Action": "|', { type: 'identity' })).toEqual(
    expect.arrayContaining(['iam:*', 'iam:CreateUser', 'sts:AssumeRole']),
  );
  expect(at('{"Statement": [{"Action": "|')).not.toContain('iam:CreateUser');
  expect(at('{"Statement": [{"Action": "|', { type: 'trust' })).toEqual(['sts:AssumeRole']);
  expect(at('{"Statement": [{"|', { type: 'trust' })).not.toContain('Resource');
  const key = '{"Statement": [{"Condition": {"StringEquals": {"|';
  expect(at(key, { type: 'trust' })).toEqual(expect.arrayContaining(['sts:ExternalId', 'aws:PrincipalArn']));
  expect(at(key, { type: 'trust' })).not.toContain('kms:ViaService');
  expect(at(key)).not.toContain('sts:ExternalId');
  for (const nothing of [
    '|',
    '{}|',
    '{"Id": "|"}',
    '{"Statement": [{"Sid": "|',
    '{"X": {"|',
    '{"Statement": [{"Principal": {"AWS": {"|',
  ])
    expect([nothing, at(nothing)]).toEqual([nothing, []]);
});

it('says what the choice takes the place of', () => {
  const text = '{"Statement": [{"Effect" : "Al"}]}';
  expect(spotAt(text, 20)).toMatchObject({ from: 16, to: 24, role: 'name', hasColon: true, path: ['Statement', 0] });
  expect(spotAt(text, 30)).toMatchObject({ from: 27, to: 31, role: 'value', path: ['Statement', 0, 'Effect'] });
  expect(spotAt('{"Ver', 5)).toMatchObject({ from: 1, to: 5, hasColon: false });
});

it('takes any text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '"a"', '\\', '1', '\n')),
      fc.nat(),
      (parts, at) => {
        const text = parts.join('');
        const spot = spotAt(text, at % (text.length + 1));
        if (spot) choicesAt(spot, facts);
      },
    ),
    { numRuns: 2000 },
  );
  // Work that grows with the square of the text, or faster, would not come back from these in the test's time.
  spotAt('{"a": ['.repeat(20_000), 140_000);
  spotAt(`{"${'\\'.repeat(100_000)}`, 100_000);
});
