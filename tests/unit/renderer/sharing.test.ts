import { describe, expect, it } from 'vitest';
import {
  identityPolicyFor,
  sharesIn,
  statementFor,
  type Target,
  targetOf,
  targetWords,
  withoutShare,
  withShare,
} from '../../../src/renderer/features/keys/share/sharing.ts';
import { defaultKeyPolicy } from '../../../src/shared/iam/default-policy.ts';

const HOME = '111122223333';
const KEY = `arn:aws:kms:eu-central-1:${HOME}:key/1234`;
const policy = defaultKeyPolicy(HOME);
const target = (text: string): Target => {
  const found = targetOf(text);
  if (!found) throw new Error(`${text} is nobody`);
  return found;
};

describe('sharing a key', () => {
  it('is with an account, or a user or role by its ARN', () => {
    expect(target(' 444455556666 ')).toMatchObject({ arn: 'arn:aws:iam::444455556666:root', kind: 'account' });
    expect(target('arn:aws:iam::444455556666:root')).toMatchObject({ accountId: '444455556666', kind: 'account' });
    expect(target('arn:aws:iam::444455556666:user/team/bob')).toMatchObject({ kind: 'user', name: 'bob' });
    expect(targetWords(target('arn:aws:iam::444455556666:role/reader'))).toBe('role reader of account 444455556666');
    for (const nobody of [
      '',
      '123',
      'bob',
      '*',
      's3.amazonaws.com',
      KEY,
      'arn:aws:iam::444455556666:user/',
      'arn:aws:iam:::root',
    ])
      expect(targetOf(nobody), nobody).toBeNull();
  });

  it('adds one statement, for decrypting alone, and takes exactly that away again', () => {
    const bob = target('arn:aws:iam::444455556666:user/bob');
    const shared = withShare(policy, statementFor(bob, { purpose: 'tax', year: '2026' })) ?? '';
    expect(JSON.parse(shared).Statement).toEqual([
      JSON.parse(policy).Statement[0],
      {
        Sid: 'Shared with user bob of account 444455556666',
        Effect: 'Allow',
        Principal: { AWS: bob.arn },
        Action: 'kms:Decrypt',
        Resource: '*',
        Condition: {
          StringEquals: { 'kms:EncryptionContext:purpose': 'tax', 'kms:EncryptionContext:year': '2026' },
        },
      },
    ]);
    const [share, ...others] = sharesIn(shared);
    expect(others).toEqual([]);
    expect(share).toEqual({ index: 1, target: bob, context: { purpose: 'tax', year: '2026' } });
    expect(JSON.parse(withoutShare(shared, share as NonNullable<typeof share>) ?? '')).toEqual(JSON.parse(policy));
  });

  it('with the same target again replaces what was there', () => {
    const account = target('444455556666');
    const once = withShare(policy, statementFor(account, {})) ?? '';
    const twice = withShare(once, statementFor(account, { purpose: 'tax' })) ?? '';
    expect(sharesIn(twice)).toEqual([{ index: 1, target: account, context: { purpose: 'tax' } }]);
    expect(JSON.parse(twice).Statement).toHaveLength(2);
  });

  it('counts no statement that somebody wrote or changed by hand', () => {
    const made = statementFor(target('444455556666'), {});
    for (const changes of [{ Action: 'kms:*' }, { Sid: 'Mine' }, { Principal: '*' }, { Effect: 'Deny' }])
      expect(sharesIn(withShare(policy, { ...made, ...changes } as typeof made) ?? '')).toEqual([]);
    expect(sharesIn('no JSON')).toEqual([]);
    expect(withShare('no JSON', made)).toBeNull();
  });

  it('gives the other side the same right, on this key and with the same pairs', () => {
    expect(identityPolicyFor(KEY, { purpose: 'tax' })).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: 'kms:Decrypt',
          Resource: KEY,
          Condition: { StringEquals: { 'kms:EncryptionContext:purpose': 'tax' } },
        },
      ],
    });
  });
});
