import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EndpointSwitch } from '../../../src/main/endpoint-switch.ts';
import { FileType } from '../../../src/main/file-type.ts';
import { createHandlers } from '../../../src/main/ipc/handlers.ts';
import { Recorded } from '../../../src/main/ipc/recorded.ts';
import { createRouter, type Handlers } from '../../../src/main/ipc/router.ts';
import { startNodeHelper } from '../../../src/main/key-stores/helper.ts';
import { localTokens } from '../../../src/main/local-tokens.ts';
import { OpenedFiles } from '../../../src/main/opening.ts';
import { openPreferences } from '../../../src/main/preferences.ts';
import type { Shell } from '../../../src/main/shell/shell.ts';
import { TokenModule } from '../../../src/main/token-module.ts';
import { callNames } from '../../../src/shared/contract/names.ts';
import { CofferError } from '../../../src/shared/kms/errors.ts';
import { decodeWire, encodeWire } from '../../../src/shared/wire.ts';
import { openTestSession, REGION, type TestSession } from '../../support/session.ts';
import { PASSPHRASE, temporaryFolder } from '../../support/vault.ts';

type Reply =
  | { ok: true; value: Record<string, unknown> }
  | { ok: false; error: { code: string; message: string; details?: object } };
type Given = Partial<Record<(typeof callNames)[number], (input: never) => unknown>>;

/** A router over handlers of which only the given ones answer. */
function routerOf(given: Given) {
  const bugs: unknown[] = [];
  const handlers = Object.fromEntries(
    callNames.map((name) => [name, given[name] ?? (() => Promise.reject(new Error(`${name} was called`)))]),
  ) as unknown as Handlers;
  const handle = createRouter(handlers, (error, name) => bugs.push([name, error]));
  const raw = async (name: string, payload: string) => decodeWire(await handle(name, payload)) as Reply;
  return { bugs, raw, call: (name: string, input: unknown) => raw(name, encodeWire(input)) };
}

const refused = (code: string) => ({ ok: false, error: { code } });

