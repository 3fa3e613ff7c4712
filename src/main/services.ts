import { rootArn } from '../shared/iam/arn.ts';
import { CofferError } from '../shared/kms/errors.ts';
import { regions } from '../shared/kms/regions.ts';
import { ownUserAgent, type Part } from '../shared/user-agents.ts';
import { hasAccount, newAccountId } from './access/accounts.ts';
import { type Access, createAccess } from './access/services.ts';
import { createAuditLog, type Trail } from './audit/log.ts';
import type { Served } from './endpoint/types.ts';
import type { Environment } from './environment.ts';
import type { Tokens } from './key-stores/tokens.ts';
import { initialiseVault } from './kms/birth.ts';
import { createEngine, type ScheduledEngine } from './kms/engine.ts';
import type { Done } from './kms/schedule.ts';
import type { Caller, Engine } from './kms/types.ts';
import type { Store } from './vault/types.ts';
import { readSettings } from './vault-settings.ts';

export interface ServiceParts {
  readonly environment: Environment;
  readonly onBug: (error: unknown, where: string) => void;
  /** Told when something about people is on the record; whether they are other than before. */
  readonly onPeopleRecord?: (changed: boolean) => void;
  /** The PKCS#11 tokens of this computer; none unless given. */
  readonly tokens?: Tokens;
  /** Told when keys changed that no call has changed: a key store's connection did. */
  readonly onKeysChanged?: () => void;
}

/** What works on one open store, in the window's process as without a window. */
export interface Services extends Access {
  readonly trail: Trail;
  readonly engine: ScheduledEngine;
  readonly accountId: string;
  /** What came due while the store was closed. */
  readonly caughtUp: readonly Done[];
  /** Does the rotations and deletions that are due; answers whether there were any. */
  runDue(): Promise<boolean>;
  /** Signs the trail's end. A digest that cannot be written (a full disk) is reported, and keeps nothing open. */
  sealTrail(): Promise<void>;
}

/** The store's own account. A vault that has none was cut off between its making and its first transaction. */
async function accountOf(store: Store, trail: Trail, { clock, random }: Environment): Promise<string> {
  const { defaultAccount } = readSettings(store.db);
  if (defaultAccount !== undefined && hasAccount(store.db, defaultAccount)) return defaultAccount;
  const first = store.db.get<{ id: string }>('SELECT account_id AS id FROM accounts ORDER BY created_at LIMIT 1');
  if (first) return first.id;
  const accountId = newAccountId(random);
  await store.transact((tx) => {
    initialiseVault(tx, { accountId, now: clock.now() });
    trail.begin(tx, clock.now());
  });
  return accountId;
}

/** Puts trail, engine and people on an open store and does what came due while it was closed. */
export async function startServices(store: Store, parts: ServiceParts): Promise<Services> {
  const { environment, onBug, tokens, onKeysChanged, onPeopleRecord } = parts;
  const { clock } = environment;
  const trail = createAuditLog(store);
  const engine = createEngine({
    store,
    audit: trail,
    environment,
    onBug,
    keyStores: { ...(tokens ? { tokens } : {}), ...(onKeysChanged ? { onChange: onKeysChanged } : {}) },
  });
  const accountId = await accountOf(store, trail, environment);
  // A disk that is full must not keep a person from opening the vault; what is due is tried again by the clock.
  const caughtUp = await engine.runSchedule(clock.now()).catch((error) => {
    if (!(error instanceof CofferError)) onBug(error, 'catching up');
    return [];
  });
  engine.resumeKeyStores();
  return {
    trail,
    engine,
    ...createAccess({ store, audit: trail, environment, ownerAccount: accountId, onRecord: onPeopleRecord }),
    accountId,
    caughtUp,
    async runDue() {
      const now = clock.now();
      const due = engine.nextDue();
      if (due === undefined || due > now) return false;
      await engine.runSchedule(now);
      return true;
    },
    async sealTrail() {
      await store.transact((tx) => trail.sealDigest(tx, clock.now())).catch((error) => onBug(error, 'digest at lock'));
    },
  };
}

/** What the endpoint serves of them. `engine` may be theirs in a wrapping. */
export function servedBy(
  { accessKeys, sessions, sts }: Pick<Services, 'accessKeys' | 'sessions' | 'sts'>,
  engine: Engine,
  { onBug }: Pick<ServiceParts, 'onBug'>,
): Served {
  return {
    engine,
    regions,
    sts,
    accessKey: (id, token) => (token === undefined ? accessKeys.open(id) : sessions.open(id, token)),
    noteUse(id, { tokenIssuedAt }) {
      if (tokenIssuedAt !== undefined) return;
      accessKeys.noteUse(id).catch((error) => {
        // A full disk, or a lock that came in between, which the call itself tells.
        if (!(error instanceof CofferError)) onBug(error, 'last use of an access key');
      });
    },
  };
}

/** The root of an account as a caller of Coffer's own making; `part` says which part of it calls. */
export function ownCaller(accountId: string, region: string, version: string, part: Part): Caller {
  return {
    principalArn: rootArn(accountId),
    accountId,
    region,
    sourceIp: '127.0.0.1',
    userAgent: ownUserAgent(version, part),
  };
}
