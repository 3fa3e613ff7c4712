import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { startApplication } from '../../../src/main/application.ts';
import { EndpointSwitch } from '../../../src/main/endpoint-switch.ts';
import { isStuck } from '../../../src/main/patience.ts';
import type { Shell, ShellOptions } from '../../../src/main/shell/shell.ts';
import { systemKeychain } from '../../../src/main/vault/keychain.ts';
import { decodeWire, encodeWire } from '../../../src/shared/wire.ts';
import { fileWorker } from '../../support/files.ts';
import { openTestSession, REGION } from '../../support/session.ts';
import { inTemporaryFolder, PASSPHRASE } from '../../support/vault.ts';

const MIB = 2 ** 20;

it('a lock stops a file job under way: the original is whole and nothing half-written stays', () =>
  inTemporaryFolder(async (home) => {
    const t = await openTestSession(home, { fileWorker: await fileWorker() });
    await t.create();
    const { engine, files, callerIn } = t.session.opened();
    const { output } = await engine.call(callerIn(REGION), 'CreateKey', {});
    const work = path.join(home, 'work');

    await mkdir(work);
    const original = randomBytes(256 * MIB);
    await writeFile(path.join(work, 'large.bin'), original);
    const [job] = await files.start({
      items: [{ path: path.join(work, 'large.bin'), action: 'encrypt' }],
      region: REGION,
      keyId: output.KeyMetadata.KeyId,
    });
    const state = () => files.list().find(({ id }) => id === job?.id);
    while ((state()?.doneBytes ?? 0) === 0 && state()?.state !== 'failed')
      await new Promise((resolve) => setTimeout(resolve, 1));
    expect(state()?.state).toBe('running');
    // A job under way counts as use.
    await t.session.setSettings({ autoLockMinutes: 1 });
    t.clock.time += 10 * 60_000;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await t.session.status()).state).toBe('open');

    await t.session.lock('command');
    expect(state()?.state).toBe('cancelled');
    const seen = t.events.length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(t.events.length).toBe(seen);
    expect(await readdir(work)).toEqual(['large.bin']);
    expect(Buffer.compare(await readFile(path.join(work, 'large.bin')), original)).toBe(0);
    expect(t.bugs).toEqual([]);
  }));

it('a lock does not wait without end for a job whose disk does not answer, and hears no more of it', () =>
  inTemporaryFolder(async (home) => {
    let answer: (() => void) | undefined;
    const trash = () =>
      new Promise<void>((resolve) => {
        answer = resolve;
      });
    const t = await openTestSession(home, { fileWorker: await fileWorker(), trash });
    await t.create();
    const { engine, files, callerIn } = t.session.opened();
    const { output } = await engine.call(callerIn(REGION), 'CreateKey', {});
    await writeFile(path.join(home, 'a.txt'), 'a');
    await files.start({
      items: [{ path: path.join(home, 'a.txt'), action: 'encrypt' }],
      region: REGION,
      keyId: output.KeyMetadata.KeyId,
      trashOriginals: true,
    });
    await vi.waitFor(() => expect(answer).toBeDefined(), 10_000);
    await t.session.lock('command');
    expect(await readdir(path.join(home, 'vault'))).not.toContain('lock');
    expect(t.events.at(-1)).toMatchObject({ name: 'vault.changed', payload: { state: 'locked' } });
    const seen = t.events.length;
    answer?.();
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(t.events.length).toBe(seen);
    await t.unlock();
    await t.session.lock('closed');
    expect(t.bugs).toEqual([]);
  }));

it('a vault made with the keychain opens by it again', () =>
  inTemporaryFolder(async (home) => {
    const t = await openTestSession(home, { keychain: systemKeychain() });
    await t.session.create({
      path: t.parts.defaultVaultPath,
      name: 'Test',
      passphrase: PASSPHRASE,
      useKeychain: true,
      region: REGION,
    });
    await t.session.lock('command');
    expect(await t.session.status()).toMatchObject({ state: 'locked', keychain: { available: true } });
    await t.session.unlock({ kind: 'keychain' });
    const { slots } = await t.session.slots();
    expect(slots.map(({ kind, usable }) => [kind, usable])).toContainEqual(['keychain', true]);
    const keychain = slots.find(({ kind }) => kind === 'keychain');
    await t.session.opened().vault.removeSlot(keychain?.id ?? '');
    await t.session.lock('command');
    await expect(t.session.unlock({ kind: 'keychain' })).rejects.toMatchObject({ code: 'NoSuchSlot' });
    expect(t.bugs).toEqual([]);
  }));