describe('the router', () => {
  it('knows the names of the contract and no other', async () => {
    const { raw, bugs } = routerOf({});
    for (const name of [
      '',
      'vault',
      'vault.open',
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      'VAULT.STATUS',
    ])
      expect(await raw(name, '{}')).toMatchObject(refused('UnknownOperationException'));
    for (const name of [undefined, null, 5, {}, ['vault.status']])
      expect(await raw(name as never, '{}')).toMatchObject(refused('UnknownOperationException'));
    expect(bugs).toEqual([]);
  });

  it('refuses what is no JSON, no text, or too much of it', async () => {
    const { raw, bugs } = routerOf({});
    for (const payload of [
      '',
      '{',
      'undefined',
      '{"a":}',
      "{'a':1}",
      '{"$bytes":"%%%"}',
      `{"a":"${'x'.repeat(8 * 2 ** 20)}"}`,
    ])
      expect(await raw('vault.status', payload)).toMatchObject(refused('ValidationException'));
    for (const payload of [undefined, null, 5, {}, new Uint8Array(4)])
      expect(await raw('vault.status', payload as never)).toMatchObject(refused('ValidationException'));
    expect(bugs).toEqual([]);
  });

  it('lets no member through that the contract does not name, and never repeats a value', async () => {
    const { call, bugs } = routerOf({});
    const secret = 'hunter2';
    const inputs: [string, unknown][] = [
      ['vault.status', { extra: 1 }],
      ['vault.status', null],
      ['vault.status', []],
      ['vault.status', 'text'],
      ['vault.unlock', { kind: 'passphrase', secret, extra: 1 }],
      ['vault.unlock', { kind: secret }],
      ['vault.addSlot', { kind: 'passphrase', secret }],
      ['vault.backup', { folder: '/x', passphrase: secret }],
      ['vault.create', { path: '/x', name: 'x', passphrase: secret, useKeychain: 'yes', region: REGION }],
      ['app.pick', { kind: secret, title: '' }],
      ['kms.call', { operation: 'Encrypt', input: secret, region: REGION }],
      ['files.start', { items: [{ path: '/x', action: secret }], region: REGION }],
      ['files.start', { items: [{ path: '/x', action: 'encrypt' }], region: REGION, context: { a: 1 } }],
      ['kms.call', { operation: 'ListKeys', input: {}, region: 'mars-north-1' }],
      ['app.setPreferences', { vaultPath: '/elsewhere' }],
      ['app.setPreferences', { region: '__proto__' }],
      ['app.setPreferences', JSON.parse('{"__proto__":{"theme":"dark"}}')],
    ];
    for (const [name, input] of inputs) {
      const reply = await call(name, input);
      expect([name, input, reply]).toMatchObject([name, input, refused('ValidationException')]);
      expect(JSON.stringify(reply)).not.toContain(secret);
    }
    expect(bugs).toEqual([]);
  });

  it('gives the handler what was parsed and the window what the handler answered', async () => {
    const seen: unknown[] = [];
    const { call } = routerOf({
      'audit.export': (input) => {
        seen.push(input);
        return { path: '/x', records: 1, bytes: 2 };
      },
      'app.touch': () => undefined as never,
    });
    expect(await call('audit.export', { format: 'csv', folder: '/x', from: 5 })).toEqual({
      ok: true,
      value: { path: '/x', records: 1, bytes: 2 },
    });
    expect(seen).toEqual([{ format: 'csv', folder: '/x', from: 5 }]);
  });

  it('puts the id of the record that a call left beside its answer, where there is one', async () => {
    const { call, bugs } = routerOf({
      'kms.call': () => new Recorded({ Keys: [] }, 'b2c1'),
      'people.call': () => new Recorded({}, undefined),
      'app.touch': () => new Recorded({ stray: 1 }, 'b2c1') as never,
    });
    const asked = { operation: 'ListKeys', input: {} };
    expect(await call('kms.call', { ...asked, region: REGION })).toEqual({
      ok: true,
      value: { Keys: [] },
      requestId: 'b2c1',
    });
    expect(await call('people.call', asked)).toEqual({ ok: true, value: {} });
    expect(bugs).toEqual([]);
    // What is in it is held to the contract all the same.
    expect(await call('app.touch', {})).toMatchObject({ ok: false });
    expect(bugs).toHaveLength(1);
  });

  it('answers a member too many, or none at all, as the bug it is', async () => {
    const insides = 'a passphrase';
    const { call, bugs } = routerOf({
      'vault.create': () => ({ recoveryCode: 'x', passphrase: insides }),
      'audit.export': () => ({ path: 5 }),
      'app.touch': () => undefined,
      'vault.slots': () => {
        throw new TypeError(insides);
      },
      'vault.lock': async () => Promise.reject(insides),
      'files.list': () => 10n,
    });
    const wish = { path: '/x', name: 'x', passphrase: PASSPHRASE, useKeychain: false, region: REGION };
    const calls: [string, unknown][] = [
      ['vault.create', wish],
      ['audit.export', { format: 'csv', folder: '/x' }],
      ['app.touch', {}],
      ['vault.slots', {}],
      ['vault.lock', {}],
      ['files.list', {}],
    ];
    for (const [name, input] of calls) {
      const reply = await call(name, input);
      expect(reply).toEqual({
        ok: false,
        error: { code: 'InternalFailure', message: expect.stringContaining('Something inside Coffer failed') },
      });
      expect(JSON.stringify(reply)).not.toContain(insides);
    }
    expect(bugs.map((bug) => (bug as [string])[0])).toEqual(calls.map(([name]) => name));
  });

  it('lets an expected error through with its facts', async () => {
    const { call, bugs } = routerOf({
      'vault.lock': () => {
        throw new CofferError('VaultLocked', 'The vault is locked.', { since: 5 });
      },
    });
    expect(await call('vault.lock', {})).toEqual({
      ok: false,
      error: { code: 'VaultLocked', message: 'The vault is locked.', details: { since: 5 } },
    });
    expect(bugs).toEqual([]);
  });
});

