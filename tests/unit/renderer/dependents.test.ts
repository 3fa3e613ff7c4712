import { expect, it } from 'vitest';
import {
  type Dependents,
  dependentFacts,
  listed,
  materialFacts,
} from '../../../src/renderer/features/keys/dependents/facts.ts';

const NOW = Date.UTC(2026, 5, 1);
const DAY = 86_400_000;
const user = (name: string) => `arn:aws:iam::111122223333:user/${name}`;

const found = (changes: Partial<Dependents> = {}): Dependents => ({
  KeyId: 'k',
  Aliases: [],
  Regions: [],
  GrantCount: 0,
  Grantees: [],
  Policies: [],
  UsedSince: new Date(NOW - 30 * DAY),
  UseCount: 0,
  Uses: [],
  Users: [],
  FileCount: 0,
  FileContexts: [],
  Unseen: [],
  ...changes,
});

it('says nothing of what there is not', () => {
  expect(dependentFacts(found(), 'delete', NOW)).toEqual([]);
  expect(dependentFacts(found(), 'pause', NOW)).toEqual([]);
});

it('names what depends on a key that is deleted', () => {
  const all = found({
    Aliases: ['alias/a', 'alias/b'],
    GrantCount: 3,
    Grantees: [
      { Principal: user('ann'), Count: 2 },
      { Principal: 'backup.amazonaws.com', Count: 1 },
    ],
    Regions: [{ Region: 'eu-west-1', MultiRegionKeyType: 'REPLICA' }],
    Policies: [{ PrincipalArn: user('ann'), PolicyName: 'UseKeys' }],
    UseCount: 12,
    Uses: [
      { Name: 'Decrypt', Count: 10 },
      { Name: 'Encrypt', Count: 2 },
    ],
    Users: [{ PrincipalArn: user('ann'), Count: 12, LastTime: new Date(NOW - 2 * DAY) }],
    FileCount: 2,
    FileContexts: [{ purpose: 'letters', year: '2026' }],
  });
  expect(dependentFacts(all, 'delete', NOW)).toEqual([
    '2 files were encrypted with it on the Files screen. Encryption context: purpose=letters, year=2026.',
    '2 aliases go with it: alias/a and alias/b.',
    '3 grants end with it: for user ann (2) and backup.amazonaws.com.',
    'It is the primary key of 1 replica, in eu-west-1. Its own waiting period begins once that replica is deleted.',
    '1 policy names it: UseKeys of user ann.',
    '12 calls used it in the last 30 days: 10 Decrypt, 2 Encrypt.',
    'Used lately by user ann (12 calls, the last 2 days ago).',
  ]);
  expect(dependentFacts(all, 'pause', NOW)).toContain('Its key in eu-west-1 goes on working.');
  expect(dependentFacts(all, 'pause', NOW)).toContain(
    '3 grants do nothing meanwhile: for user ann (2) and backup.amazonaws.com.',
  );
});

it('a replica leaves the others', () => {
  const replica = found({ Regions: [{ Region: 'us-east-1', MultiRegionKeyType: 'PRIMARY' }] });
  expect(dependentFacts(replica, 'delete', NOW)).toEqual([
    'It is a replica: the key in us-east-1 stays and opens the same.',
  ]);
});

it('counts what it does not name', () => {
  expect(listed([])).toBe('');
  expect(listed(['a'])).toBe('a');
  expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
  expect(listed(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toBe('a, b, c, d, e and 2 more');
  expect(listed(['a', 'b'], 1002)).toBe('a, b and 1,000 more');
});

it('says what becomes of material that is elsewhere', () => {
  const of = (Origin: 'AWS_KMS' | 'AWS_CLOUDHSM' | 'EXTERNAL_KEY_STORE' | 'EXTERNAL', KeySpec = 'SYMMETRIC_DEFAULT') =>
    materialFacts({ Origin, KeySpec: KeySpec as 'SYMMETRIC_DEFAULT' }).join();
  expect(of('AWS_KMS')).toBe('');
  expect(of('AWS_CLOUDHSM')).toContain('destroyed there too');
  expect(of('EXTERNAL_KEY_STORE')).toContain('needs both');
  expect(of('EXTERNAL')).toContain('does not open what this key encrypted');
  expect(of('EXTERNAL', 'RSA_2048')).toContain('goes on working');
});
