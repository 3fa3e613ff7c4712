import type { ConnectionErrorCode } from '../../shared/kms/enums.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { TokenFailure, type TokenReason } from '../key-stores/pkcs11/protocol.ts';
import { XksFailure, type XksReason } from '../key-stores/xks/failure.ts';

/** For whom a key store was asked: making or changing the store, making a key, using a key, or random bytes from it. */
export type Purpose = 'store' | 'createKey' | 'use' | 'random';

interface Refusal {
  readonly says: string;
  readonly code: Readonly<Record<Purpose, string>>;
  readonly connection: ConnectionErrorCode;
}

const INVALID_STORE = 'CustomKeyStoreInvalidStateException';
const INVALID_KEY = 'KMSInvalidStateException';

const proxy = (says: string, connection: ConnectionErrorCode, store: string, createKey = INVALID_STORE): Refusal => ({
  says,
  code: { store, createKey, use: INVALID_KEY, random: INVALID_STORE },
  connection,
});

const RESPONSE = 'XksProxyInvalidResponseException';
const UNREACHABLE = 'XksProxyUriUnreachableException';
const MALFORMED =
  'AWS KMS cannot interpret the response from the external key store proxy. If you see this error repeatedly, report it to your external key store proxy administrator.';

/**
 * How what a proxy does wrong is told: exceptions and messages of the proxy API specification's table in "Error codes". Where
 * its table names an exception that AWS's API does not have, or none, the nearest that the operation documents stands here.
 */
const proxyRefusals: Readonly<Record<XksReason, Refusal>> = {
  ValidationException: proxy(MALFORMED, 'XKS_PROXY_INVALID_RESPONSE', RESPONSE),
  Malformed: proxy(MALFORMED, 'XKS_PROXY_INVALID_RESPONSE', RESPONSE),
  InvalidStateException: proxy(
    'The external key associated with this KMS key in an external key store is not enabled in the external key manager. Enable the external key in the external key manager and retry the request.',
    'XKS_PROXY_INVALID_CONFIGURATION',
    'XksProxyInvalidConfigurationException',
    'XksKeyInvalidConfigurationException',
  ),
  InvalidCiphertextException: proxy(
    'The external key store proxy rejected the request because the specified ciphertext or encryption context is corrupted, missing, or otherwise invalid.',
    'XKS_PROXY_INVALID_RESPONSE',
    RESPONSE,
  ),
  InvalidKeyUsageException: proxy(
    'The external key associated with this KMS key in an external key store does not support the requested operation. Enable the operation on the key in your external key manager, and try the request again.',
    'XKS_PROXY_INVALID_RESPONSE',
    RESPONSE,
    'XksKeyInvalidConfigurationException',
  ),
  AuthenticationFailedException: proxy(
    'The external key store proxy rejected the request because it could not authenticate AWS KMS. Verify the XKS proxy authentication credentials for your external key store and update if necessary.',
    'INVALID_CREDENTIALS',
    'XksProxyIncorrectAuthenticationCredentialException',
  ),
  AccessDeniedException: proxy(
    'The external key store proxy denied access to the operation. Verify that the user and the external key are both authorized for this operation, and try the request again.',
    'XKS_PROXY_ACCESS_DENIED',
    RESPONSE,
    INVALID_KEY,
  ),
  KeyNotFoundException: proxy(
    'The external key associated with this KMS key in an external key store was not found in its external key manager. If the external key ID associated with this KMS key is incorrect, create a new KMS key with the correct external key ID.',
    'XKS_PROXY_INVALID_RESPONSE',
    RESPONSE,
    'XksKeyNotFoundException',
  ),
  InvalidUriPathException: proxy(
    'The external key store proxy rejected the request because of an invalid URI path. Verify the URI path for your external key store and update if necessary.',
    'XKS_PROXY_INVALID_CONFIGURATION',
    'XksProxyInvalidConfigurationException',
  ),
  UnsupportedOperationException: proxy(
    'The external key store proxy rejected the request because it does not support the requested operation. If you see this error repeatedly, report it to your external key store proxy administrator.',
    'XKS_PROXY_INVALID_RESPONSE',
    RESPONSE,
  ),
  DependencyTimeoutException: proxy(
    'The external key store proxy did not respond to the request in the time allotted. Retry the request. If you see this error repeatedly, report it to your external key store proxy administrator.',
    'XKS_PROXY_TIMED_OUT',
    UNREACHABLE,
  ),
  ThrottlingException: proxy(
    'The external key store proxy rejected the request due to a very high request rate. Reduce the frequency of your calls using KMS keys in this external key store.',
    'XKS_PROXY_NOT_REACHABLE',
    UNREACHABLE,
  ),
  InternalException: proxy(
    'The external key store proxy rejected the request because it cannot communicate with the external key manager. Verify that the external key store proxy configuration is correct and that the external key manager is available.',
    'XKS_PROXY_INVALID_RESPONSE',
    RESPONSE,
  ),
  Unreachable: proxy(
    'AWS KMS cannot communicate with the external key store proxy. This might be a transient network issue. If you see this error repeatedly, verify that your external key store proxy is active and is connected to the network, and that its endpoint URI is correct in your external keystore.',
    'XKS_PROXY_NOT_REACHABLE',
    UNREACHABLE,
  ),
  NoKeyManager: proxy(
    'The external key store proxy reports that all external key manager instances are unavailable.',
    'XKS_PROXY_NOT_REACHABLE',
    UNREACHABLE,
  ),
  TlsFailed: proxy(
    'AWS KMS cannot establish a TLS connection to the external key store proxy. Verify the TLS configuration, including its certificate.',
    'XKS_PROXY_INVALID_TLS_CONFIGURATION',
    UNREACHABLE,
  ),
  TimedOut: proxy(
    'AWS KMS rejected the request because the external key store proxy did not respond in time. Retry the request. If you see this error repeatedly, report it to your external key store proxy administrator.',
    'XKS_PROXY_TIMED_OUT',
    UNREACHABLE,
  ),
};

