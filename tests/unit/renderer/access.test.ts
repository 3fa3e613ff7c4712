import { describe, expect, it } from 'vitest';
import { actionGroups, tellingGroups, usesOf } from '../../../src/renderer/features/access/action-groups.ts';
import {
  byAccount,
  type KeyPrincipal,
  reachesBy,
  sifted,
  toCsv,
} from '../../../src/renderer/features/access/principals.ts';
import { policyBlocks, policyLines } from '../../../src/renderer/features/access/simulator/policy-lines.ts';
import {
  blank,
  circumstancesOf,
  iamInput,
  inputOf,
} from '../../../src/renderer/features/access/simulator/simulation.ts';
import { keyActionNames } from '../../../src/shared/iam/actions.ts';
import { keyUsages } from '../../../src/shared/kms/enums.ts';
import { access } from '../../../src/shared/kms/schemas/access.ts';

const ANN = 'arn:aws:iam::111122223333:user/ann';

describe('the groups of actions', () => {
  it('have every action on a key once', () => {
    expect(actionGroups.flatMap(({ actions }) => actions).sort()).toEqual([...keyActionNames].sort());
  });

  it('tell of what a key is for', () => {
    for (const usage of keyUsages) {
      const telling = tellingGroups(usage).flatMap(({ actions }) => actions);
      expect(telling).toEqual(expect.arrayContaining([...usesOf(usage), 'kms:PutKeyPolicy']));
      expect(telling.length).toBeLessThan(12);
    }
  });
});

describe("a policy's lines", () => {
  const statement = (Sid: string) => ({ Sid, Effect: 'Allow', Principal: '*', Action: ['kms:Sign', 'kms:Verify'] });
  const documents = [
    { Version: '2012-10-17', Id: 'a', Statement: [statement('one'), statement('two')] },
    { Statement: statement('only'), Version: '2012-10-17' },
    { Statement: [] },
  ];
  it.each(documents)('are the text as it is laid out everywhere: %j', (document) => {
    const laidOut = JSON.stringify(document, null, 2);
    expect(
      policyLines(JSON.stringify(document))
        .map(({ text }) => text)
        .join('\n'),
    ).toBe(laidOut);
    expect(
      policyBlocks(laidOut)
        .map(({ text }) => text)
        .join('\n'),
    ).toBe(laidOut);
  });

  it('know their statement', () => {
    const blocks = policyBlocks(JSON.stringify(documents[0]));
    expect(blocks.map((block) => block.statement)).toEqual([null, 0, 1, null]);
    expect(blocks[2]?.text).toContain('"two"');
    expect(blocks[2]?.text).not.toContain('"one"');
    expect(policyBlocks(JSON.stringify(documents[1])).map((block) => block.statement)).toEqual([null, 0, null]);
  });

  it('show what is no policy as it is', () => {
    expect(policyLines('{ not\njson')).toEqual([
      { text: '{ not', statement: null },
      { text: 'json', statement: null },
    ]);
    expect(policyBlocks('[1]')).toEqual([{ start: 0, statement: null, text: '[1]' }]);
  });
});

