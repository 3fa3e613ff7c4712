import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Keychain } from '../../../src/main/environment.ts';
import { noTokens } from '../../../src/main/key-stores/tokens.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { openTestSession, REGION, type TestSession } from '../../support/session.ts';
import { memoryKeychain, PASSPHRASE, refusalOf, temporaryFolder } from '../../support/vault.ts';

let home: string;
let remove: () => Promise<void>;
beforeEach(async () => {
  ({ dir: home, remove } = await temporaryFolder());
});
afterEach(async () => {
  vi.restoreAllMocks();
  await remove();
});

const states = ({ events }: TestSession) =>
  events.filter(({ name }) => name === 'vault.changed').map(({ payload }) => (payload as { state: string }).state);

/** A keychain that says whether it is there when it is let, each time it is asked once `slow`. */
function slowKeychain() {
  const asked: (() => void)[] = [];
  const state = { slow: false };
  const keychain: Keychain = {
    ...memoryKeychain(),
    async available() {
      if (state.slow) await new Promise<void>((resolve) => asked.push(resolve));
      return { ok: true };
    },
  };
  return { keychain, asked, state };
}

describe('the window', () => {
  it('is told that the vault is locked, also when something of it could not be closed, and opens it again', async () => {
    let broken = true;
    const tokens = {
      ...noTokens,
      close: () => {
        if (broken) throw new Error('the module does not end');
      },
    };
    const t = await openTestSession(home, { tokens });
    await t.create();
    const { vault } = t.session.opened();
    let told = false;
    vault.onLock(() => {
      told = true;
    });
    await expect(t.session.lock('command')).rejects.toThrow('the module does not end');
    expect([told, states(t).at(-1), (await t.session.status()).state]).toEqual([true, 'locked', 'locked']);
    broken = false;
    await t.unlock();
    await t.session.lock('closed');
  });

  it('hears last of how the vault is, however long the keychain takes to say what it has', async () => {
    const { keychain, asked, state } = slowKeychain();
    const t = await openTestSession(home, { keychain });
    await t.create();
    const recovery = (await t.session.slots()).slots.find(({ kind }) => kind === 'recovery')?.id ?? '';
    state.slow = true;
    const removing = t.session.removeSlot(recovery);
    let locked = false;
    const locking = t.session.lock('command').then(() => {
      locked = true;
    });
    // Both tell the window that the vault is locked, and what the keychain has; only the lock is let go on.
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    state.slow = false;
    asked.pop()?.();
    await new Promise((resolve) => setTimeout(resolve, 50));
    const [late] = asked;
    expect(locked).toBe(true);
    await locking;
    await t.unlock();
    late?.();
    await removing;
    expect([states(t).at(-1), (await t.session.status()).state]).toEqual(['open', 'open']);
    await t.session.lock('closed');
  });
});

describe('a keychain that waits for a prompt', () => {
  it('keeps neither the window from showing that the vault is locked, nor the passphrase from opening it', async () => {
    const { keychain, asked, state } = slowKeychain();
    const t = await openTestSession(home, { keychain });
    await t.session.create({
      path: t.parts.defaultVaultPath,
      name: 'Silent',
      passphrase: PASSPHRASE,
      useKeychain: true,
      region: REGION,
    });
    state.slow = true;
    await t.session.lock('suspend');
    const silent = { available: false, reason: 'The keychain has not answered yet.' };
    const kinds = [
      { kind: 'keychain', usable: false },
      { kind: 'passphrase', usable: true },
      { kind: 'recovery', usable: true },
    ];
    const locked = { state: 'locked', name: 'Silent', lockedBecause: 'suspend' };
    expect(t.events.at(-1)?.payload).toMatchObject({ ...locked, keychain: silent, slots: kinds });
    await t.unlock();
    await t.session.lock('command');

    state.slow = false;
    for (const answer of asked) answer();
    const known = { keychain: { available: true }, slots: kinds.map((slot) => ({ ...slot, usable: true })) };
    await vi.waitFor(() =>
      expect(t.events.at(-1)?.payload).toMatchObject({ ...locked, ...known, lockedBecause: 'command' }),
    );
  });

  it('does not keep a first start from making a vault', async () => {
    const { keychain, asked, state } = slowKeychain();
    const t = await openTestSession(home, { keychain });
    state.slow = true;
    expect(await t.session.status()).toMatchObject({ state: 'none', keychain: { available: false } });
    state.slow = false;
    for (const answer of asked) answer();
    await vi.waitFor(() =>
      expect(t.events.at(-1)?.payload).toMatchObject({ state: 'none', keychain: { available: true } }),
    );
  });
});

describe('a vault', () => {
  it('that locks because its disk does not answer is shown as locked all the same', async () => {
    const t = await openTestSession(home);
    await t.create();
    vi.spyOn(Vault, 'inspect').mockReturnValue(new Promise(() => undefined));
    await t.session.lock('failure');
    expect(t.events.at(-1)?.payload).toMatchObject({ state: 'locked', name: 'Test', lockedBecause: 'failure' });
  });

  it('that is being opened while the computer goes to sleep is locked again', async () => {
    const t = await openTestSession(home);
    await t.create();
    await t.session.lock('command');
    await Promise.all([t.unlock(), t.session.suspended()]);
    expect(await t.session.status()).toMatchObject({ state: 'locked', lockedBecause: 'suspend' });
  });

  it('that locked while a recovery code was made does not keep the code for later', async () => {
    const t = await openTestSession(home);
    await t.create();
    const making = t.session.addSlot({ kind: 'recovery' }).catch((error: { code: string }) => error.code);
    await t.session.lock('command');
    expect(await making).toBe('VaultLocked');
    await t.unlock();
    expect((await refusalOf(t.session.saveRecovery(home))).code).toBe('NoRecoveryCode');
    await t.session.lock('closed');
  });

  it('that is closed while its backup is written waits for it: whoever closes the window has the backup', async () => {
    const t = await openTestSession(home);
    await t.create();
    const writing = t.session.backup(home, 'a passphrase of its own');
    await t.session.lock('closed');
    const { path: file } = await writing;
    expect((await readdir(home)).filter((name) => name.includes('backup'))).toEqual([path.basename(file)]);
    await t.session.restore(file, 'a passphrase of its own', path.join(home, 'restored'));
  });
});