const token = (says: string, connection: ConnectionErrorCode, store: string, use = INVALID_KEY): Refusal => ({
  says,
  code: { store, createKey: INVALID_STORE, use, random: INVALID_STORE },
  connection,
});

const NOT_FOUND = 'CloudHsmClusterNotFoundException';
const INACTIVE = 'CloudHsmClusterNotActiveException';

/** How what a token does wrong is told. */
const tokenRefusals: Readonly<Record<TokenReason, Refusal>> = {
  NoModule: token(
    'No PKCS#11 module is configured on this computer, or it cannot be loaded.',
    'CLUSTER_NOT_FOUND',
    NOT_FOUND,
    'KeyUnavailableException',
  ),
  NoToken: token(
    'The PKCS#11 token of this key store is not on this computer.',
    'CLUSTER_NOT_FOUND',
    NOT_FOUND,
    'KeyUnavailableException',
  ),
  PinIncorrect: token(
    'The PKCS#11 token does not accept the password of this key store.',
    'INVALID_CREDENTIALS',
    INACTIVE,
  ),
  PinLocked: token('The PKCS#11 token has locked its user out.', 'USER_LOCKED_OUT', INACTIVE),
  PinNotSet: token('The user of the PKCS#11 token has no PIN yet.', 'USER_NOT_FOUND', INACTIVE),
  NoKey: token('The PKCS#11 token does not hold the material of this KMS key.', 'INTERNAL_ERROR', INACTIVE),
  CiphertextInvalid: token('The ciphertext does not open.', 'INTERNAL_ERROR', INACTIVE, 'InvalidCiphertextException'),
  TimedOut: {
    says: 'The PKCS#11 token did not answer in time. Retry the request.',
    code: {
      store: INACTIVE,
      createKey: 'DependencyTimeoutException',
      use: 'DependencyTimeoutException',
      random: 'DependencyTimeoutException',
    },
    connection: 'INTERNAL_ERROR',
  },
  Failed: token('The PKCS#11 token failed. Retry the request.', 'INTERNAL_ERROR', INACTIVE, 'KeyUnavailableException'),
};

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof XksFailure) return proxyRefusals[error.reason];
  if (error instanceof TokenFailure) return tokenRefusals[error.reason];
  return undefined;
}

/** What the caller is told of a failed proxy or token; anything else comes back as it is. */
export function keyStoreError(error: unknown, purpose: Purpose): unknown {
  const refusal = refusalOf(error);
  return refusal ? new KmsError(refusal.code[purpose], refusal.says) : error;
}

/** Why connecting failed, as DescribeCustomKeyStores tells it; undefined for what is no failure of a key store. */
export function connectionErrorOf(error: unknown): ConnectionErrorCode | undefined {
  return refusalOf(error)?.connection;
}

/** Whether a token refused its user: to try again, with the same PIN, would only bring the lock-out nearer. */
export function refusedLogin(error: unknown): error is TokenFailure {
  return error instanceof TokenFailure && ['PinIncorrect', 'PinLocked', 'PinNotSet'].includes(error.reason);
}
