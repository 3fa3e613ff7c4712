import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { AccessKeys, NewAccessKey, Owner } from '../../../src/main/access/access-keys.ts';
import { insertPrincipal, type PrincipalRow } from '../../../src/main/access/principals.ts';
import { exportTrail } from '../../../src/main/audit/export.ts';
import { startEndpoint } from '../../../src/main/endpoint/server.ts';
import { servedBy } from '../../../src/main/services.ts';
import { systemRandom } from '../../../src/main/system.ts';
import { ACCOUNT, REGION, ROOT } from '../../support/engine.ts';
import { code, openTestPeople, type TestPeople } from '../../support/iam.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const random = systemRandom();
const root: Owner = { accountId: ACCOUNT, principal: null };

let t: TestPeople;
let keys: AccessKeys;
beforeEach(async () => {
  t = await openTestPeople();
  keys = t.accessKeys;
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const principal = (kind: PrincipalRow['kind'], name: string, at = '/') =>
  t.store.transact((tx) => insertPrincipal(tx, { accountId: ACCOUNT, kind, name, path: at }, random, t.clock.now()));

const setActive = (AccessKeyId: string, active: boolean) =>
  t.iam('UpdateAccessKey', { AccessKeyId, Status: active ? 'Active' : 'Inactive' });
const remove = (AccessKeyId: string) => t.iam('DeleteAccessKey', { AccessKeyId });

it('makes keys as AWS’s look, and opens them until they are switched off or deleted', async () => {
  const made = await keys.create(t.caller, root);
  expect(made.accessKeyId).toMatch(/^AKIA[A-Z2-7]{16}$/);
  expect(made.secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
  const opened = { secret: made.secretAccessKey, accountId: ACCOUNT, principalArn: ROOT, userId: ACCOUNT };
  expect(keys.open(made.accessKeyId)).toEqual(opened);
  expect(keys.open('AKIAIOSFODNN7EXAMPLE')).toBeUndefined();
  await setActive(made.accessKeyId, false);
  expect(keys.open(made.accessKeyId)).toBeUndefined();
  expect(keys.list()).toMatchObject([{ accessKeyId: made.accessKeyId, active: false, lastUsed: null }]);
  await setActive(made.accessKeyId, true);
  expect(keys.open(made.accessKeyId)).toEqual(opened);
  await remove(made.accessKeyId);
  expect(keys.open(made.accessKeyId)).toBeUndefined();
  expect(keys.list()).toEqual([]);
  for (const call of [remove(made.accessKeyId), setActive(made.accessKeyId, true)])
    expect(await code(call)).toBe('NoSuchEntityException');
});

it('knows root, users and roles, each by the name AWS gives it', async () => {
  const [user, role] = [await principal('user', 'ann', '/staff/'), await principal('role', 'Deployer')];
  expect(user.uniqueId).toMatch(/^AIDA[A-Z2-7]{17}$/);
  const ofUser = await keys.create(t.caller, { accountId: ACCOUNT, principal: user });
  const { accessKeyId } = await keys.create(t.caller, { accountId: ACCOUNT, principal: role });
  expect(keys.open(ofUser.accessKeyId)).toMatchObject({
    principalArn: `arn:aws:iam::${ACCOUNT}:user/staff/ann`,
    userId: user.uniqueId,
  });
  expect(keys.open(accessKeyId)).toMatchObject({
    principalArn: `arn:aws:sts::${ACCOUNT}:assumed-role/Deployer/${accessKeyId}`,
    userId: `${role.uniqueId}:${accessKeyId}`,
  });
  expect(await code(principal('user', 'ANN'))).toBe('EntityAlreadyExistsException');
  expect((await principal('role', 'ann')).uniqueId).toMatch(/^AROA/);
});

it('takes a fixed pair, once', async () => {
  const pair: NewAccessKey = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'a secret of a test' };
  const add = () => t.store.transact((tx) => keys.add(tx, t.caller, root, pair));
  expect(await add()).toEqual(pair);
  expect(keys.open(pair.accessKeyId)?.secret).toBe(pair.secretAccessKey);
  expect(await code(add())).toBe('EntityAlreadyExistsException');
});

it('keeps the last use to the minute', async () => {
  const { accessKeyId } = await keys.create(t.caller, root);
  const lastUsed = () => keys.list()[0]?.lastUsed;
  const first = t.clock.now();
  await keys.noteUse(accessKeyId);
  t.clock.time += 59_000;
  await keys.noteUse(accessKeyId);
  expect(lastUsed()).toBe(first);
  t.clock.time += 1_000;
  await keys.noteUse(accessKeyId);
  expect(lastUsed()).toBe(first + 60_000);
});

it('opens nothing once the store is locked', async () => {
  const { accessKeyId } = await keys.create(t.caller, root);
  expect(keys.open(accessKeyId)).toBeDefined();
  await t.close();
  expect(() => keys.open(accessKeyId)).toThrow();
  t = await openTestPeople();
});

it('tells a secret to nobody but its maker: neither a table, nor a record, nor an export holds it', () =>
  inTemporaryFolder(async (folder) => {
    const { secretAccessKey, accessKeyId } = await keys.create(t.caller, root);
    await setActive(accessKeyId, false);
    await remove((await keys.create(t.caller, root)).accessKeyId);
    const forms = [
      secretAccessKey,
      Buffer.from(secretAccessKey).toString('base64'),
      Buffer.from(secretAccessKey).toString('hex'),
    ];
    const tables = t.store.db.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
    const text = tables
      .flatMap(({ name }) => t.store.db.all(`SELECT * FROM "${name}"`))
      .flatMap((row) => Object.values(row))
      .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value)))
      .join('\n');
    expect(text).toContain(accessKeyId);
    const { path: file } = await exportTrail(t.store.db, { format: 'cloudtrail', folder, now: t.clock.now() });
    const csv = await exportTrail(t.store.db, { format: 'csv', folder, now: t.clock.now() });
    const exported = gunzipSync(await readFile(file)).toString() + (await readFile(csv.path, 'utf8'));
    for (const form of forms) for (const where of [text, exported]) expect(where).not.toContain(form);
    const names = (JSON.parse(gunzipSync(await readFile(file)).toString()).Records as Record<string, unknown>[]).map(
      ({ eventName, eventSource, awsRegion }) => [eventName, eventSource, awsRegion].join(' '),
    );
    expect(names).toEqual(
      ['CreateAccessKey', 'UpdateAccessKey', 'CreateAccessKey', 'DeleteAccessKey'].map(
        (name) => `${name} iam.amazonaws.com us-east-1`,
      ),
    );
  }));

it('an inactive key is refused at the endpoint as an unknown one is', async () => {
  const { engine } = t;
  const served = servedBy(t, engine, { onBug: (error) => t.bugs.push(error) });
  const clock = { now: () => Date.now() };
  const endpoint = await startEndpoint({ clock, served: () => served, onBug: (error) => t.bugs.push(error) }, 0);
  try {
    const credentials = await keys.create(t.caller, root);
    const at = `http://127.0.0.1:${endpoint.port}`;
    const kms = new KMSClient({ endpoint: at, region: REGION, maxAttempts: 1, credentials });
    expect((await kms.send(new ListKeysCommand({}))).Keys).toEqual([]);
    await setActive(credentials.accessKeyId, false);
    await expect(kms.send(new ListKeysCommand({}))).rejects.toMatchObject({
      name: 'UnrecognizedClientException',
      message: 'The security token included in the request is invalid.',
      $metadata: { httpStatusCode: 400 },
    });
  } finally {
    await endpoint.close();
  }
});
