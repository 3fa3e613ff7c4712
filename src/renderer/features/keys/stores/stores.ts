import type { ConnectionErrorCode, ConnectionState, CustomKeyStoreType } from '../../../../shared/kms/enums.ts';
import type { OperationOutput } from '../../../../shared/kms/operations.ts';
import { connectionRules } from '../../../../shared/kms/states.ts';
import { kms } from '../../../lib/api.ts';

export type KeyStore = OperationOutput<'DescribeCustomKeyStores'>['CustomKeyStores'][number];

/** All custom key stores of a Region. */
export async function allKeyStores(region: string): Promise<KeyStore[]> {
  const stores: KeyStore[] = [];
  let marker: string | undefined;
  do {
    const page = await kms('DescribeCustomKeyStores', marker ? { Marker: marker } : {}, region);
    stores.push(...page.CustomKeyStores);
    marker = page.NextMarker;
  } while (marker !== undefined);
  return stores;
}

/** What is behind a key store, in a word and in a sentence. */
export const typeWords: Readonly<Record<CustomKeyStoreType, { readonly name: string; readonly line: string }>> = {
  AWS_CLOUDHSM: {
    name: 'PKCS#11 token',
    line: 'A smart card, an HSM or SoftHSM on this computer. Keys are made inside it and never leave it.',
  },
  EXTERNAL_KEY_STORE: {
    name: 'External key store proxy',
    line: 'A key manager of your own, reached by its XKS proxy. Everything is encrypted twice: there and here.',
  },
};

/** Whether a key store in `state` takes `operation`. */
export const takes = (operation: keyof typeof connectionRules, state: ConnectionState): boolean =>
  connectionRules[operation][state];

const TOKEN_FAILED = 'The token or its PKCS#11 module failed. Look at the module below, and at the token itself.';

/** Why connecting failed and what mends it, in plain words. The codes are AWS's; some are told by tokens and by proxies. */
export function errorWords(code: ConnectionErrorCode, type: CustomKeyStoreType): string {
  const token = type === 'AWS_CLOUDHSM';
  switch (code) {
    case 'INVALID_CREDENTIALS':
      return token
        ? 'The token refused the PIN. Give the right one by Edit: a token locks itself after a few wrong ones.'
        : 'The proxy did not accept the access key. Give the right access key ID and secret by Edit.';
    case 'CLUSTER_NOT_FOUND':
      return 'The token is not in this computer, or the PKCS#11 module does not see it. Put it in, and look at the module below.';
    case 'USER_LOCKED_OUT':
      return "The token has locked its user after too many wrong PINs. Its security officer can set a new PIN with the token's own program.";
    case 'USER_NOT_FOUND':
      return "The token's user has no PIN yet. Set one with the token's own program.";
    case 'INTERNAL_ERROR':
      return token ? TOKEN_FAILED : 'The proxy failed without saying why. Ask whoever runs it.';
    case 'XKS_PROXY_ACCESS_DENIED':
      return 'The proxy knows Coffer but does not let it in. Whoever runs the proxy can allow this account.';
    case 'XKS_PROXY_NOT_REACHABLE':
      return 'Nothing answers at the address, or the proxy cannot reach its key manager. Is the proxy running, and is the address right?';
    case 'XKS_PROXY_INVALID_RESPONSE':
      return 'What answers at the address does not speak the XKS protocol. Check the endpoint and the path.';
    case 'XKS_PROXY_INVALID_CONFIGURATION':
      return 'The proxy or its key manager is not set up for this. Check the path, and ask whoever runs the proxy.';
    case 'XKS_PROXY_TIMED_OUT':
      return 'The proxy did not answer within 2 seconds. Is it overloaded, or far away?';
    case 'XKS_PROXY_INVALID_TLS_CONFIGURATION':
      return "The proxy's TLS certificate is not trusted, has expired, or is for another name.";
  }
}
