import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { connectionErrorCodes, connectionStates } from '../../../src/shared/kms/enums.ts';
import { connectionRules } from '../../../src/shared/kms/states.ts';
import { openStoresEngine, type StoresEngine } from '../../support/key-stores.ts';
import { TOKEN_PIN } from '../../support/memory-tokens.ts';
import { CREDENTIAL, proxyError } from '../../support/xks-proxy.ts';

let t: StoresEngine;
beforeEach(async () => {
  t = await openStoresEngine();
});
afterEach(() => t.close());

const bytes = (text: string) => new TextEncoder().encode(text);

describe('connecting', () => {
  it.each([
    ['AuthenticationFailedException', 'INVALID_CREDENTIALS'],
    ['AccessDeniedException', 'XKS_PROXY_ACCESS_DENIED'],
    ['InvalidUriPathException', 'XKS_PROXY_INVALID_CONFIGURATION'],
    ['InternalException', 'XKS_PROXY_INVALID_RESPONSE'],
    ['DependencyTimeoutException', 'XKS_PROXY_TIMED_OUT'],
    ['ThrottlingException', 'XKS_PROXY_NOT_REACHABLE'],
  ])('to a proxy that answers %s fails with %s', async (name, code) => {
    const id = await t.create(t.external());
    t.proxy.misbehave = () => proxyError(400, name);
    await t.connect(id);
    expect(await t.shown(id)).toMatchObject({ ConnectionState: 'FAILED', ConnectionErrorCode: code });
    await t.call('DisconnectCustomKeyStore', { CustomKeyStoreId: id });
    t.proxy.misbehave = undefined;
    await t.connect(id);
    expect(await t.shown(id)).not.toHaveProperty('ConnectionErrorCode');
    expect((await t.shown(id)).ConnectionState).toBe('CONNECTED');
    expect(t.changes()).toBe(2);
  });

  it.each([
    ['PinIncorrect', 'INVALID_CREDENTIALS'],
    ['PinLocked', 'USER_LOCKED_OUT'],
    ['PinNotSet', 'USER_NOT_FOUND'],
    ['NoToken', 'CLUSTER_NOT_FOUND'],
    ['Failed', 'INTERNAL_ERROR'],
  ] as const)('to a token that fails with %s fails with %s', async (reason, code) => {
    const id = await t.create(t.token());
    expect(connectionErrorCodes).toContain(code);
    t.tokens.fails = reason;
    await t.connect(id);
    expect(await t.shown(id)).toMatchObject({ ConnectionState: 'FAILED', ConnectionErrorCode: code });
  });

  it('is CONNECTING until the other side has answered, and a disconnect comes before the answer', async () => {
    const id = await t.create(t.external());
    t.proxy.misbehave = () => 'hang';
    await t.call('ConnectCustomKeyStore', { CustomKeyStoreId: id });
    expect((await t.shown(id)).ConnectionState).toBe('CONNECTING');
    await t.call('ConnectCustomKeyStore', { CustomKeyStoreId: id });
    await t.call('DisconnectCustomKeyStore', { CustomKeyStoreId: id });
    t.proxy.misbehave = undefined;
    await t.proxy.close();
    await t.settled();
    expect((await t.shown(id)).ConnectionState).toBe('DISCONNECTED');
    await t.proxy.listen();
  });

  it('a token that refuses its PIN is not asked again: the store becomes FAILED', async () => {
    const id = await t.tokenStore();
    const { id: KeyId } = await t.tokenKey(id);
    t.tokens.pin = 'changed-elsewhere';
    const error = await t.refused('Encrypt', { KeyId, Plaintext: bytes('x') });
    expect(error.code).toBe('KMSInvalidStateException');
    await t.settled();
    expect(await t.shown(id)).toMatchObject({ ConnectionState: 'FAILED', ConnectionErrorCode: 'INVALID_CREDENTIALS' });
    const before = t.tokens.logins;
    expect((await t.refused('Encrypt', { KeyId, Plaintext: bytes('x') })).message).toMatch(/is unavailable/);
    expect(t.tokens.logins).toBe(before);
  });

  it('keeps to the table of connection states', async () => {
    const id = await t.tokenStore();
    const other = await t.create(t.external());
    const inputs = {
      ConnectCustomKeyStore: {},
      DisconnectCustomKeyStore: {},
      UpdateCustomKeyStore: { KeyStorePassword: 'another-pin' },
      UpdateConnected: { NewCustomKeyStoreName: 'renamed' },
      DeleteCustomKeyStore: {},
      CreateKey: { Origin: 'AWS_CLOUDHSM' },
      GenerateRandom: { NumberOfBytes: 1 },
    } as const;
    for (const state of connectionStates)
      for (const [rule, input] of Object.entries(inputs)) {
        await t.settled();
        await t.store.transact((tx) => {
          tx.run(`DELETE FROM keys`);
          tx.run('UPDATE key_stores SET connection = ?, error = NULL WHERE store_id = ?', [state, id]);
          tx.run(
            `INSERT INTO key_stores SELECT ?, account_id, region, 'again', type, settings, sealed, ?, NULL, 0 FROM key_stores
             WHERE store_id = ? AND NOT EXISTS (SELECT 1 FROM key_stores WHERE store_id = ?)`,
            ['cks-deleted', state, id, 'cks-deleted'],
          );
        });
        const name = (rule === 'UpdateConnected' ? 'UpdateCustomKeyStore' : rule) as 'CreateKey';
        const target = rule === 'DeleteCustomKeyStore' ? 'cks-deleted' : id;
        const call = t.call(name, { CustomKeyStoreId: target, ...input } as never);
        const outcome = await call.then(
          () => 'allowed',
          (error: { code: string }) => error.code,
        );
        const allowed = connectionRules[rule as keyof typeof connectionRules][state];
        expect([rule, state, outcome]).toEqual([
          rule,
          state,
          allowed ? 'allowed' : 'CustomKeyStoreInvalidStateException',
        ]);
        await t.store.transact((tx) => {
          tx.run(`DELETE FROM key_stores WHERE store_id = 'cks-deleted'`);
        });
        if (rule === 'UpdateCustomKeyStore' && allowed)
          await t.call('UpdateCustomKeyStore', { CustomKeyStoreId: id, KeyStorePassword: TOKEN_PIN });
      }
    expect((await t.shown(other)).ConnectionState).toBe('DISCONNECTED');
  });

  it('is taken up again by the next opening when the last closing cut it off', async () => {
    const external = await t.create(t.external());
    const token = await t.tokenStore();
    await t.store.transact((tx) => {
      tx.run(`UPDATE key_stores SET connection = 'CONNECTING' WHERE store_id = ?`, [external]);
      tx.run(`UPDATE key_stores SET connection = 'DISCONNECTING' WHERE store_id = ?`, [token]);
    });
    t.engine.resumeKeyStores();
    await t.settled();
    expect((await t.shown(external)).ConnectionState).toBe('CONNECTED');
    expect((await t.shown(token)).ConnectionState).toBe('DISCONNECTED');
    expect(t.tokens.loggedIn.size).toBe(0);
  });
});

