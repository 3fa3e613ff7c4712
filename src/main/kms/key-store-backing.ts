import { X509Certificate } from 'node:crypto';
import { KmsError } from '../../shared/kms/errors.ts';
import { TokenFailure, type TokenInfo } from '../key-stores/pkcs11/protocol.ts';
import { checkConnection } from './custom-keys.ts';
import { keyStoreError } from './key-store-errors.ts';
import {
  type KeyStoreRecord,
  keyStoresOf,
  type ProxySettings,
  type ProxyStore,
  type TokenSettings,
  type TokenStore,
} from './key-store-rows.ts';
import type { Context, Parsed } from './operation.ts';

/** What a key store is to have behind it, once that was looked at. */
export interface StoreWork {
  readonly settings: TokenSettings | ProxySettings;
  /** The token's PIN or the proxy's secret access key, when it is new. */
  readonly secret?: string;
  /** Whether another key store has the same behind it. */
  check(context: Context): void;
}
export type NewStoreWork = StoreWork & { readonly secret: string };

type Create = Parsed<'CreateCustomKeyStore'>;
type Update = Parsed<'UpdateCustomKeyStore'>;

const invalid = (message: string) => new KmsError('ValidationException', message);

/** What describes a proxy, and what a token: each type of key store takes its own only. */
const PROXY = [
  'XksProxyUriEndpoint',
  'XksProxyUriPath',
  'XksProxyAuthenticationCredential',
  'XksProxyConnectivity',
  'XksProxyVpcEndpointServiceName',
  'XksProxyVpcEndpointServiceOwner',
] as const;
const TOKEN = ['CloudHsmClusterId', 'KeyStorePassword', 'TrustAnchorCertificate'] as const;

function refuseForeign(input: Create | Update, type: KeyStoreRecord['type']): void {
  const foreign = (type === 'AWS_CLOUDHSM' ? PROXY : TOKEN).find(
    (name) => (input as Readonly<Record<string, unknown>>)[name] !== undefined,
  );
  if (foreign) throw invalid(`${foreign} does not belong to a custom key store of type ${type}.`);
}

/** The token of that serial number, or else of that label. @throws KmsError as CreateCustomKeyStore documents. */
function findToken(tokens: readonly TokenInfo[], clusterId: string): TokenInfo {
  const bySerial = tokens.filter(({ serial }) => serial === clusterId);
  const [token, ...others] = bySerial.length > 0 ? bySerial : tokens.filter(({ label }) => label === clusterId);
  if (!token)
    throw new KmsError(
      'CloudHsmClusterNotFoundException',
      `No PKCS#11 token on this computer has the serial number or label ${clusterId}.`,
    );
  if (others.length > 0)
    throw new KmsError(
      'CloudHsmClusterInvalidConfigurationException',
      `Several PKCS#11 tokens have the label ${clusterId}. Name one by its serial number.`,
    );
  checkToken(token);
  return token;
}

/** @throws KmsError `CloudHsmClusterNotActiveException`, `CloudHsmClusterInvalidConfigurationException` */
function checkToken({ label, userPin, capable }: TokenInfo): void {
  if (!userPin)
    throw new KmsError('CloudHsmClusterNotActiveException', `The user of the PKCS#11 token ${label} has no PIN yet.`);
  if (!capable)
    throw new KmsError(
      'CloudHsmClusterInvalidConfigurationException',
      `The PKCS#11 token ${label} cannot make AES keys, or does not encrypt with AES-GCM.`,
    );
}

async function lookForToken({ keyStores }: Context, clusterId: string): Promise<TokenInfo> {
  const tokens = await keyStores.tokens.list().catch((error) => {
    throw keyStoreError(error, 'store');
  });
  return findToken(tokens, clusterId);
}

function tokenWork(
  { clusterId, ...rest }: Pick<TokenSettings, 'clusterId' | 'trustAnchor'>,
  { serial, label }: TokenInfo,
  code: string,
  self?: string,
): Pick<NewStoreWork, 'settings' | 'check'> {
  return {
    settings: { ...rest, clusterId, serial, label },
    check({ tx, caller }) {
      const taken = keyStoresOf(tx, caller.accountId).some(
        (store) => store.type === 'AWS_CLOUDHSM' && store.settings.serial === serial && store.storeId !== self,
      );
      if (taken) throw new KmsError(code, `Another key store of the account uses the PKCS#11 token ${label}.`);
    },
  };
}

