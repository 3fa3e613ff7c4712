import type { ConnectionErrorCode, ConnectionState } from '../../shared/kms/enums.ts';
import { CofferError } from '../../shared/kms/errors.ts';
import { utf8 } from '../crypto/bytes.ts';
import type { Environment, Random } from '../environment.ts';
import type { TokenLogin } from '../key-stores/pkcs11/protocol.ts';
import { noTokens, type Tokens } from '../key-stores/tokens.ts';
import { XksClient, type XksMetadata, type XksProxy } from '../key-stores/xks/client.ts';
import type { ReadDatabase, Store, Transaction } from '../vault/types.ts';
import type { KeyRecord } from './key-rows.ts';
import { connectionErrorOf, keyStoreError, type Purpose, refusedLogin } from './key-store-errors.ts';
import {
  type KeyStoreRecord,
  keyStoreById,
  type ProxySettings,
  setConnection,
  type TokenStore,
  unsettledKeyStores,
} from './key-store-rows.ts';
import type { Caller } from './types.ts';
import { uuid } from './uuid.ts';

/** What the owner of an engine gives to its key stores; nothing of it is needed for a vault without any. */
export interface KeyStoreOptions {
  /** The tokens of this computer; none unless given. */
  readonly tokens?: Tokens;
  /** How long a proxy has to answer, in milliseconds. */
  readonly proxyTimeoutMs?: number;
  /** Told when a connection changed by itself, and the state of its keys with it. */
  readonly onChange?: () => void;
}

interface Parts {
  readonly store: Store;
  readonly environment: Environment;
  readonly onBug: (error: unknown, where: string) => void;
}

/**
 * The roads to what is behind custom key stores, and the work on them that no call waits for. A connection is a fact of the
 * vault that outlives its closing, as at AWS: a store that was connected is connected when the vault opens again, and a proxy
 * is next asked, a token next logged in to, when one of its keys is used. So opening a vault waits for nobody.
 */
export class KeyStores {
  readonly tokens: Tokens;
  readonly proxies: XksClient;
  readonly #store: Store;
  readonly #random: Random;
  readonly #onBug: Parts['onBug'];
  readonly #onChange: () => void;
  readonly #work = new Set<Promise<void>>();
  readonly #named = new Set<string>();
  #closed = false;

  constructor({ store, environment, onBug }: Parts, { tokens, proxyTimeoutMs, onChange }: KeyStoreOptions) {
    this.#store = store;
    this.#random = environment.random;
    this.#onBug = onBug;
    this.#onChange = onChange ?? (() => undefined);
    this.tokens = tokens ?? noTokens;
    this.proxies = new XksClient(environment.clock, proxyTimeoutMs);
    store.onLock(() => {
      this.#closed = true;
      this.tokens.close();
      this.proxies.close();
    });
  }

  /** Seals a store's secret for its row. */
  seal(storeId: string, secret: string): Uint8Array {
    return this.#store.sealMaterial(storeId, 'credential', utf8(secret));
  }