/** A shell without a window: what the application is told by one, and what it tells one. */
function windowless() {
  let options: ShellOptions | undefined;
  const sent: string[] = [];
  const closed: boolean[] = [];
  const shell: Shell = {
    name: 'chromium',
    open: async (given) => {
      options = given;
    },
    send: (name) => sent.push(name),
    pick: async () => [],
    pickFile: async () => null,
    reveal: async () => undefined,
    close: async () => {
      closed.push(true);
    },
  };
  return {
    shell,
    sent,
    closed,
    get options() {
      if (!options) throw new Error('the window was not opened');
      return options;
    },
  };
}

it('closing the window and the sleep of the computer lock the vault of the whole application', () =>
  inTemporaryFolder(async (home) => {
    const window = windowless();
    let ended: () => void = () => undefined;
    const end = new Promise<void>((resolve) => {
      ended = resolve;
    });
    await startApplication({
      shell: window.shell,
      built: path.join(home, 'built'),
      version: '0.0.0-test',
      env: { COFFER_HOME: home },
      onClosed: ended,
    });
    const call = async (name: string, input: object = {}) =>
      decodeWire(await window.options.handle(name, encodeWire(input))) as {
        ok: boolean;
        value: Record<string, unknown>;
      };
    const state = async () => (await call('vault.status')).value.state;
    const vault = path.join(home, 'vault');
    const wish = { path: vault, name: 'Test', passphrase: PASSPHRASE, useKeychain: false, region: REGION };
    expect((await call('vault.create', wish)).ok).toBe(true);
    window.options.onSuspend();
    while ((await state()) !== 'locked') await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await call('vault.status')).value.lockedBecause).toBe('suspend');
    expect((await call('vault.unlock', { kind: 'passphrase', secret: PASSPHRASE })).ok).toBe(true);
    expect(await readdir(vault)).toContain('lock');
    window.options.onClosed();
    await end;
    expect(window.closed).toEqual([true]);
    expect(await readdir(vault)).not.toContain('lock');
    expect(await call('kms.call', { operation: 'ListKeys', input: {}, region: REGION })).toMatchObject({ ok: false });
    const sent = window.sent.length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(window.sent.length).toBe(sent);
  }));

it('an application that cannot close all of it closes the rest: the vault, and what the shell started', () =>
  inTemporaryFolder(async (home) => {
    const window = windowless();
    const env = { COFFER_HOME: home };
    const built = path.join(home, 'built');
    const application = await startApplication({ shell: window.shell, built, version: '0.0.0-test', env });
    const order: string[] = [];
    const endpoint = vi.spyOn(EndpointSwitch.prototype, 'close').mockRejectedValue(new Error('the port stays'));
    const lock = vi.spyOn(application.session, 'lock').mockImplementation(async () => {
      order.push('locked');
      throw new Error('the disk is gone');
    });
    await expect(application.close()).rejects.toThrow();
    expect([order, window.closed]).toEqual([['locked'], [true]]);
    endpoint.mockRestore();
    lock.mockRestore();
  }));

it('an application whose closing hangs is left behind, and the program ends', () =>
  inTemporaryFolder(async (home) => {
    const window = windowless();
    let ended = false;
    const onClosed = () => {
      ended = true;
    };
    const parts = { shell: window.shell, built: path.join(home, 'built'), version: '0.0.0-test', onClosed };
    const application = await startApplication({ ...parts, env: { COFFER_HOME: home }, closingMs: 200 });
    let answer: () => void = () => undefined;
    const hangs = new Promise<void>((resolve) => {
      answer = resolve;
    });
    vi.spyOn(application.session, 'lock').mockReturnValue(hangs);
    window.options.onClosed();
    await vi.waitFor(() => expect(ended).toBe(true), 5000);
    expect(isStuck()).toBe(true);
    answer();
    await vi.waitFor(() => expect(isStuck()).toBe(false));
    vi.restoreAllMocks();
  }));
