import type { Engine } from '../kms/types.ts';
import type { Credential, SignedRequest } from './sigv4.ts';

/** Whom an access key stands for. */
export interface AccessKey {
  readonly secret: string;
  readonly principalArn: string;
  readonly accountId: string;
  /** The principal's unique id, as GetCallerIdentity answers it. */
  readonly userId: string;
}

/** What the endpoint serves while the vault is open. */
export interface Served {
  readonly engine: Engine;
  readonly regions: readonly string[];
  /** The active access key of this id, or undefined. */
  accessKey(id: string): AccessKey | undefined;
  /** Told of every request whose signature was good. */
  noteUse(accessKeyId: string): void;
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

export interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly requestId: string;
}
