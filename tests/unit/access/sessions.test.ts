import { afterEach, beforeEach, expect, it } from 'vitest';
import { Sessions } from '../../../src/main/access/sessions.ts';
import { systemRandom } from '../../../src/main/system.ts';
import { ACCOUNT, ROOT } from '../../support/engine.ts';
import { openTestPeople, type TestPeople, trust } from '../../support/iam.ts';

const HOUR = 3_600_000;

let t: TestPeople;
beforeEach(async () => {
  t = await openTestPeople();
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const issue = (principal: string | null, session: string | null = null) =>
  t.sessions.issue({ accountId: ACCOUNT, principal, session, expiresAt: t.clock.now() + HOUR, mfaAt: null });
/** What opening a token is refused with; `ok` when it is not. */
function opened(id: string, token: string, sessions = t.sessions): string {
  try {
    sessions.open(id, token);
    return 'ok';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
const INVALID = 'UnrecognizedClientException';

it('a token holds all there is to know: another process of the vault opens it, the vault stores nothing', () => {
  const rows = () => ['access_keys', 'principals', 'settings'].map((each) => t.store.db.all(`SELECT * FROM ${each}`));
  const before = rows();
  const { accessKeyId, sessionToken, secretAccessKey } = issue(null);
  expect(rows()).toEqual(before);
  const again = new Sessions(t.store, { clock: t.clock, random: systemRandom() });
  expect(again.open(accessKeyId, sessionToken)).toMatchObject({ principalArn: ROOT, secret: secretAccessKey });
  expect(Buffer.from(sessionToken, 'base64').toString('latin1')).not.toContain(secretAccessKey);
});

it('a token ends at its time', () => {
  const { accessKeyId, sessionToken } = issue(null);
  t.clock.time += HOUR - 1;
  expect(opened(accessKeyId, sessionToken)).toBe('ok');
  t.clock.time += 1;
  expect(opened(accessKeyId, sessionToken)).toBe('ExpiredTokenException');
});

it('a token ends with its user or role, also when another of the same name comes', async () => {
  const { userId = '' } = await t.user('ann');
  const { RoleId } = await t.role('R', trust(ROOT));
  const tokens = [issue(userId), issue(RoleId, 'monday')];
  const all = () => tokens.map(({ accessKeyId, sessionToken }) => opened(accessKeyId, sessionToken));
  expect(all()).toEqual(['ok', 'ok']);
  await t.iam('DeleteUser', { UserName: 'ann' });
  await t.iam('DeleteRole', { RoleName: 'R' });
  expect(all()).toEqual([INVALID, INVALID]);
  await t.user('ann');
  await t.role('R', trust(ROOT));
  expect(all()).toEqual([INVALID, INVALID]);
});

it('a token of a root ends with its account', async () => {
  const { AccountId: accountId } = await t.iam('CreateAccount', {});
  const wish = { accountId, principal: null, session: null, expiresAt: t.clock.now() + HOUR, mfaAt: null };
  const { accessKeyId, sessionToken } = t.sessions.issue(wish);
  expect(opened(accessKeyId, sessionToken)).toBe('ok');
  await t.iam('DeleteAccount', { AccountId: accountId });
  expect(opened(accessKeyId, sessionToken)).toBe(INVALID);
});

it('every altered byte, every cut and every addition is refused', () => {
  const { accessKeyId, sessionToken } = issue(null);
  const bytes = Buffer.from(sessionToken, 'base64');
  for (let at = 0; at < bytes.length; at++) {
    const altered = Buffer.from(bytes);
    altered[at] = (altered[at] as number) ^ (1 << (at % 8));
    expect(opened(accessKeyId, altered.toString('base64'))).toBe(INVALID);
  }
  for (const altered of [bytes.subarray(1), bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)])])
    expect(opened(accessKeyId, altered.toString('base64'))).toBe(INVALID);
  for (const text of [
    '',
    'AQ==',
    ' ',
    sessionToken.slice(0, -1),
    `${sessionToken}=`,
    `${sessionToken}\n`,
    '%',
    'A'.repeat(1e6),
  ])
    expect(opened(accessKeyId, text)).toBe(INVALID);
});

it('no character of a token can be exchanged, whatever base64 leaves open', () => {
  const { accessKeyId, sessionToken } = issue(null);
  for (let at = 0; at < sessionToken.length; at++)
    for (const letter of ['A', 'B', '/', '='])
      if (sessionToken[at] !== letter)
        expect(opened(accessKeyId, sessionToken.slice(0, at) + letter + sessionToken.slice(at + 1))).toBe(INVALID);
});

it('a token is bound to its access key id, and to its vault', async () => {
  const { accessKeyId, sessionToken } = issue(null);
  const other = issue(null);
  expect(opened(other.accessKeyId, sessionToken)).toBe(INVALID);
  const foreign = await openTestPeople();
  expect(opened(accessKeyId, sessionToken, foreign.sessions)).toBe(INVALID);
  await foreign.close();
});

it('a locked vault opens none and makes none', async () => {
  const { accessKeyId, sessionToken } = issue(null);
  await t.close();
  expect(opened(accessKeyId, sessionToken)).toBe('VaultLocked');
  expect(() => issue(null)).toThrow('The vault is locked.');
  t = await openTestPeople();
});
