import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { KMSClient, ListKeysCommand } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EndpointStatus, EndpointSwitch } from '../../../src/main/endpoint-switch.ts';
import { openPreferences } from '../../../src/main/preferences.ts';
import { openTestSession, type TestSession } from '../../support/session.ts';
import { temporaryFolder } from '../../support/vault.ts';

const bugs: unknown[] = [];
const told: EndpointStatus[] = [];
let t: TestSession;
let endpoint: EndpointSwitch;
let remove: () => Promise<void>;

const switchOf = (session: TestSession) =>
  new EndpointSwitch({
    clock: { now: () => Date.now() },
    served: () => session.session.served(),
    preferences: session.parts.preferences,
    onChange: (status) => told.push(status),
    onBug: (error) => bugs.push(error),
  });

beforeEach(async () => {
  told.length = 0;
  const folder = await temporaryFolder();
  remove = folder.remove;
  t = await openTestSession(folder.dir);
  endpoint = switchOf(t);
});
afterEach(async () => {
  await endpoint.close();
  await t.session.lock('closed');
  expect([bugs, t.bugs]).toEqual([[], []]);
  await remove();
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Connects to a port; resolves to what came of it. */
function connecting(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve('connected');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
  });
}

async function client(port: number) {
  const { access, accountId, callerIn } = t.session.opened();
  const credentials = await access.accessKeys.create(callerIn('us-east-1'), { accountId, principal: null });
  return new KMSClient({ endpoint: `http://127.0.0.1:${port}`, region: 'eu-central-1', maxAttempts: 1, credentials });
}

describe('the switch of the endpoint', () => {
  it('is off until somebody turns it, remembers it, and is off again', async () => {
    await endpoint.begin();
    expect(endpoint.status()).toEqual({ on: false, port: 4599 });
    const port = await freePort();
    expect(await endpoint.set({ port })).toEqual({ on: false, port });
    const on = { on: true, port, url: `http://127.0.0.1:${port}` };
    expect(await endpoint.set({ on: true })).toEqual(on);
    expect(t.parts.preferences.get().endpoint).toEqual({ on: true, port });
    await t.create();
    const kms = await client(port);
    expect((await kms.send(new ListKeysCommand({}))).Keys).toEqual([]);

    await endpoint.close();
    expect(await connecting(port)).toBe('ECONNREFUSED');
    endpoint = switchOf(t);
    await endpoint.begin();
    expect(endpoint.status()).toEqual(on);
    expect(await endpoint.set({ on: false })).toEqual({ on: false, port });
    expect(await connecting(port)).toBe('ECONNREFUSED');
    expect(told).toEqual([{ on: false, port }, on, { on: false, port }]);
  });

  it('stays up while the vault locks and answers from it again once it is open', async () => {
    const port = await freePort();
    await t.create();
    await endpoint.set({ on: true, port });
    const kms = await client(port);
    await kms.send(new ListKeysCommand({}));
    await t.session.lock('command');
    await expect(kms.send(new ListKeysCommand({}))).rejects.toMatchObject({ message: 'the vault is locked' });
    await t.unlock();
    await kms.send(new ListKeysCommand({}));
  });

  it('says that a port is taken, and tries it again when asked', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const refused = { on: true, port, problem: { code: 'PortTaken', message: expect.stringContaining(String(port)) } };
    expect(await endpoint.set({ on: true, port })).toEqual(refused);
    other.close();
    await once(other, 'close');
    expect(await endpoint.set({ on: true })).toEqual({ on: true, port, url: `http://127.0.0.1:${port}` });
  });

  it('counts calls as use: the vault does not lock under a program that works with it', async () => {
    const port = await freePort();
    await t.create();
    await endpoint.set({ on: true, port });
    const kms = await client(port);
    await t.session.setSettings({ autoLockMinutes: 1 });
    for (let call = 0; call < 4; call++) {
      t.clock.time += 50_000;
      await kms.send(new ListKeysCommand({}));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect((await t.session.status()).state).toBe('open');
    t.clock.time += 61_000;
    await t.locked();
  });

  it('changes nothing when the preferences cannot be written', async () => {
    const port = await freePort();
    const broken = await openPreferences('/dev/null/config');
    endpoint = new EndpointSwitch({
      clock: { now: () => Date.now() },
      served: () => undefined,
      preferences: broken,
      onChange: (status) => told.push(status),
      onBug: (error) => bugs.push(error),
    });
    await expect(endpoint.set({ on: true, port })).rejects.toThrow();
    expect(endpoint.status()).toEqual({ on: false, port: 4599 });
    expect(told).toEqual([]);
  });
});