  #secretOf({ storeId, sealed }: KeyStoreRecord): string {
    const bytes = this.#store.openMaterial(storeId, 'credential', sealed);
    const secret = Buffer.from(bytes).toString('utf8');
    bytes.fill(0);
    return secret;
  }

  loginOf(store: TokenStore): TokenLogin {
    return { serial: store.settings.serial, pin: this.#secretOf(store) };
  }

  /** `changes` are settings that are to be tried before they are stored. */
  proxyOf(
    store: Extract<KeyStoreRecord, { type: 'EXTERNAL_KEY_STORE' }>,
    changes: Partial<ProxySettings & Pick<XksProxy, 'secretAccessKey'>> = {},
  ): XksProxy {
    return { ...store.settings, region: store.region, secretAccessKey: this.#secretOf(store), ...changes };
  }

  /**
   * What a proxy is told of a call. The id is one of its own: a record of the trail gets its id when it is written, after the
   * proxy has answered.
   */
  metadata(kmsOperation: string, caller?: Caller, kmsKeyArn?: string): XksMetadata {
    return {
      ...(caller ? { awsPrincipalArn: caller.principalArn } : {}),
      ...(kmsKeyArn ? { kmsKeyArn } : {}),
      kmsOperation,
      kmsRequestId: uuid(this.#random.bytes(16)),
      ...(caller?.viaService ? { kmsViaService: caller.viaService.split('.')[0] ?? '' } : {}),
    };
  }

  /** Asks a proxy whether it works. @throws KmsError as CreateCustomKeyStore and UpdateCustomKeyStore document. */
  async checkProxy(proxy: XksProxy, operation: string): Promise<void> {
    await this.proxies.health(proxy, this.metadata(operation)).catch((error) => {
      throw keyStoreError(error, 'store');
    });
  }

  /**
   * Does work at a store's backing.
   * @throws KmsError as the purpose has it. A login that a token refused makes the store `FAILED`: nobody tries the same PIN
   * again until the token locks itself.
   */
  async use<T>({ storeId }: KeyStoreRecord, purpose: Purpose, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (refusedLogin(error)) this.#settle(storeId, 'CONNECTED', 'FAILED', connectionErrorOf(error));
      throw keyStoreError(error, purpose);
    }
  }

  /** Connects in the background a store that is `CONNECTING` when the call under way is durable. */
  connect(store: KeyStoreRecord): void {
    const attempt =
      store.type === 'AWS_CLOUDHSM'
        ? () => this.tokens.login(this.loginOf(store))
        : () => this.proxies.health(this.proxyOf(store), this.metadata('ConnectCustomKeyStore'));
    this.background(async () => {
      const error = await attempt().then(
        () => undefined,
        (reason: unknown) => {
          const code = connectionErrorOf(reason);
          // A bug must not leave the store connecting for ever.
          if (!code) this.#onBug(reason, 'connecting a key store');
          return code ?? 'INTERNAL_ERROR';
        },
      );
      await this.#change(store.storeId, 'CONNECTING', error ? 'FAILED' : 'CONNECTED', error);
    }, 'connecting a key store');
  }

  /** Lets go in the background of what a `DISCONNECTING` store holds. */
  disconnect(store: KeyStoreRecord): void {
    this.background(async () => {
      // A token that is gone, or never was there, holds nothing.
      if (store.type === 'AWS_CLOUDHSM') await this.tokens.logout(store.settings.serial).catch(() => undefined);
      await this.#change(store.storeId, 'DISCONNECTING', 'DISCONNECTED');
    }, 'disconnecting a key store');
  }

  /** Takes up what the last closing of the vault cut off. */
  resume(): void {
    for (const store of unsettledKeyStores(this.#store.db))
      if (store.connection === 'CONNECTING') this.connect(store);
      else this.disconnect(store);
  }

  /** Runs work that no call waits for. A vault that locks or cannot write meanwhile ends it. */
  background(work: () => Promise<void>, where: string): void {
    const running = work()
      .catch((error: unknown) => {
        if (!this.#closed && !(error instanceof CofferError)) this.#onBug(error, where);
      })
      .finally(() => this.#work.delete(running));
    this.#work.add(running);
  }

  /** The same, unless work of that name is under way. */
  backgroundOnce(name: string, work: () => Promise<void>): void {
    if (this.#named.has(name)) return;
    this.#named.add(name);
    this.background(() => work().finally(() => this.#named.delete(name)), name);
  }

  /** Destroys a token's key; resolves to whether it is gone. One in a store that is not connected is not tried. */
  async destroyKey(db: ReadDatabase, { keyStore, keyId }: Pick<KeyRecord, 'keyStore' | 'keyId'>): Promise<boolean> {
    const store = keyStore === null ? undefined : keyStoreById(db, keyStore);
    if (store?.type !== 'AWS_CLOUDHSM' || store.connection !== 'CONNECTED') return false;
    const login = this.loginOf(store);
    try {
      await this.use(store, 'use', () => this.tokens.destroyKey(login, keyId));
      return true;
    } catch (error) {
      if (error instanceof CofferError) return false;
      throw error;
    }
  }

  /** Resolves when nothing is under way in the background. */
  async settled(): Promise<void> {
    while (this.#work.size > 0) await Promise.all(this.#work);
  }

  #settle(storeId: string, from: ConnectionState, to: ConnectionState, error?: ConnectionErrorCode): void {
    this.background(() => this.#change(storeId, from, to, error), 'changing a connection');
  }

  /** Only from the state it was begun in: the store may have been changed, or deleted, meanwhile. */
  async #change(storeId: string, from: ConnectionState, to: ConnectionState, error?: ConnectionErrorCode) {
    const changed = await this.#store.transact((tx: Transaction) => {
      if (keyStoreById(tx, storeId)?.connection !== from) return false;
      setConnection(tx, storeId, to, error ?? null);
      return true;
    });
    if (changed) this.#onChange();
  }
}