/**
 * A local token has no cluster certificate to compare with; the certificate is kept and shown. What is no certificate at all
 * cannot be the right one.
 */
function checkTrustAnchor(pem: string | undefined): void {
  if (pem === undefined) return;
  try {
    new X509Certificate(pem);
  } catch {
    throw new KmsError('IncorrectTrustAnchorException', 'TrustAnchorCertificate is not an X.509 certificate in PEM.');
  }
}

function prepareToken(context: Context, input: Create): () => Promise<NewStoreWork> {
  const { CloudHsmClusterId: clusterId, KeyStorePassword: secret, TrustAnchorCertificate: trustAnchor } = input;
  if (clusterId === undefined || secret === undefined)
    throw invalid('A custom key store of type AWS_CLOUDHSM needs CloudHsmClusterId and KeyStorePassword.');
  checkTrustAnchor(trustAnchor);
  return async () => {
    const token = await lookForToken(context, clusterId);
    const named = trustAnchor === undefined ? { clusterId } : { clusterId, trustAnchor };
    return { ...tokenWork(named, token, 'CloudHsmClusterInUseException'), secret };
  };
}

/** There are no VPCs here, so no service of one is ever found. */
function refuseVpc({ tx, caller }: Context, input: Create | Update, endpoint: string, self?: string): void {
  if (input.XksProxyConnectivity !== 'VPC_ENDPOINT_SERVICE') {
    if (input.XksProxyVpcEndpointServiceName !== undefined || input.XksProxyVpcEndpointServiceOwner !== undefined)
      throw invalid('A VPC endpoint service is only for XksProxyConnectivity VPC_ENDPOINT_SERVICE.');
    return;
  }
  const taken = proxiesIn(keyStoresOf(tx, caller.accountId), caller.region).some(
    ({ settings, storeId }) => settings.uriEndpoint === endpoint && storeId !== self,
  );
  if (taken)
    throw new KmsError(
      'XksProxyUriEndpointInUseException',
      `An external key store with connectivity PUBLIC_ENDPOINT uses the endpoint ${endpoint}.`,
    );
  throw new KmsError(
    'XksProxyVpcEndpointServiceNotFoundException',
    'The VPC endpoint service is not found: Coffer reaches proxies directly. Use PUBLIC_ENDPOINT.',
  );
}

const proxiesIn = (stores: readonly KeyStoreRecord[], here: string) =>
  stores.filter((store): store is ProxyStore => store.type === 'EXTERNAL_KEY_STORE' && store.region === here);

/** @throws KmsError `XksProxyUriInUseException` */
function refuseTakenUri({ tx, caller }: Context, { uriEndpoint, uriPath }: ProxySettings, self?: string): void {
  const taken = proxiesIn(keyStoresOf(tx, caller.accountId), caller.region).some(
    ({ settings, storeId }) => settings.uriEndpoint === uriEndpoint && settings.uriPath === uriPath && storeId !== self,
  );
  if (taken)
    throw new KmsError(
      'XksProxyUriInUseException',
      `Another external key store in this Region uses the proxy at ${uriEndpoint}${uriPath}.`,
    );
}

function prepareProxy(context: Context, input: Create): () => Promise<NewStoreWork> {
  const {
    XksProxyUriEndpoint: uriEndpoint,
    XksProxyUriPath: uriPath,
    XksProxyAuthenticationCredential: credential,
    XksProxyConnectivity: connectivity,
  } = input;
  if (uriEndpoint === undefined || uriPath === undefined || credential === undefined || connectivity === undefined)
    throw invalid(
      'A custom key store of type EXTERNAL_KEY_STORE needs XksProxyUriEndpoint, XksProxyUriPath, XksProxyAuthenticationCredential and XksProxyConnectivity.',
    );
  refuseVpc(context, input, uriEndpoint);
  const settings = { uriEndpoint, uriPath, accessKeyId: credential.AccessKeyId };
  refuseTakenUri(context, settings);
  const { keyStores, caller } = context;
  const secret = credential.RawSecretAccessKey;
  return async () => {
    const proxy = { ...settings, region: caller.region, secretAccessKey: secret };
    await keyStores.checkProxy(proxy, 'CreateCustomKeyStore');
    return { settings, secret, check: (later) => refuseTakenUri(later, settings) };
  };
}

