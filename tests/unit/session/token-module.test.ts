import { expect, it } from 'vitest';
import type { HelperProcess } from '../../../src/main/key-stores/helper.ts';
import { TokenFailure, type TokenReason } from '../../../src/main/key-stores/pkcs11/protocol.ts';
import { localTokens } from '../../../src/main/local-tokens.ts';
import { openPreferences } from '../../../src/main/preferences.ts';
import { TokenModule } from '../../../src/main/token-module.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const INSTALLED = '/usr/lib/installed-module.so';
const token = { slot: 3, label: 'a token', serial: '77', userPin: true, capable: true };

/** Processes that hold a module: each answers by its file, and says when it was ended. */
function helpers(answer: (file: string) => TokenReason | undefined = () => undefined) {
  const running: string[] = [];
  const start = (_module: URL, [file = '']: readonly string[]): HelperProcess => {
    let tell: (message: unknown) => void = () => undefined;
    running.push(file);
    return {
      post(message) {
        const { id } = message as { id: number };
        const failed = answer(file);
        queueMicrotask(() => tell(failed ? { id, failed } : { id, value: [{ ...token, label: file }] }));
      },
      onMessage: (listener) => {
        tell = listener;
      },
      onExit: () => undefined,
      kill: () => running.splice(running.indexOf(file), 1),
    };
  };
  return { start, running };
}

async function openModule(dir: string, parts: { picks?: string | null; fixed?: string; fails?: TokenReason } = {}) {
  const preferences = await openPreferences(dir);
  const processes = helpers((file) => (file.includes('bad') ? (parts.fails ?? 'Failed') : undefined));
  const tokens = localTokens(() => parts.fixed ?? preferences.get().pkcs11Module, {
    built: dir,
    start: processes.start,
  });
  const shell = { pickFile: async () => parts.picks };
  const module = new TokenModule({ tokens, preferences, shell, fixed: parts.fixed, installed: () => [INSTALLED] });
  return { module, preferences, tokens, running: processes.running };
}

it('a module that the person picks is tried, used and remembered; the one before it ends', () =>
  inTemporaryFolder(async (dir) => {
    const t = await openModule(dir, { picks: '/picked/module.so' });
    expect(t.module.status()).toEqual({ fixed: false, installed: [INSTALLED] });
    expect(await t.module.list()).toEqual({ tokens: [] });
    expect((await t.module.set(INSTALLED)).path).toBe(INSTALLED);
    expect(await t.module.list()).toEqual({
      tokens: [{ label: INSTALLED, serial: '77', userPin: true, capable: true }],
    });
    expect(t.running).toEqual([INSTALLED]);
    expect((await t.module.pick()).path).toBe('/picked/module.so');
    expect((await t.module.list()).tokens[0]?.label).toBe('/picked/module.so');
    expect(t.running).toEqual(['/picked/module.so']);
    expect((await openPreferences(dir)).get().pkcs11Module).toBe('/picked/module.so');
    expect((await t.module.set(null)).path).toBeUndefined();
    expect(await t.module.list()).toEqual({ tokens: [] });
    expect(t.running).toEqual([]);
  }));

it('cancelling, a file that is no module and a path that is not installed change nothing', () =>
  inTemporaryFolder(async (dir) => {
    const cancelled = await openModule(dir, { picks: null });
    await cancelled.module.set(INSTALLED);
    expect((await cancelled.module.pick()).path).toBe(INSTALLED);
    const bad = await openModule(dir, { picks: '/picked/bad.so' });
    await expect(bad.module.pick()).rejects.toMatchObject({
      code: 'TokenModuleInvalid',
      message: 'bad.so is not a PKCS#11 module that works on this computer.',
    });
    await expect(bad.module.set('/tmp/other.so')).rejects.toMatchObject({ code: 'ValidationException' });
    expect(bad.module.status().path).toBe(INSTALLED);
    expect(bad.running).toEqual([]);
    const none = await openModule(dir, {});
    await expect(none.module.pick()).rejects.toMatchObject({ code: 'NoFileDialog' });
  }));

it('what the environment names is not the window’s to change', () =>
  inTemporaryFolder(async (dir) => {
    const t = await openModule(dir, { fixed: '/from/environment.so', picks: '/picked/module.so' });
    expect(t.module.status()).toMatchObject({ path: '/from/environment.so', fixed: true });
    await expect(t.module.pick()).rejects.toMatchObject({ code: 'TokenModuleFixed' });
    await expect(t.module.set(null)).rejects.toMatchObject({ code: 'TokenModuleFixed' });
  }));

it('a module that stopped working says so by its name, without the insides', () =>
  inTemporaryFolder(async (dir) => {
    const broken = await openModule(dir, { fixed: '/from/bad.so' });
    await expect(broken.module.list()).rejects.toMatchObject({ code: 'TokenModuleFailed' });
    const slow = await openModule(dir, { fixed: '/from/bad.so', fails: 'TimedOut' });
    await expect(slow.module.list()).rejects.toThrow('The PKCS#11 module bad.so did not answer in time.');
    await expect(slow.tokens.login({ serial: '1', pin: '1234' })).rejects.toBeInstanceOf(TokenFailure);
  }));
