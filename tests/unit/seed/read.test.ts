import { describe, expect, it } from 'vitest';
import { parseSeed } from '../../../src/main/seed/read.ts';
import { CofferError } from '../../../src/shared/kms/errors.ts';

const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';

/** The faults of a seed, a line each; fails when it has none. */
function faultsOf(text: string): string[] {
  try {
    parseSeed('seed.yaml', text);
  } catch (error) {
    if (error instanceof CofferError && error.code === 'SeedInvalid') return error.message.split('\n');
    throw error;
  }
  throw new Error('the seed is taken');
}

const account = (lines: string) => `version: 1\naccounts:\n  - id: 111122223333\n${lines}`;
const key = (lines: string) => account(`    keys:\n      - id: ${KEY}\n        region: eu-central-1\n${lines}`);

describe('a seed file', () => {
  it('keeps text as it is written: zeros of an account, dates, booleans', () => {
    const { seed } = parseSeed(
      'seed.yaml',
      `version: 1\naccounts:\n  - id: 012345678901\n    keys:\n      - id: ${KEY}\n        region: eu-central-1\n        tags: { since: 2012-10-17, on: true }`,
    );
    expect(seed.accounts[0]?.id).toBe('012345678901');
    expect(seed.accounts[0]?.keys[0]?.tags).toEqual({ since: '2012-10-17', on: 'true' });
  });

  it('has defaults, and one usage where there is only one', () => {
    const [symmetric] = parseSeed('s', key('')).seed.accounts[0]?.keys ?? [];
    expect(symmetric).toMatchObject({
      spec: 'SYMMETRIC_DEFAULT',
      usage: 'ENCRYPT_DECRYPT',
      state: 'Enabled',
      aliases: [],
    });
    const [hmac] = parseSeed('s', key('        spec: HMAC_256')).seed.accounts[0]?.keys ?? [];
    expect(hmac).toMatchObject({ usage: 'GENERATE_VERIFY_MAC' });
    const [rotated] = parseSeed('s', key('        rotation: {}')).seed.accounts[0]?.keys ?? [];
    expect(rotated?.rotation).toEqual({ periodInDays: 365 });
  });

  it('takes a policy as JSON text and as YAML', () => {
    const policyOf = (text: string) => JSON.parse(parseSeed('s', key(text)).seed.accounts[0]?.keys[0]?.policy ?? '');
    const policy = { Version: '2012-10-17', Statement: [] };
    expect(policyOf(`        policy: '${JSON.stringify(policy)}'`)).toEqual(policy);
    expect(policyOf('        policy:\n          Version: 2012-10-17\n          Statement: []')).toEqual(policy);
  });

  it('is told from others by what it says, not by how', () => {
    const print = (text: string) => parseSeed('s', text).fingerprint;
    const text = key('        description: a');
    expect(print(`# a comment\n${text.replace('description: a', 'description:   "a"')}`)).toBe(print(text));
    expect(print(key('        description: b'))).not.toBe(print(text));
  });

  it.each([
    ['YAML that is none', 'version: 1\naccounts: [', 'seed.yaml:2:12: '],
    ['a tab', 'version: 1\naccounts:\n\t- id: 1', 'seed.yaml:3:1: '],
    ['a member twice', 'version: 1\nversion: 1', 'seed.yaml:2:1: Map keys must be unique'],
    ['a tag', 'version: !own MQ==', 'seed.yaml:1:10: Unresolved tag'],
    ['two documents', 'version: 1\n---\nversion: 1', 'seed.yaml:2:1: '],
    ['nothing', '', 'seed.yaml:1:1: '],
    ['a list', '- version: 1', 'seed.yaml:1:1: '],
    [
      'another version',
      'version: 2\naccounts: [{ id: 111122223333 }]',
      'seed.yaml:1:10: version: this Coffer reads version 1',
    ],
    ['no accounts', 'version: 1', 'seed.yaml:1:1: accounts: it is missing'],
    [
      'a short account',
      'version: 1\naccounts:\n  - id: 1234',
      'seed.yaml:3:9: accounts[0].id: an account id has 12 digits',
    ],
    ['a misspelt member', account('    key: []'), 'seed.yaml:4:5: accounts[0]: there is no member key'],
    [
      'a member of a policy’s key',
      key('        polcy: x'),
      'seed.yaml:7:9: accounts[0].keys[0]: there is no member polcy',
    ],
    [
      'an unknown Region',
      account(`    keys:\n      - id: ${KEY}\n        region: mars-1`),
      'seed.yaml:6:17: accounts[0].keys[0].region: there is no such Region',
    ],
    [
      'an id in capitals',
      account('    keys:\n      - id: 1234ABCD-12ab-34cd-56ef-1234567890ab\n        region: eu-central-1'),
      'seed.yaml:5:13: accounts[0].keys[0].id: a key id is a UUID',
    ],
    ['an unknown spec', key('        spec: RSA_1024'), 'seed.yaml:7:15: accounts[0].keys[0].spec: '],
    [
      'a usage left out',
      key('        spec: RSA_2048'),
      'seed.yaml:7:15: accounts[0].keys[0].spec: a key of spec RSA_2048 must say its usage',
    ],
    [
      'a usage of another spec',
      key('        usage: SIGN_VERIFY'),
      'seed.yaml:7:16: accounts[0].keys[0].usage: SIGN_VERIFY is not a usage of SYMMETRIC_DEFAULT',
    ],
    [
      'rotation of HMAC',
      key('        spec: HMAC_256\n        rotation: {}'),
      'seed.yaml:8:19: accounts[0].keys[0].rotation: a key of spec HMAC_256 does not rotate',
    ],
    [
      'a period too short',
      key('        rotation: { periodInDays: 89 }'),
      'seed.yaml:7:35: accounts[0].keys[0].rotation.periodInDays: ',
    ],
    [
      'replicas of a single-Region key',
      key('        replicas: [{ region: eu-west-1 }]'),
      'seed.yaml:7:19: accounts[0].keys[0].replicas: only a multi-Region key',
    ],
    [
      'half an access key',
      account('    accessKeys:\n      - id: AKIAIOSFODNN7EXAMPLE'),
      'seed.yaml:5:9: accounts[0].accessKeys[0]: an access key has either',
    ],
    [
      'a key twice',
      key(`      - id: ${KEY}\n        region: eu-west-1`),
      'seed.yaml:7:13: accounts[0].keys[1].id: the key id is there twice',
    ],
    [
      'an alias twice',
      key('        aliases: [alias/a, alias/a]'),
      'seed.yaml:7:28: accounts[0].keys[0].aliases[1]: the alias is there twice',
    ],
    [
      'a user twice',
      account('    users: [{ name: ann }, { name: Ann }]'),
      'seed.yaml:4:36: accounts[0].users[1].name: ',
    ],
    [
      'an account twice',
      `${account('')}  - id: 111122223333`,
      'seed.yaml:4:9: accounts[1].id: the account is there twice',
    ],
    [
      'an access key twice',
      account('    accessKeys: [&k { id: AKIAIOSFODNN7EXAMPLE, secret: secret-of-a-test }, *k ]'),
      'accounts[0].accessKeys[1].id: the access key id is there twice',
    ],
    [
      'a foreign default account',
      `defaultAccount: 444455556666\n${account('')}`,
      'seed.yaml:1:17: defaultAccount: there is no such account',
    ],
  ])('with %s says so and where', (_what, text, says) => {
    expect(faultsOf(text)[0]).toContain(says);
  });

  it('tells several faults, never a value', () => {
    const faults = faultsOf(
      account('    accessKeys:\n      - id: tell-nobody-1\n        secret: "tell nobody 2"\n    x: tell-nobody-3'),
    );
    expect(faults).toHaveLength(3);
    expect(faults.join()).not.toMatch(/tell.nobody/);
    const many = faultsOf(account(Array.from({ length: 20 }, (_, n) => `    x${n}: 1\n`).join('')));
    expect(many.at(-1)).toBe('and 10 more');
  });

  it('does not follow aliases of YAML without end', () => {
    const bomb = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [name, of] of [
      ['b', 'a'],
      ['c', 'b'],
      ['d', 'c'],
    ])
      bomb.push(`${name}: &${name} [${Array(10).fill(`*${of}`).join(', ')}]`);
    expect(faultsOf(bomb.join('\n'))[0]).toContain('its aliases cannot be followed');
  });
});