describe('the handlers', () => {
  let t: TestSession;
  let call: (name: string, input: unknown) => Promise<Reply>;
  let remove: () => Promise<void>;
  let home: string;
  let onProgress: (job: string) => void = () => undefined;
  const bugs: unknown[] = [];
  const shell: Shell = {
    name: 'chromium',
    open: async () => undefined,
    send: () => undefined,
    pick: async () => [],
    pickFile: async () => null,
    reveal: async () => undefined,
    close: async () => undefined,
  };
  beforeAll(async () => {
    ({ dir: home, remove } = await temporaryFolder());
    t = await openTestSession(home);
    const preferences = await openPreferences(`${home}/config`);
    const endpoint = new EndpointSwitch({
      clock: { now: () => Date.now() },
      served: () => t.session.served(),
      preferences,
      onChange: () => undefined,
      onBug: (error) => bugs.push(error),
    });
    const handlers = createHandlers({
      session: t.session,
      endpoint,
      tokenModule: new TokenModule({
        tokens: localTokens(() => undefined, { built: home, start: startNodeHelper }),
        preferences,
        shell,
        fixed: undefined,
        installed: () => [],
      }),
      shell,
      openedFiles: new OpenedFiles(() => undefined),
      fileType: new FileType({ env: { HOME: home }, platform: 'linux', opener: undefined, icon: '' }),
      preferences,
      version: '1',
      defaultVaultPath: t.parts.defaultVaultPath,
      now: () => t.clock.now(),
      random: t.parts.environment.random,
      emit: (name, payload) => onProgress('job' in payload ? payload.job : name),
    });
    expect(Object.keys(handlers).sort()).toEqual([...callNames].sort());
    const handle = createRouter(handlers, (error) => bugs.push(error));
    call = async (name, input) => decodeWire(await handle(name, encodeWire(input))) as Reply;
  });
  afterAll(async () => {
    await t.session.lock('closed');
    await remove();
    expect([bugs, t.bugs]).toEqual([[], []]);
  });
  const kms = (operation: string, input: object) => call('kms.call', { operation, input, region: REGION });
  const answerOf = (reply: Reply) => {
    if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`);
    return reply.value;
  };

  it('work only on an open vault, but for those that open one', async () => {
    for (const [name, input] of [
      ['vault.slots', {}],
      ['vault.settings', {}],
      ['kms.call', { operation: 'ListKeys', input: {}, region: REGION }],
      ['files.list', {}],
      ['files.plan', { id: 1, paths: ['/x'] }],
      ['audit.verify', {}],
      ['accessKeys.list', {}],
      ['accessKeys.create', {}],
      ['audit.export', { format: 'csv', folder: '/x' }],
      ['vault.backup', { folder: '/x', passphrase: PASSPHRASE }],
      ['keys.savePublicKey', { keyId: 'x', region: REGION, format: 'pem', folder: '/x' }],
    ] as const)
      expect([name, await call(name, input)]).toMatchObject([name, refused('VaultLocked')]);
    expect(answerOf(await call('vault.status', {}))).toMatchObject({ state: 'none' });
    const wish = {
      path: t.parts.defaultVaultPath,
      name: 'Test',
      passphrase: PASSPHRASE,
      useKeychain: false,
      region: REGION,
    };
    expect(Object.keys(answerOf(await call('vault.create', wish)))).toEqual(['recoveryCode']);
    expect(answerOf(await call('vault.status', {}))).toMatchObject({ state: 'open' });
  });

  it('bring a call to the engine and its answer back, bytes and dates whole', async () => {
    const { KeyMetadata } = answerOf(await kms('CreateKey', { Description: 'x' })) as {
      KeyMetadata: { KeyId: string; CreationDate: Date };
    };
    expect(KeyMetadata.CreationDate).toEqual(new Date(t.clock.now()));
    const { KeyId } = KeyMetadata;
    const EncryptionContext = JSON.parse('{"__proto__":"a","$bytes":"AAAA","$date":"1"}');
    const Plaintext = new Uint8Array([1, 2, 3]);
    const sealed = answerOf(await kms('Encrypt', { KeyId, Plaintext, EncryptionContext }));
    const opened = answerOf(await kms('Decrypt', { CiphertextBlob: sealed.CiphertextBlob, EncryptionContext }));
    expect(opened.Plaintext).toEqual(Plaintext);
  });

  it('refuse an operation there is none of, record every other refusal, and say its record', async () => {
    for (const operation of ['Nonsense', '__proto__', 'constructor', 'toString', ''])
      expect(await kms(operation, {})).toMatchObject(refused('UnknownOperationException'));
    const reply = await kms('Encrypt', { KeyId: 'alias/none', Plaintext: 'text' });
    expect(reply).toMatchObject(refused('SerializationException'));
    const { requestId } = (reply.ok ? {} : (reply.error.details ?? {})) as { requestId: string };
    expect(answerOf(await kms('GetEvent', { EventId: requestId }))).toMatchObject({ Verifies: true });
  });

  it('take only absolute paths', async () => {
    for (const [name, input] of [
      ['app.reveal', { path: 'x' }],
      ['vault.backup', { folder: 'x', passphrase: PASSPHRASE }],
      ['vault.saveRecovery', { folder: '../x' }],
      ['vault.choose', { path: 'x' }],
      ['vault.restore', { file: 'x', passphrase: 'x', path: '/x' }],
      ['files.plan', { id: 1, paths: ['/x', 'x'] }],
      ['keys.savePublicKey', { keyId: 'x', region: REGION, format: 'pem', folder: 'x' }],
      [
        'keys.saveImportParameters',
        { keyId: 'x', region: REGION, algorithm: 'RSAES_OAEP_SHA_256', wrappingKey: 'RSA_2048', folder: './x' },
      ],
      ['keys.makeMaterial', { keyId: 'x', region: REGION, algorithm: 'SM2PKE', publicKey: 'x', folder: '/x' }],
      ['keys.importMaterial', { keyId: 'x', region: REGION, importToken: '/x', material: 'x' }],
      ['keys.importMaterial', { keyId: 'x', region: REGION, importToken: 'x', material: '/x' }],
      ['files.start', { items: [{ path: 'x', action: 'encrypt' }], region: REGION }],
      ['files.start', { items: [{ path: '/x', action: 'encrypt' }], region: REGION, outputFolder: 'x' }],
      ['files.plan', { id: 1, paths: ['/x'], outputFolder: '' }],
      ['audit.export', { format: 'csv', folder: './x' }],
    ] as const)
      expect([name, await call(name, input)]).toMatchObject([name, refused('ValidationException')]);
  });

  it('verify and export the trail', async () => {
    const verified = answerOf(await call('audit.verify', {}));
    expect(verified).toMatchObject({ ok: true, digests: 1 });
    const exported = answerOf(await call('audit.export', { format: 'cloudtrail', folder: home }));
    expect(exported.records).toBe(verified.records);
  });

  it('end a job over the trail when that is cancelled, or begun anew, and no other', async () => {
    // More than the jobs look at in one slice.
    await Promise.all(Array.from({ length: 450 }, () => kms('GenerateRandom', { NumberOfBytes: 8 })));
    const folder = `${home}/cancelled`;
    await mkdir(folder);
    const wishes = [
      ['verify', 'audit.verify', {}],
      ['export', 'audit.export', { format: 'csv', folder }],
    ] as const;
    for (const [job, name, input] of wishes) {
      const seen: string[] = [];
      let cancelled: Promise<Reply> | undefined;
      onProgress = (of) => {
        seen.push(of);
        cancelled ??= call('audit.cancel', { job });
      };
      expect(await call(name, input)).toMatchObject(refused('Cancelled'));
      // Not one slice more was looked at.
      expect([seen, await cancelled]).toEqual([[job], { ok: true, value: {} }]);
    }
    expect(await readdir(folder)).toEqual([]);

    let second: Promise<Reply> | undefined;
    onProgress = () => {
      second ??= call('audit.verify', {});
    };
    const [first, exported] = await Promise.all([
      call('audit.verify', {}),
      call('audit.export', { format: 'csv', folder }),
    ]);
    expect(first).toMatchObject(refused('Cancelled'));
    expect([exported, await second]).toMatchObject([{ ok: true }, { ok: true, value: { ok: true } }]);
    onProgress = () => undefined;
    expect(await call('audit.cancel', { job: 'export' })).toEqual({ ok: true, value: {} });
  });

  it('end a plan when it is cancelled, and no other', async () => {
    const folder = `${home}/planned`;
    await mkdir(folder);
    await Promise.all(Array.from({ length: 300 }, (_, at) => writeFile(`${folder}/${at}`, '')));
    const plan = (id: number) => call('files.plan', { id, paths: [folder] });
    const [cancelled, other, late] = await Promise.all([plan(1), plan(2), call('files.cancelPlan', { id: 1 })]);
    expect([cancelled, other, late]).toMatchObject([refused('Cancelled'), { ok: true }, { ok: true }]);
    expect(other).toMatchObject({ value: { items: [{ path: folder, files: 300 }] } });
    expect(await call('files.cancelPlan', { id: 2 })).toEqual({ ok: true, value: {} });
  });

  it('tell how far a backup is, and end it when that is cancelled, or begun anew', async () => {
    const folder = `${home}/backups`;
    await mkdir(folder);
    const backUp = () => call('vault.backup', { folder, passphrase: PASSPHRASE });
    const seen: string[] = [];
    onProgress = (job) => {
      seen.push(job);
      void call('vault.cancel', { job: 'backup' });
    };
    expect(await backUp()).toMatchObject(refused('Cancelled'));
    expect([seen, await readdir(folder)]).toEqual([['backup'], []]);
    onProgress = () => undefined;
    const [first, second] = await Promise.all([backUp(), backUp()]);
    expect([first, second]).toMatchObject([refused('Cancelled'), { ok: true }]);
    expect(await readdir(folder)).toHaveLength(1);
    for (const job of ['backup', 'restore', 'salvage'])
      expect(await call('vault.cancel', { job })).toEqual({ ok: true, value: {} });
  });
});
