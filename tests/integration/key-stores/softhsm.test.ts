import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import koffi from 'koffi';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type HelperProcess, startNodeHelper } from '../../../src/main/key-stores/helper.ts';
import { TokenFailure } from '../../../src/main/key-stores/pkcs11/protocol.ts';
import { moduleTokens, noTokens, type Tokens } from '../../../src/main/key-stores/tokens.ts';
import { bundle } from '../../support/bundle.ts';
import { openTestEngine } from '../../support/engine.ts';
import { openSoftHsm, SOFTHSM_PIN } from '../../support/softhsm.ts';

let host: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  host = await bundle('src/main/key-stores/pkcs11/host.ts');
});
afterAll(() => host.remove());

let hsm: ReturnType<typeof openSoftHsm>;
let helpers: HelperProcess[];
let tokens: Tokens;
const tokensOf = (changes: { module?: string; host?: URL; timeoutMs?: number } = {}) =>
  moduleTokens({
    host: pathToFileURL(host.file),
    module: hsm.module,
    start(module, args) {
      const helper = startNodeHelper(module, args);
      helpers.push(helper);
      return helper;
    },
    timeoutMs: 60_000,
    ...changes,
  });

beforeEach(() => {
  helpers = [];
  hsm = openSoftHsm();
  hsm.addToken('coffer-test');
  tokens = tokensOf();
});
afterEach(() => {
  tokens.close();
  hsm.remove();
});

async function reasonOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof TokenFailure) return error.reason;
    throw error;
  }
  return 'none';
}
const bytes = (text: string) => new Uint8Array(Buffer.from(text));
const iv = new Uint8Array(12).fill(3);
const aad = bytes('context');

describe('a PKCS#11 token', () => {
  async function login() {
    const [token] = await tokens.list();
    return { serial: token?.serial ?? '', pin: SOFTHSM_PIN };
  }

  it('is listed, once it is initialized', async () => {
    const listed = await tokens.list();
    expect(listed).toMatchObject([{ label: 'coffer-test', userPin: true, capable: true }]);
    expect(listed[0]?.serial).toMatch(/^[0-9a-f]{16}$/);
  });

  it('keeps its keys: another process uses them, nobody reads them', async () => {
    const me = await login();
    await tokens.generateKey(me, 'key-1');
    await tokens.generateKey(me, 'key-2');
    const sealed = await tokens.encrypt(me, 'key-1', iv, aad, bytes('hello'));
    expect(sealed.length).toBe(5 + 16);
    const other = tokensOf();
    expect(await other.decrypt(me, 'key-1', iv, aad, sealed)).toEqual(bytes('hello'));
    expect(await reasonOf(other.decrypt(me, 'key-2', iv, aad, sealed))).toBe('CiphertextInvalid');
    expect(await reasonOf(other.decrypt(me, 'key-1', iv, bytes('other'), sealed))).toBe('CiphertextInvalid');
    expect(await reasonOf(other.decrypt(me, 'none', iv, aad, sealed))).toBe('NoKey');
    // After a decryption that failed the session still works.
    expect(await other.decrypt(me, 'key-1', iv, aad, sealed)).toEqual(bytes('hello'));
    await tokens.destroyKey(me, 'key-1');
    await tokens.destroyKey(me, 'key-1');
    expect(await reasonOf(tokens.decrypt(me, 'key-1', iv, aad, sealed))).toBe('NoKey');
    other.close();
  });

  it('does not let its keys out', async () => {
    const me = await login();
    await tokens.generateKey(me, 'key-1');
    const attributes = await readAttributes(hsm.module, SOFTHSM_PIN);
    // CKR_ATTRIBUTE_SENSITIVE for the value; sensitive, always so, not extractable, never so, in the token, private.
    expect(attributes).toEqual({
      value: 0x11,
      sensitive: 1,
      extractable: 0,
      always: 1,
      never: 1,
      token: 1,
      private: 1,
    });
  });

  it('gives random bytes', async () => {
    const me = await login();
    const [a, b] = await Promise.all([tokens.random(me, 1024), tokens.random(me, 1024)]);
    expect([a.length, Buffer.from(a).equals(b)]).toEqual([1024, false]);
  });

  it('is told from one that is not there, refuses a wrong PIN, and is logged in anew', async () => {
    const me = await login();
    expect(await reasonOf(tokens.login({ ...me, serial: 'none' }))).toBe('NoToken');
    await tokens.login(me);
    // A session is not for whoever comes with another PIN.
    expect(await reasonOf(tokens.random({ ...me, pin: 'wrong-pin' }, 8))).toBe('PinIncorrect');
    expect((await tokens.random(me, 8)).length).toBe(8);
    // A login with another PIN proves itself, whoever is logged in.
    expect(await reasonOf(tokens.login({ ...me, pin: 'wrong-pin' }))).toBe('PinIncorrect');
    expect(await reasonOf(tokens.random({ ...me, pin: 'wrong-pin' }, 8))).toBe('PinIncorrect');
    await tokens.login(me);
    await tokens.logout(me.serial);
    expect((await tokens.random(me, 8)).length).toBe(8);
  });

  it('outlives the process of its module', async () => {
    const me = await login();
    await tokens.generateKey(me, 'key-1');
    const sealed = await tokens.encrypt(me, 'key-1', iv, aad, bytes('x'));
    const pending = reasonOf(Promise.all(Array.from({ length: 50 }, () => tokens.random(me, 1024))));
    helpers[0]?.kill();
    expect(await pending).toBe('Failed');
    expect(await tokens.decrypt(me, 'key-1', iv, aad, sealed)).toEqual(bytes('x'));
    expect(helpers.length).toBe(2);
  });

  it('is there as long as its module is used, whatever is collected as garbage', async () => {
    const child = await bundle('tests/support/token-child.ts');
    try {
      const { stdout, signal } = spawnSync(process.execPath, [child.file, hsm.module], { encoding: 'utf8' });
      expect([stdout, signal]).toEqual(['coffer-test\n'.repeat(3), null]);
    } finally {
      child.remove();
    }
  });

  it('is not there without a module, or with one that is none', async () => {
    expect(await noTokens.list()).toEqual([]);
    for (const module of [path.join('no', 'such.so'), host.file]) {
      const without = tokensOf({ module });
      expect(await reasonOf(without.list())).toBe('NoModule');
      without.close();
    }
  });

  it('that never answers is given up, with its process', async () => {
    const file = path.join(path.dirname(host.file), 'deaf.mjs');
    writeFileSync(file, 'setInterval(() => undefined, 1000); process.on("message", () => undefined);');
    const deaf = tokensOf({ host: pathToFileURL(file), timeoutMs: 200 });
    expect(await reasonOf(deaf.list())).toBe('TimedOut');
    const gone = new Promise<void>((resolve) => helpers.at(-1)?.onExit(resolve));
    await gone;
    expect(await reasonOf(deaf.list())).toBe('TimedOut');
    deaf.close();
  });
});

