import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemKeychain } from '../../../src/main/vault/keychain.ts';
import { keychainAccount } from '../../../src/main/vault/slots.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { bundle } from '../../support/bundle.ts';
import {
  addNote,
  filesOf,
  inTemporaryFolder,
  notesOf,
  PASSPHRASE,
  refusalOf,
  vaultOptions,
} from '../../support/vault.ts';

const run = promisify(execFile);
const keychain = systemKeychain();
const options = vaultOptions({ keychain });
const wish = { name: 'Real', passphrase: PASSPHRASE, useKeychain: true };
const way = { kind: 'keychain' } as const;

// Other platforms' keychains belong to whoever runs the tests; on Linux the Secret Service is one of the test's own, and
// when it is not there these tests fail.
describe.runIf(process.platform === 'linux')('a vault with a key in a real Secret Service', () => {
  async function withVault(work: (vault: Vault, dir: string, account: string) => Promise<void>): Promise<void> {
    await inTemporaryFolder(async (home) => {
      const dir = path.join(home, 'v');
      const { vault } = await Vault.create(dir, options, wish);
      const slotId = vault.slots().find(({ kind }) => kind === 'keychain')?.id ?? '';
      const account = keychainAccount(vault.id, slotId);
      try {
        await addNote(vault, 'kept');
        await work(vault, dir, account);
      } finally {
        await vault.close();
        await keychain.delete(account);
      }
    });
  }

  it('finds the Secret Service of this test', async () => {
    expect(await keychain.available()).toEqual({ ok: true });
  });

  it('opens by it', () =>
    withVault(async (vault, dir, account) => {
      expect(Buffer.from((await keychain.get(account)) ?? '', 'base64')).toHaveLength(32);
      await vault.close();
      const again = await Vault.open(dir, options, way);
      expect(notesOf(again)).toEqual(['kept']);
      await again.close();
    }));

  it('says so when the entry is gone, another key, or no key, and opens by the passphrase', () =>
    withVault(async (vault, dir, account) => {
      const key = (await keychain.get(account)) ?? '';
      await vault.close();
      await keychain.delete(account);
      expect((await refusalOf(Vault.open(dir, options, way))).code).toBe('KeychainKeyMissing');
      for (const wrong of [Buffer.alloc(32, 1).toString('base64'), 'AAAA', 'not base64 at all']) {
        await keychain.set(account, wrong);
        expect((await refusalOf(Vault.open(dir, options, way))).code).toBe('KeychainKeyMissing');
      }
      await (await Vault.open(dir, options, { kind: 'passphrase', secret: PASSPHRASE })).close();
      await keychain.set(account, key);
      await (await Vault.open(dir, options, way)).close();
    }));

  it('forgets the entry with its way in, and keeps the entry of another', () =>
    withVault(async (vault, _dir, account) => {
      const { slotId } = await vault.addSlot(way);
      const added = keychainAccount(vault.id, slotId);
      expect(await keychain.get(added)).not.toBe(await keychain.get(account));
      await vault.removeSlot(account.split('/')[1] ?? '');
      expect(await keychain.get(account)).toBeNull();
      expect(await keychain.get(added)).not.toBeNull();
      await vault.removeSlot(slotId);
      expect(await keychain.get(added)).toBeNull();
    }));

  it('leaves no entry behind when the vault cannot be made', () =>
    inTemporaryFolder(async (home) => {
      const asked: string[] = [];
      const watched = {
        ...keychain,
        set: (account: string, secret: string) => {
          asked.push(account);
          return keychain.set(account, secret);
        },
      };
      const failing = { ...vaultOptions({ keychain: watched }), scrypt: { N: 3, r: 1, p: 1 } };
      await expect(Vault.create(path.join(home, 'v'), failing, wish)).rejects.toMatchObject({
        code: 'VaultWriteError',
      });
      expect(asked).toHaveLength(1);
      expect(await keychain.get(asked[0] ?? '')).toBeNull();
      expect((await filesOf(home)).size).toBe(0);
    }));
});

describe.runIf(process.platform === 'linux')('a keychain that cannot be used says why', () => {
  let child: Awaited<ReturnType<typeof bundle>>;
  beforeAll(async () => {
    child = await bundle('tests/support/keychain-child.ts');
  });
  afterAll(() => child.remove());

  interface Answer {
    readonly ok?: boolean;
    readonly reason?: string;
    readonly code?: string;
    readonly message?: string;
  }

  /** Runs `script` in a home of its own, where `"$@"` asks the questions. */
  async function ask(
    questions: string[],
    script: string,
    bus: string[] = ['dbus-run-session', '--'],
  ): Promise<Answer[]> {
    return inTemporaryFolder(async (home) => {
      const { DBUS_SESSION_BUS_ADDRESS: _bus, DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...rest } = process.env;
      const env = { ...rest, HOME: home, XDG_DATA_HOME: home, XDG_RUNTIME_DIR: home, XDG_CACHE_HOME: home };
      const command = [...bus, 'bash', '-c', script, 'bash', process.execPath, child.file, ...questions];
      const { stdout } = await run(command[0] ?? '', command.slice(1), { env, cwd: home, timeout: 60_000 });
      return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
    });
  }

  const UNLOCKED = 'printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1';
  const LOCK =
    'dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null';

  it('when there is no session bus', async () => {
    const [available, get, set] = await ask(['available', 'get', 'set'], 'exec "$@"', []);
    expect(available).toMatchObject({ ok: false, reason: expect.stringContaining('no D-Bus session bus') });
    for (const answer of [get, set])
      expect(answer).toMatchObject({ code: 'KeychainError', message: available?.reason });
  });

  it('when no service answers for it', () =>
    inTemporaryFolder(async (home) => {
      // A session bus that starts nothing by itself.
      const config = path.join(home, 'bus.conf');
      await writeFile(
        config,
        `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
        <busconfig><type>session</type><listen>unix:tmpdir=${home}</listen><policy context="default">
        <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`,
      );
      const bus = ['dbus-run-session', `--config-file=${config}`, '--'];
      const [available, set] = await ask(['available', 'set'], 'exec "$@"', bus);
      expect(available).toEqual({ ok: false, reason: 'No keychain service (Secret Service) is running.' });
      expect(set).toMatchObject({ code: 'KeychainError', message: available?.reason });
    }));

  it('when it was never set up', async () => {
    const script = 'gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; exec "$@"';
    const [set, get] = await ask(['set', 'get'], script);
    expect(set).toMatchObject({ code: 'KeychainError', message: expect.stringContaining('not set up') });
    expect(get).toBeNull();
  });

  it('when it is locked: nothing is written, and what it holds is not given', async () => {
    // The first run leaves an entry behind, which the second one asks for.
    const [get, set] = await ask(['get', 'set'], `${UNLOCKED}; "$@" >/dev/null; ${LOCK}; exec "$@"`);
    expect(set).toMatchObject({ code: 'KeychainError', message: expect.stringContaining('locked') });
    expect(get).toBeNull();
  });

  it('and an unlocked one in the same place works', async () => {
    expect(await ask(['available', 'set', 'get', 'delete', 'get'], `${UNLOCKED}; exec "$@"`)).toEqual([
      { ok: true },
      null,
      'c2VjcmV0',
      true,
      null,
    ]);
  });
});
