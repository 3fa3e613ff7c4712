import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { eventWords } from '../../../src/renderer/features/activity/event-words.ts';
import { sentenceOf, type TrailEvent } from '../../../src/renderer/features/activity/sentence.ts';
import { iamOperations } from '../../../src/shared/iam/operations.ts';
import { operations } from '../../../src/shared/kms/operations.ts';

const ACCOUNT = '111122223333';
const event = (EventName: string, more: Partial<TrailEvent> = {}) =>
  ({ EventName, PrincipalArn: `arn:aws:iam::${ACCOUNT}:user/team/ada`, UserAgent: 'test', ...more }) as TrailEvent;

/** Names of events that stand in the code that writes records, beside those of operations. */
function writtenInSource(): string[] {
  const root = path.join(import.meta.dirname, '../../../src/main');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const text = files.map((file) => readFileSync(path.join(root, file), 'utf8')).join('\n');
  const patterns = [
    /eventName: '(\w+)'/g,
    /eventName = .*\? '(\w+)' : '(\w+)'/g,
    /serviceEvent\(\w+, [\w.]+, '(\w+)'/g,
    /this\.#call\('(\w+)'/g,
  ];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, ...names]) => names.filter(Boolean)));
}

it('has words for every event there can be, and for no other', () => {
  const others = writtenInSource();
  expect(others).toEqual(
    expect.arrayContaining(['ConsoleLogin', 'SwitchRole', 'CheckMfa', 'AssumeRole', 'GetSessionToken', 'RotateKey']),
  );
  const names = new Set([...Object.keys(operations), ...Object.keys(iamOperations), ...others]);
  expect(Object.keys(eventWords).sort()).toEqual([...names].sort());
});

it('says plainly who did what, and who tried', () => {
  expect(sentenceOf(event('AssumeRole'))).toBe('ada took on a role');
  expect(sentenceOf(event('GetSessionToken'))).toBe('ada asked for temporary credentials');
  expect(sentenceOf(event('CreateAccount', { PrincipalArn: `arn:aws:iam::${ACCOUNT}:root` }))).toBe(
    'Root made an account',
  );
  const session = { PrincipalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/reader/window` };
  expect(sentenceOf(event('SwitchRole', session))).toBe('reader was taken on in the window');
  expect(sentenceOf(event('CheckMfa', { ErrorCode: 'AccessDeniedException' }))).toBe('ada tried to enter an MFA code');
  expect(sentenceOf(event('DeleteExpiredKeyMaterial', { PrincipalArn: 'AWS Internal' }))).toBe(
    'Coffer deleted key material whose time was over',
  );
  for (const name of ['SomethingNew', 'constructor']) expect(sentenceOf(event(name))).toBe(`ada called ${name}`);
  for (const words of Object.values(eventWords)) for (const text of words) expect(text).toMatch(/^[a-z][^.]+$/);
});