describe('a key store over SoftHSM', () => {
  it('lives a whole life', async () => {
    const t = await openTestEngine({ keyStores: { tokens } });
    const settled = () => t.engine.keyStoresSettled();
    const input = { CustomKeyStoreName: 'hsm', CloudHsmClusterId: 'coffer-test', KeyStorePassword: 'wrong-pin' };
    const { CustomKeyStoreId } = await t.call('CreateCustomKeyStore', input);
    const shown = async () => (await t.call('DescribeCustomKeyStores', { CustomKeyStoreId })).CustomKeyStores[0];
    await t.call('ConnectCustomKeyStore', { CustomKeyStoreId });
    expect((await shown())?.ConnectionState).toBe('CONNECTING');
    await settled();
    expect(await shown()).toMatchObject({ ConnectionState: 'FAILED', ConnectionErrorCode: 'INVALID_CREDENTIALS' });
    await t.call('DisconnectCustomKeyStore', { CustomKeyStoreId });
    await settled();
    await t.call('UpdateCustomKeyStore', { CustomKeyStoreId, KeyStorePassword: SOFTHSM_PIN });
    await t.call('ConnectCustomKeyStore', { CustomKeyStoreId });
    await settled();
    expect((await shown())?.ConnectionState).toBe('CONNECTED');

    const { KeyMetadata } = await t.call('CreateKey', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId });
    expect(KeyMetadata).toMatchObject({ CloudHsmClusterId: 'coffer-test', CustomKeyStoreId, KeyState: 'Enabled' });
    const { KeyId } = KeyMetadata;
    const EncryptionContext = { a: 'b' };
    const Plaintext = new Uint8Array(4096).fill(1);
    const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext, EncryptionContext });
    expect((await t.call('Decrypt', { CiphertextBlob, EncryptionContext })).Plaintext).toEqual(Plaintext);
    expect((await t.refused('Decrypt', { CiphertextBlob })).code).toBe('InvalidCiphertextException');
    const made = await t.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' });
    expect((await t.call('Decrypt', { CiphertextBlob: made.CiphertextBlob })).Plaintext).toEqual(made.Plaintext);
    expect((await t.call('GenerateRandom', { CustomKeyStoreId, NumberOfBytes: 64 })).Plaintext.length).toBe(64);

    // The KMS key takes its material with it.
    await t.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    t.clock.advanceDays(8);
    await t.engine.runSchedule(t.clock.time);
    await settled();
    const { serial } = (await tokens.list())[0] ?? { serial: '' };
    expect(await reasonOf(tokens.encrypt({ serial, pin: SOFTHSM_PIN }, KeyId, iv, aad, bytes('x')))).toBe('NoKey');
    await t.call('DisconnectCustomKeyStore', { CustomKeyStoreId });
    await settled();
    await t.call('DeleteCustomKeyStore', { CustomKeyStoreId });
    expect(t.bugs).toEqual([]);
    await t.close();
  });

  it('says that a token is gone', async () => {
    const t = await openTestEngine({ keyStores: { tokens } });
    const input = { CustomKeyStoreName: 'hsm', CloudHsmClusterId: 'coffer-test', KeyStorePassword: SOFTHSM_PIN };
    const { CustomKeyStoreId } = await t.call('CreateCustomKeyStore', input);
    await t.call('ConnectCustomKeyStore', { CustomKeyStoreId });
    await t.engine.keyStoresSettled();
    const { id: KeyId } = await t.key({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId });
    hsm.removeTokens();
    helpers[0]?.kill();
    await new Promise<void>((resolve) => helpers[0]?.onExit(resolve));
    const error = await t.refused('Encrypt', { KeyId, Plaintext: bytes('x') });
    expect(error.code).toBe('KeyUnavailableException');
    await t.close();
  });

  it('refuses labels that several tokens have', async () => {
    hsm.addToken('coffer-test');
    const t = await openTestEngine({ keyStores: { tokens } });
    const input = { CustomKeyStoreName: 'hsm', CloudHsmClusterId: 'coffer-test', KeyStorePassword: SOFTHSM_PIN };
    expect((await t.refused('CreateCustomKeyStore', input)).code).toBe('CloudHsmClusterInvalidConfigurationException');
    for (const { serial } of await tokens.list())
      await t.call('CreateCustomKeyStore', { ...input, CustomKeyStoreName: serial, CloudHsmClusterId: serial });
    await t.close();
  });
});

