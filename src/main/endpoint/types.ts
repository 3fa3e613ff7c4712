import type { Sts } from '../access/sts.ts';
import type { Caller, Engine } from '../kms/types.ts';
import type { Credential, SignedRequest } from './sigv4.ts';

/** Whom an access key stands for. */
export interface AccessKey {
  readonly secret: string;
  readonly principalArn: string;
  readonly accountId: string;
  /** The principal's unique id, as GetCallerIdentity answers it. */
  readonly userId: string;
  /** Of temporary credentials: when they were issued, and when their holder proved a second factor, in milliseconds. */
  readonly tokenIssuedAt?: number;
  readonly mfaAt?: number;
}

/** What the endpoint serves while the vault is open. */
export interface Served {
  readonly engine: Engine;
  readonly regions: readonly string[];
  readonly sts: Pick<Sts, 'assumeRole' | 'getSessionToken'>;
  /**
   * The active access key of this id, or undefined; with a session token, which temporary credentials come with.
   * @throws KmsError `UnrecognizedClientException`, `ExpiredTokenException`
   */
  accessKey(id: string, token?: string): AccessKey | undefined;
  /** Told of every request whose signature was good. */
  noteUse(accessKeyId: string, key: AccessKey): void;
}

/** A request whose signature is good. */
export interface Authenticated {
  readonly request: SignedRequest;
  readonly served: Served;
  readonly credential: Credential;
  readonly key: AccessKey;
  readonly sourceIp: string;
  readonly userAgent: string;
}

/** The caller of a request whose signature is good. */
export function callerOf({ key, credential, sourceIp, userAgent }: Authenticated): Caller {
  const { secret: _secret, ...identity } = key;
  // The endpoint speaks plain HTTP, on the loopback interface alone.
  return { ...identity, region: credential.region, sourceIp, userAgent, secureTransport: false };
}

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly requestId: string;
}