/** Looks at what CreateCustomKeyStore names: finds the token, or asks the proxy whether it works. */
export function prepareStore(context: Context, input: Create): () => Promise<NewStoreWork> {
  const type = input.CustomKeyStoreType ?? 'AWS_CLOUDHSM';
  refuseForeign(input, type);
  return type === 'AWS_CLOUDHSM' ? prepareToken(context, input) : prepareProxy(context, input);
}

/** Whether the update is of things that may change while the store is connected (API reference, UpdateCustomKeyStore). */
function isLight(input: Update, type: KeyStoreRecord['type']): boolean {
  const heavy =
    type === 'AWS_CLOUDHSM'
      ? (['CloudHsmClusterId', 'KeyStorePassword'] as const)
      : (['XksProxyUriEndpoint', 'XksProxyConnectivity'] as const);
  return heavy.every((name: keyof Update) => input[name] === undefined);
}

function updateToken(context: Context, input: Update, store: TokenStore): (() => Promise<StoreWork>) | undefined {
  const { CloudHsmClusterId: clusterId, KeyStorePassword } = input;
  const secret = KeyStorePassword === undefined ? {} : { secret: KeyStorePassword };
  if (clusterId === undefined) {
    if (KeyStorePassword === undefined) return undefined;
    return async () => ({ settings: store.settings, ...secret, check: () => undefined });
  }
  return async () => {
    const token = await lookForToken(context, clusterId);
    // A token that was restored from another's backup has its label, and a serial number of its own.
    if (token.label !== store.settings.label)
      throw new KmsError(
        'CloudHsmClusterNotRelatedException',
        `The PKCS#11 token ${token.label} is not a copy of ${store.settings.label}: their labels differ.`,
      );
    const named = { ...store.settings, clusterId };
    return { ...tokenWork(named, token, 'CloudHsmClusterInvalidConfigurationException', store.storeId), ...secret };
  };
}

function updateProxy(context: Context, input: Update, store: ProxyStore): (() => Promise<StoreWork>) | undefined {
  const credential = input.XksProxyAuthenticationCredential;
  const settings = {
    uriEndpoint: input.XksProxyUriEndpoint ?? store.settings.uriEndpoint,
    uriPath: input.XksProxyUriPath ?? store.settings.uriPath,
    accessKeyId: credential?.AccessKeyId ?? store.settings.accessKeyId,
  };
  refuseVpc(context, input, settings.uriEndpoint, store.storeId);
  refuseTakenUri(context, settings, store.storeId);
  if (PROXY.every((name) => input[name] === undefined)) return undefined;
  const secret = credential === undefined ? {} : { secret: credential.RawSecretAccessKey };
  const changed = credential === undefined ? {} : { secretAccessKey: credential.RawSecretAccessKey };
  const proxy = context.keyStores.proxyOf(store, { ...settings, ...changed });
  return async () => {
    await context.keyStores.checkProxy(proxy, 'UpdateCustomKeyStore');
    return { settings, ...secret, check: (later) => refuseTakenUri(later, settings, store.storeId) };
  };
}

/** Looks at what UpdateCustomKeyStore names; undefined when nothing behind the store changes. */
export function prepareUpdate(
  context: Context,
  input: Update,
  store: KeyStoreRecord,
): (() => Promise<StoreWork>) | undefined {
  refuseForeign(input, store.type);
  checkConnection(store, isLight(input, store.type) ? 'UpdateConnected' : 'UpdateCustomKeyStore');
  return store.type === 'AWS_CLOUDHSM' ? updateToken(context, input, store) : updateProxy(context, input, store);
}

/**
 * Looks at a token before it is connected to: whether it can serve at all. One that is not there is found out by connecting.
 */
export function prepareConnect({ keyStores }: Context, store: KeyStoreRecord): (() => Promise<void>) | undefined {
  if (store.type !== 'AWS_CLOUDHSM' || store.connection !== 'DISCONNECTED') return undefined;
  return async () => {
    const tokens = await keyStores.tokens.list().catch((error: unknown) => {
      if (error instanceof TokenFailure) return [];
      throw error;
    });
    const token = tokens.find(({ serial }) => serial === store.settings.serial);
    if (token) checkToken(token);
  };
}
