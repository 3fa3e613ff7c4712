import type { OperationInput } from '../../src/shared/kms/operations.ts';
import { openTestEngine } from './engine.ts';
import { MemoryTokens, TOKEN_PIN } from './memory-tokens.ts';
import { CREDENTIAL, XKS_PATH, XksProxy } from './xks-proxy.ts';

type Create = OperationInput<'CreateCustomKeyStore'>;

/** The engine with a proxy on loopback and a token in memory. */
export async function openStoresEngine({ proxyTimeoutMs = 20_000 } = {}) {
  const proxy = await new XksProxy().listen();
  const tokens = new MemoryTokens();
  let changes = 0;
  const t = await openTestEngine({ keyStores: { tokens, proxyTimeoutMs, onChange: () => changes++ } });
  const settled = () => t.engine.keyStoresSettled();
  const external = (changed: Partial<Create> = {}): Create => ({
    CustomKeyStoreName: 'external',
    CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
    XksProxyUriEndpoint: proxy.endpoint,
    XksProxyUriPath: XKS_PATH,
    XksProxyAuthenticationCredential: CREDENTIAL,
    XksProxyConnectivity: 'PUBLIC_ENDPOINT',
    ...changed,
  });
  const token = (changed: Partial<Create> = {}): Create => ({
    CustomKeyStoreName: 'token',
    CloudHsmClusterId: 'coffer',
    KeyStorePassword: TOKEN_PIN,
    ...changed,
  });
  const create = async (input: Create) => (await t.call('CreateCustomKeyStore', input)).CustomKeyStoreId;
  const connect = async (id: string) => {
    await t.call('ConnectCustomKeyStore', { CustomKeyStoreId: id });
    await settled();
  };
  return {
    ...t,
    proxy,
    tokens,
    settled,
    external,
    token,
    create,
    connect,
    changes: () => changes,
    /** A connected external key store; its id. */
    async externalStore(changed: Partial<Create> = {}) {
      const id = await create(external(changed));
      await connect(id);
      return id;
    },
    /** A connected key store of the token in memory; its id. */
    async tokenStore(changed: Partial<Create> = {}) {
      const id = await create(token(changed));
      await connect(id);
      return id;
    },
    /** A KMS key of an external key, which is made if there is none. */
    externalKey(store: string, xksKeyId = 'ext-1') {
      if (!proxy.keys.has(xksKeyId)) proxy.addKey(xksKeyId);
      return t.key({ Origin: 'EXTERNAL_KEY_STORE', CustomKeyStoreId: store, XksKeyId: xksKeyId });
    },
    tokenKey: (store: string) => t.key({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId: store }),
    /** A store as DescribeCustomKeyStores shows it. */
    async shown(id: string) {
      const [store] = (await t.call('DescribeCustomKeyStores', { CustomKeyStoreId: id })).CustomKeyStores;
      if (!store) throw new Error('no such store');
      return store;
    },
    async state(KeyId: string) {
      return (await t.call('DescribeKey', { KeyId })).KeyMetadata.KeyState;
    },
    async close() {
      await settled();
      await t.close();
      await proxy.close();
    },
  };
}
export type StoresEngine = Awaited<ReturnType<typeof openStoresEngine>>;
