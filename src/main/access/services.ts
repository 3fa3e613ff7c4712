import type { AuditLog } from '../audit/types.ts';
import type { Environment } from '../environment.ts';
import type { Store } from '../vault/types.ts';
import { AccessKeys } from './access-keys.ts';
import { MfaDevices } from './mfa.ts';
import { People } from './people.ts';
import type { RecordedParts } from './recorded-call.ts';
import { Sessions } from './sessions.ts';
import { Sts } from './sts.ts';

export interface AccessParts {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly environment: Environment;
  /** The account whose root is the vault's owner. */
  readonly ownerAccount: string;
  readonly onRecord: RecordedParts['onRecord'];
}

/** Who there is, and what they prove themselves with, in one open store. */
export interface Access {
  readonly accessKeys: AccessKeys;
  readonly mfa: MfaDevices;
  readonly people: People;
  readonly sessions: Sessions;
  readonly sts: Sts;
}

export function createAccess(parts: AccessParts): Access {
  const { store, environment } = parts;
  const accessKeys = new AccessKeys(parts);
  const mfa = new MfaDevices(store, environment.random);
  const sessions = new Sessions(store, environment);
  return {
    accessKeys,
    mfa,
    sessions,
    people: new People({ ...parts, accessKeys, mfa }),
    sts: new Sts({ ...parts, sessions, mfa }),
  };
}