describe('the question', () => {
  const asked = { ...blank, principal: ` ${ANN} `, actions: ['kms:Decrypt'] };

  it('is asked when it is whole', () => {
    expect(inputOf(asked, null)).toBeNull();
    expect(inputOf({ ...asked, actions: [] }, 'k')).toBeNull();
    expect(inputOf({ ...asked, principal: ' ' }, 'k')).toBeNull();
    expect(inputOf(asked, 'k')).toEqual({ KeyId: 'k', PrincipalArn: ANN, ActionNames: ['kms:Decrypt'] });
  });

  it('says its circumstances', () => {
    const whole = {
      ...asked,
      context: { app: 'files' },
      mfa: false,
      viaService: ' s3.eu-central-1.amazonaws.com',
      sourceIp: '192.0.2.7',
      entries: [
        { id: 1, name: 'aws:TagKeys', value: 'a' },
        { id: 2, name: 'aws:TagKeys', value: 'b' },
        { id: 3, name: ' ', value: 'nothing' },
      ],
    };
    const input = inputOf(whole, 'k');
    expect(input).toEqual({
      KeyId: 'k',
      PrincipalArn: ANN,
      ActionNames: ['kms:Decrypt'],
      EncryptionContext: { app: 'files' },
      MultiFactorAuthPresent: false,
      ViaService: 's3.eu-central-1.amazonaws.com',
      SourceIp: '192.0.2.7',
      ContextEntries: { 'aws:TagKeys': ['a', 'b'] },
    });
    expect(access.SimulateAccess.input.safeParse(input).success).toBe(true);
    expect(circumstancesOf(whole)).toBe(5);
    expect(circumstancesOf(asked)).toBe(0);
  });

  it('has a nearest call at AWS for a user alone', () => {
    const key = { Arn: 'arn:aws:kms:eu-central-1:111122223333:key/k', Policy: '{}' };
    const input = {
      KeyId: 'k',
      PrincipalArn: ANN,
      ActionNames: ['kms:Decrypt'],
      EncryptionContext: { app: 'files' },
      MultiFactorAuthPresent: true,
      ContextEntries: { 'kms:GrantOperations': ['Sign'] },
    };
    expect(iamInput(input, key)).toEqual({
      PolicySourceArn: ANN,
      ActionNames: ['kms:Decrypt'],
      ResourceArns: [key.Arn],
      ResourcePolicy: '{}',
      ContextEntries: [
        { ContextKeyName: 'kms:EncryptionContext:app', ContextKeyValues: ['files'], ContextKeyType: 'string' },
        { ContextKeyName: 'aws:MultiFactorAuthPresent', ContextKeyValues: ['true'], ContextKeyType: 'boolean' },
        { ContextKeyName: 'kms:GrantOperations', ContextKeyValues: ['Sign'], ContextKeyType: 'stringList' },
      ],
    });
    for (const PrincipalArn of ['s3.amazonaws.com', 'arn:aws:iam::111122223333:root'])
      expect(iamInput({ ...input, PrincipalArn }, key)).toBeNull();
  });
});

describe('principals', () => {
  const one = (PrincipalArn: string, Kind: KeyPrincipal['Kind'], reach: KeyPrincipal['Reaches'][number]) => ({
    PrincipalArn,
    Kind,
    AccountId: PrincipalArn.split(':')[4] ?? '',
    Reaches: [reach, 'never' as const],
  });
  const everyone: KeyPrincipal[] = [
    one('arn:aws:iam::111122223333:root', 'root', 'always'),
    one(ANN, 'user', 'never'),
    one('s3.amazonaws.com', 'service', 'conditional'),
    one('arn:aws:iam::444455556666:role/Reader', 'other', 'never'),
  ];

  it('are by account, services last', () => {
    expect(byAccount(everyone).map(({ title, principals }) => [title, principals.length])).toEqual([
      ['Account 111122223333', 2],
      ['Account 444455556666', 1],
      ['Services', 1],
    ]);
  });

  it('are sifted by words and by what they can do', () => {
    const names = (text: string, withAccess: boolean) =>
      sifted(everyone, { text, withAccess }).map(({ PrincipalArn }) => PrincipalArn.split(':').at(-1));
    expect(names('', false).length).toBe(4);
    expect(names('', true)).toEqual(['root', 's3.amazonaws.com']);
    expect(names('444 ROLE', false)).toEqual(['role/Reader']);
  });

  it('are written as comma-separated values', () => {
    const reachOf = reachesBy(['kms:Encrypt', 'kms:Sign']);
    const csv = toCsv(['kms:Sign', 'kms:Encrypt'], everyone.slice(0, 1), reachOf);
    expect(csv).toBe(
      '"Principal","Kind","kms:Sign","kms:Encrypt"\r\n"arn:aws:iam::111122223333:root","root","never","always"',
    );
    expect(toCsv([], [one('=a"b', 'other', 'never')], reachOf)).toContain(`"'=a""b","other"`);
  });
});