describe('updating', () => {
  it('takes a new credential and path of a connected proxy, and keeps the old ones when they do not work', async () => {
    const CustomKeyStoreId = await t.externalStore();
    const { id: KeyId } = await t.externalKey(CustomKeyStoreId);
    const fresh = { AccessKeyId: 'ZZZZZZZZZZZZZZZZ2345', RawSecretAccessKey: `${'n'.repeat(43)}=` };
    const update = { CustomKeyStoreId, XksProxyAuthenticationCredential: fresh };
    expect((await t.refused('UpdateCustomKeyStore', update)).code).toBe(
      'XksProxyIncorrectAuthenticationCredentialException',
    );
    await t.call('Encrypt', { KeyId, Plaintext: bytes('x') });
    t.proxy.credential = fresh;
    t.proxy.path = '/moved/kms/xks/v1';
    await t.call('UpdateCustomKeyStore', { ...update, XksProxyUriPath: t.proxy.path, NewCustomKeyStoreName: 'moved' });
    await t.call('Encrypt', { KeyId, Plaintext: bytes('x') });
    expect(await t.shown(CustomKeyStoreId)).toMatchObject({
      CustomKeyStoreName: 'moved',
      XksProxyConfiguration: { AccessKeyId: fresh.AccessKeyId, UriPath: t.proxy.path, UriEndpoint: t.proxy.endpoint },
    });
  });

  it('follows a token to its copy', async () => {
    const CustomKeyStoreId = await t.create(t.token());
    t.tokens.tokens = [{ slot: 4, label: 'coffer', serial: '0009', userPin: true, capable: true }];
    await t.connect(CustomKeyStoreId);
    expect((await t.shown(CustomKeyStoreId)).ConnectionErrorCode).toBe('CLUSTER_NOT_FOUND');
    await t.call('DisconnectCustomKeyStore', { CustomKeyStoreId });
    await t.settled();
    await t.call('UpdateCustomKeyStore', { CustomKeyStoreId, CloudHsmClusterId: '0009' });
    await t.connect(CustomKeyStoreId);
    expect([...t.tokens.loggedIn]).toEqual(['0009']);
  });

  it('takes what belongs to the store’s type only', async () => {
    const external = await t.create(t.external());
    const token = await t.create(t.token());
    const credential = { XksProxyAuthenticationCredential: CREDENTIAL };
    for (const [name, input] of [
      ['UpdateCustomKeyStore', { CustomKeyStoreId: external, KeyStorePassword: 'a-password' }],
      ['UpdateCustomKeyStore', { CustomKeyStoreId: token, ...credential }],
      ['CreateCustomKeyStore', { ...t.token(), CustomKeyStoreName: 'b', ...credential }],
      ['CreateCustomKeyStore', { ...t.external(), CustomKeyStoreName: 'b', CloudHsmClusterId: 'coffer' }],
      ['CreateCustomKeyStore', { CustomKeyStoreName: 'b' }],
      ['CreateCustomKeyStore', { CustomKeyStoreName: 'b', CustomKeyStoreType: 'EXTERNAL_KEY_STORE' }],
      ['CreateCustomKeyStore', { ...t.external(), CustomKeyStoreName: 'b', XksProxyUriEndpoint: 'http://example.com' }],
      [
        'CreateCustomKeyStore',
        { ...t.external(), CustomKeyStoreName: 'b', XksProxyUriEndpoint: 'http://127.0.0.1.evil.com' },
      ],
      [
        'CreateCustomKeyStore',
        { ...t.external(), CustomKeyStoreName: 'b', XksProxyUriEndpoint: 'https://a@example.com' },
      ],
      ['CreateCustomKeyStore', { ...t.external(), CustomKeyStoreName: 'b', XksProxyUriPath: '/../kms/xks/v1' }],
      ['DescribeCustomKeyStores', { CustomKeyStoreId: external, CustomKeyStoreName: 'external' }],
    ] as const)
      expect([input, (await t.refused(name, input)).code]).toEqual([input, 'ValidationException']);
  });
});