/** What the token says of its one key, asked by hand: the return value of reading its material, and its flags. */
async function readAttributes(module: string, pin: string) {
  const library = koffi.load(module);
  const declare = (text: string) => library.func(`ulong ${text}`);
  const attribute = koffi.struct({ type: 'ulong', value: 'void *', length: 'ulong' });
  const pointer = koffi.pointer(attribute);
  declare('C_Initialize(void *)')(null);
  const count = [0];
  const list = declare('C_GetSlotList(uint8_t, ulong *, _Inout_ ulong *)');
  list(1, null, count);
  const slots = new BigUint64Array(count[0] ?? 0);
  list(1, slots, count);
  const session = [0];
  declare('C_OpenSession(ulong, ulong, void *, void *, _Out_ ulong *)')(slots[0], 4, null, null, session);
  declare('C_Login(ulong, ulong, uint8_t *, ulong)')(session[0], 1, Buffer.from(pin), pin.length);
  const secret = Buffer.alloc(8);
  secret.writeUInt32LE(4);
  library.func('C_FindObjectsInit', 'ulong', ['ulong', pointer, 'ulong'])(
    session[0],
    [{ type: 0, value: secret, length: 8 }],
    1,
  );
  const found = [0];
  declare('C_FindObjects(ulong, _Out_ ulong *, ulong, _Out_ ulong *)')(session[0], found, 1, [0]);
  const get = library.func('C_GetAttributeValue', 'ulong', ['ulong', 'ulong', pointer, 'ulong']);
  const read = (type: number, length: number) => {
    const value = Buffer.alloc(length);
    const rv = Number(get(session[0], found[0], [{ type, value, length }], 1));
    return { rv, flag: value[0] };
  };
  const attributes = {
    value: read(0x11, 32).rv,
    sensitive: read(0x103, 1).flag,
    extractable: read(0x162, 1).flag,
    always: read(0x165, 1).flag,
    never: read(0x164, 1).flag,
    token: read(0x01, 1).flag,
    private: read(0x02, 1).flag,
  };
  declare('C_Finalize(void *)')(null);
  return attributes;
}
