/** The errors a proxy may answer (proxy API specification, "Error codes"). */
export const proxyErrors = [
  'ValidationException',
  'InvalidStateException',
  'InvalidCiphertextException',
  'InvalidKeyUsageException',
  'AuthenticationFailedException',
  'AccessDeniedException',
  'KeyNotFoundException',
  'InvalidUriPathException',
  'ThrottlingException',
  'UnsupportedOperationException',
  'DependencyTimeoutException',
  'InternalException',
] as const;
export type ProxyError = (typeof proxyErrors)[number];

/**
 * Why a proxy could not be used: what it answered, or that it did not answer (`Unreachable`, `TlsFailed`, `TimedOut`), not
 * as the specification says (`Malformed`), or that no key manager behind it works (`NoKeyManager`).
 */
export type XksReason = ProxyError | 'Unreachable' | 'TlsFailed' | 'TimedOut' | 'Malformed' | 'NoKeyManager';

/** A proxy's own words never become part of it: they are not ours, and the caller is not who they are meant for. */
export class XksFailure extends Error {
  readonly reason: XksReason;

  constructor(reason: XksReason) {
    super(`the external key store proxy failed: ${reason}`);
    this.name = 'XksFailure';
    this.reason = reason;
  }
}