describe('a key store', () => {
  it('belongs to one account and Region', async () => {
    const CustomKeyStoreId = await t.externalStore();
    const elsewhere = { region: 'us-east-1' };
    expect((await t.refused('DescribeCustomKeyStores', { CustomKeyStoreId }, elsewhere)).code).toBe(
      'CustomKeyStoreNotFoundException',
    );
    expect((await t.call('DescribeCustomKeyStores', {}, elsewhere)).CustomKeyStores).toEqual([]);
    // The same proxy serves another Region.
    await t.call('CreateCustomKeyStore', t.external(), elsewhere);
  });

  it('is listed in pages', async () => {
    const made = [await t.create(t.external()), await t.create(t.token())].sort();
    const first = await t.call('DescribeCustomKeyStores', { Limit: 1 });
    expect([first.CustomKeyStores[0]?.CustomKeyStoreId, first.Truncated]).toEqual([made[0], true]);
    const second = await t.call('DescribeCustomKeyStores', { Limit: 1, Marker: first.NextMarker });
    expect([second.CustomKeyStores[0]?.CustomKeyStoreId, second.Truncated]).toEqual([made[1], false]);
  });

  it('leaves nothing in the token when CreateKey fails after the key was made', async () => {
    const CustomKeyStoreId = await t.tokenStore();
    const Tags = [{ TagKey: 'aws:x', TagValue: '' }];
    expect((await t.refused('CreateKey', { Origin: 'AWS_CLOUDHSM', CustomKeyStoreId, Tags })).code).toBe(
      'TagException',
    );
    await t.settled();
    expect(t.tokens.keys.size).toBe(0);
  });

  it('deletes a KMS key whose token is gone, and says that its material may be left', async () => {
    const CustomKeyStoreId = await t.tokenStore();
    const { id: KeyId } = await t.tokenKey(CustomKeyStoreId);
    await t.call('ScheduleKeyDeletion', { KeyId, PendingWindowInDays: 7 });
    t.clock.advanceDays(8);
    t.tokens.fails = 'NoToken';
    await t.engine.runSchedule(t.clock.time);
    await t.settled();
    expect((await t.refused('DescribeKey', { KeyId })).code).toBe('NotFoundException');
    const [record] = (await t.events(5)).filter(({ EventName }) => EventName === 'DeleteKey');
    expect(record?.ResponseElements).toMatchObject({ backingKeysDeletionStatus: 'FAILURE' });
  });

  it('keeps its secret in the vault: no record, answer, message or clear row has it', async () => {
    const external = await t.externalStore();
    const token = await t.tokenStore();
    await t.externalKey(external);
    await t.tokenKey(token);
    const secrets = [TOKEN_PIN, CREDENTIAL.RawSecretAccessKey];
    const messages: string[] = [];
    for (const [name, input] of [
      ['UpdateCustomKeyStore', { CustomKeyStoreId: token, KeyStorePassword: TOKEN_PIN }],
      ['CreateCustomKeyStore', { ...t.token(), KeyStorePassword: TOKEN_PIN.repeat(30) }],
      ['CreateCustomKeyStore', { ...t.token(), KeyStorePassword: [TOKEN_PIN] }],
      [
        'CreateCustomKeyStore',
        { ...t.external(), XksProxyAuthenticationCredential: { ...CREDENTIAL, RawSecretAccessKey: `${secrets[1]}!` } },
      ],
    ] as const) {
      const error = await t.refused(name, input);
      messages.push(error.message, JSON.stringify(error.details));
    }
    const records: string[] = [];
    for (const { EventId } of await t.events(100)) records.push((await t.call('GetEvent', { EventId })).Record);
    expect(records.length).toBe(10);
    const stores = await t.call('DescribeCustomKeyStores', {});
    const rows = t.store.db
      .all('SELECT * FROM key_stores')
      .map((row) =>
        Object.values(row).map((value) =>
          value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value),
        ),
      );
    const everything = JSON.stringify([messages, records, stores, rows]);
    for (const secret of secrets) expect(everything).not.toContain(secret);
    expect(everything).toContain('***Sensitive***');
  });

  it('lets go of the token when the vault locks', async () => {
    await t.tokenStore();
    await t.store.lock();
    expect([t.tokens.closed, t.tokens.loggedIn.size]).toEqual([true, 0]);
    t = await openStoresEngine();
  });
});
