import { afterEach, beforeEach, expect, it } from 'vitest';
import { isWindowReading } from '../../../src/main/audit/window-readings.ts';
import { iamOperations } from '../../../src/shared/iam/operations.ts';
import { isOwnReading, type OperationName, operations } from '../../../src/shared/kms/operations.ts';
import { isOwnUserAgent, othersUserAgent, ownUserAgent } from '../../../src/shared/user-agents.ts';
import { openTestEngine } from '../../support/engine.ts';

const window = ownUserAgent('1.2.3', 'window');
const hidden = (name: string, readOnly = true, agent = window) => isWindowReading({ name, readOnly, agent });
const names = Object.keys(operations) as OperationName[];

let t: Awaited<ReturnType<typeof openTestEngine>>;
beforeEach(async () => {
  t = await openTestEngine();
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

it('hides every operation that only shows something, and none that uses a key or changes something', () => {
  expect(names.filter((name) => !hidden(name))).toEqual(
    names.filter((name) => !isOwnReading(name) && !/^(Describe|Get(?!Parameters)|List)/.test(name)),
  );
  for (const name of names.filter(isOwnReading)) expect(hidden(name)).toBe(true);
  for (const name of ['Encrypt', 'Decrypt', 'Sign', 'Verify', 'GenerateRandom', 'GetParametersForImport'])
    expect(hidden(name)).toBe(false);
  expect(Object.keys(iamOperations).filter((name) => hidden(name))).toContain('GetAccountAuthorizationDetails');
  for (const name of ['CheckMfa', 'ConsoleLogin', 'AssumeRole', 'GetSessionToken', 'DeleteKey', 'Nonsense', 'Describe'])
    expect(hidden(name)).toBe(false);
  expect(hidden('DescribeKey', false)).toBe(false);
});

it('hides them from the window alone', () => {
  for (const agent of [ownUserAgent('0.1.0-beta.2', 'window'), window])
    expect(hidden('ListAliases', true, agent)).toBe(true);
  for (const agent of [
    ownUserAgent('1.2.3', 'files'),
    ownUserAgent('1.2.3', 'key files'),
    ownUserAgent('1.2.3', 'signing'),
    ownUserAgent('1.2.3', 'seed'),
    'aws-cli/2.0 (window)',
    'coffer/1.2.3 (window)',
    `${window} Botocore`,
    othersUserAgent(window),
    '',
  ])
    expect(hidden('ListAliases', true, agent)).toBe(false);
});

it('lets no program pass for a part of Coffer', () => {
  expect(isOwnUserAgent(othersUserAgent('Coffer/1.2.3 (files)'), 'files')).toBe(false);
  expect(othersUserAgent('aws-cli/2.27 Coffer/1')).toBe('aws-cli/2.27 Coffer/1');
});

it('leaves out what the window read, and keeps what was done there and what programs read', async () => {
  const { id } = await t.key({}, { userAgent: window });
  const program = { userAgent: 'aws-cli/2.27' };
  for (const as of [{ userAgent: window }, program]) {
    await t.call('DescribeKey', { KeyId: id }, as);
    await t.call('ListAliases', {}, as);
    await t.refused('GetKeyPolicy', { KeyId: 'alias/none', PolicyName: 'default' }, as);
    await t.call('Encrypt', { KeyId: id, Plaintext: Uint8Array.of(1) }, as);
  }
  await t.call('GetKeyOverview', { KeyId: id }, { userAgent: window });
  const filter = { ExceptWindowReadings: true, MaxResults: 50 };
  const { Events, Total } = await t.call('LookupEvents', filter, { userAgent: window });
  expect(Events.map(({ EventName, UserAgent }) => `${EventName} ${UserAgent}`)).toEqual([
    'Encrypt aws-cli/2.27',
    'GetKeyPolicy aws-cli/2.27',
    'ListAliases aws-cli/2.27',
    'DescribeKey aws-cli/2.27',
    `Encrypt ${window}`,
    `CreateKey ${window}`,
  ]);
  expect(Total).toBe(6);
  expect((await t.call('SummarizeEvents', filter, { userAgent: window })).Total).toBe(6);
});
