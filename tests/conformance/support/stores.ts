import { readFileSync } from 'node:fs';
import type { CreateCustomKeyStoreRequest, KMS } from '@aws-sdk/client-kms';
import { openSoftHsm, SOFTHSM_PIN } from '../../support/softhsm.ts';
import { CREDENTIAL, XksProxy } from '../../support/xks-proxy.ts';

/** What is behind custom key stores: SoftHSM's tokens and a proxy, and key stores of them. */
export interface Backing {
  /** What the program is started with. */
  readonly env: NodeJS.ProcessEnv;
  /** Of the store that stays, and of all others. */
  readonly proxy: XksProxy;
  readonly spareProxy: XksProxy;
  /** The input that makes a store of the token `label`. */
  token(label: string, changes?: Partial<CreateCustomKeyStoreRequest>): CreateCustomKeyStoreRequest;
  /** The input that makes a store of the spare proxy, at a path nobody has yet. */
  external(changes?: Partial<CreateCustomKeyStoreRequest>): CreateCustomKeyStoreRequest;
  create(kms: KMS, input: CreateCustomKeyStoreRequest): Promise<string>;
  connect(kms: KMS, CustomKeyStoreId: string): Promise<string>;
  disconnect(kms: KMS, CustomKeyStoreId: string): Promise<string>;
  /** The connected store of the token `coffer`, which stays; the token is there again. */
  tokenStore(kms: KMS): Promise<string>;
  /** The connected store of the proxy, which stays; the proxy behaves again. */
  externalStore(kms: KMS): Promise<string>;
  /** Deletes every other store; the tokens are there again, and the spare proxy behaves. */
  tidy(kms: KMS): Promise<void>;
  tokenKey(kms: KMS): Promise<string>;
  externalKey(kms: KMS): Promise<string>;
  /** Takes the tokens out of the computer. */
  unplug(): Promise<void>;
  /** Told of the program that serves. */
  started(pid: number): void;
  remove(): Promise<void>;
}

/** Opens SoftHSM with the tokens `coffer`, `spare` and two that are both called `twin`, and two proxies on loopback. */
export async function openBacking(): Promise<Backing> {
  const hsm = openSoftHsm();
  for (const label of ['coffer', 'spare', 'twin', 'twin']) hsm.addToken(label);
  const proxy = await new XksProxy().listen();
  const spareProxy = await new XksProxy().listen();
  const kept = new Map<string, string>();
  let names = 0;
  let program = 0;

  /** The program's one process, for the PKCS#11 module, as long as the program has not noticed its end. */
  function host(): number | undefined {
    const children = readFileSync(`/proc/${program}/task/${program}/children`, 'utf8').trim();
    return children === '' ? undefined : Number(children);
  }

  /** Takes the tokens out or in. A module looks for tokens when it starts, so its process is ended. */
  async function plug(inside: boolean): Promise<void> {
    if (!hsm.plug(inside)) return;
    const pid = host();
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
    while (host() !== undefined) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  async function reach(kms: KMS, CustomKeyStoreId: string, states: readonly string[]): Promise<string> {
    for (;;) {
      const [store] = (await kms.describeCustomKeyStores({ CustomKeyStoreId })).CustomKeyStores ?? [];
      if (states.includes(store?.ConnectionState ?? '')) return CustomKeyStoreId;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  const backing: Backing = {
    env: { COFFER_PKCS11_MODULE: hsm.module, SOFTHSM2_CONF: process.env.SOFTHSM2_CONF },
    proxy,
    spareProxy,
    token: (label, changes = {}) => ({
      CustomKeyStoreName: `token-${++names}`,
      CloudHsmClusterId: label,
      KeyStorePassword: SOFTHSM_PIN,
      ...changes,
    }),
    external(changes = {}) {
      const number = ++names;
      spareProxy.path = `/n${number}/kms/xks/v1`;
      return {
        CustomKeyStoreName: `external-${number}`,
        CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
        XksProxyUriEndpoint: spareProxy.endpoint,
        XksProxyUriPath: spareProxy.path,
        XksProxyAuthenticationCredential: CREDENTIAL,
        XksProxyConnectivity: 'PUBLIC_ENDPOINT',
        ...changes,
      };
    },
    create: async (kms, input) => (await kms.createCustomKeyStore(input)).CustomKeyStoreId ?? '',
    async connect(kms, CustomKeyStoreId) {
      await kms.connectCustomKeyStore({ CustomKeyStoreId });
      return reach(kms, CustomKeyStoreId, ['CONNECTED', 'FAILED']);
    },
    async disconnect(kms, CustomKeyStoreId) {
      await kms.disconnectCustomKeyStore({ CustomKeyStoreId });
      return reach(kms, CustomKeyStoreId, ['DISCONNECTED']);
    },
    async tokenStore(kms) {
      await plug(true);
      const make = async () => backing.connect(kms, await backing.create(kms, backing.token('coffer')));
      const id = kept.get('token') ?? (await make());
      kept.set('token', id);
      return id;
    },
    async externalStore(kms) {
      proxy.misbehave = undefined;
      const wish = { XksProxyUriEndpoint: proxy.endpoint, XksProxyUriPath: proxy.path };
      const make = async () => backing.connect(kms, await backing.create(kms, backing.external(wish)));
      const id = kept.get('external') ?? (await make());
      kept.set('external', id);
      return id;
    },
    async tidy(kms) {
      await plug(true);
      spareProxy.misbehave = undefined;
      spareProxy.health = ['ACTIVE'];
      const { CustomKeyStores = [] } = await kms.describeCustomKeyStores({ Limit: 1000 });
      for (const { CustomKeyStoreId = '', ConnectionState } of CustomKeyStores) {
        if ([...kept.values()].includes(CustomKeyStoreId)) continue;
        if (ConnectionState !== 'DISCONNECTED') await backing.disconnect(kms, CustomKeyStoreId);
        await kms.deleteCustomKeyStore({ CustomKeyStoreId });
      }
    },
    async tokenKey(kms) {
      const CustomKeyStoreId = await backing.tokenStore(kms);
      return (await kms.createKey({ Origin: 'AWS_CLOUDHSM', CustomKeyStoreId })).KeyMetadata?.KeyId ?? '';
    },
    async externalKey(kms) {
      const CustomKeyStoreId = await backing.externalStore(kms);
      const XksKeyId = `ext-${++names}`;
      proxy.addKey(XksKeyId);
      const { KeyMetadata } = await kms.createKey({ Origin: 'EXTERNAL_KEY_STORE', CustomKeyStoreId, XksKeyId });
      return KeyMetadata?.KeyId ?? '';
    },
    unplug: () => plug(false),
    started(pid) {
      program = pid;
    },
    async remove() {
      await Promise.all([proxy.close(), spareProxy.close()]);
      hsm.remove();
    },
  };
  return backing;
}
