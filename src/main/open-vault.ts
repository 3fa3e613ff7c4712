import type { EventName, EventPayload } from '../shared/contract/index.ts';
import { rootArn } from '../shared/iam/arn.ts';
import { CofferError } from '../shared/kms/errors.ts';
import { isOwnReading } from '../shared/kms/operations.ts';
import { createAuditLog, readHead, type Trail } from './audit/log.ts';
import type { Environment } from './environment.ts';
import { createFileService, type FileService } from './files/service.ts';
import { initialiseVault } from './kms/birth.ts';
import { createEngine } from './kms/engine.ts';
import type { Done } from './kms/schedule.ts';
import type { Caller, Engine } from './kms/types.ts';
import { throttle } from './throttle.ts';
import type { Vault } from './vault/vault.ts';

export interface OpenVaultParts {
  readonly environment: Environment;
  readonly version: string;
  /** The built file worker. */
  readonly fileWorker: URL;
  readonly emit: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
  readonly onBug: (error: unknown, where: string) => void;
}

/** One vault that is open in this process, with everything that works on it. */
export interface OpenVault {
  readonly vault: Vault;
  readonly trail: Trail;
  readonly engine: Engine;
  readonly files: FileService;
  readonly accountId: string;
  /** What came due while the vault was closed. */
  readonly caughtUp: readonly Done[];
  readonly openedAt: number;
  /** Aborted, with `VaultLocked`, when the vault locks: for jobs that read the database a slice at a time. */
  readonly signal: AbortSignal;
  callerIn(region: string): Caller;
  /** Does the rotations and deletions that are due; does nothing when there are none. */
  runDue(): Promise<void>;
  /** Settles what is under way, signs the trail's end, drops every key. Nothing answers afterwards. */
  close(): Promise<void>;
}

/** Operations after which what the window shows of keys is old. */
const CHANGES_KEYS =
  /^(Create|Update|Delete|Tag|Untag|Enable|Disable|Schedule|Cancel|Rotate|Put|Import|Replicate|Retire|Revoke)/;

const APPENDED_MS = 250;

/** The vault's account. A vault that has none was cut off between its making and its first transaction. */
async function accountOf(vault: Vault, trail: Trail, { clock, random }: Environment): Promise<string> {
  const first = vault.db.get<{ id: string }>('SELECT account_id AS id FROM accounts ORDER BY created_at LIMIT 1');
  if (first) return first.id;
  // The first digit is never 0, so that the account survives tools that read it as a number.
  const digits = [...random.bytes(12)].map((byte, index) => (index === 0 ? 1 + (byte % 9) : byte % 10));
  const accountId = digits.join('');
  await vault.transact((tx) => {
    initialiseVault(tx, { accountId, now: clock.now() });
    trail.begin(tx, clock.now());
  });
  return accountId;
}

/** Puts trail, engine and file jobs on an open vault and does what came due while it was closed. */
export async function startVault(vault: Vault, parts: OpenVaultParts): Promise<OpenVault> {
  const { environment, version, onBug, emit } = parts;
  const trail = createAuditLog(vault);
  const scheduler = createEngine({ store: vault, audit: trail, environment, onBug });
  const accountId = await accountOf(vault, trail, environment);
  // A disk that is full must not keep a person from opening the vault; what is due is tried again by the clock.
  const caughtUp = await scheduler.runSchedule(environment.clock.now()).catch((error) => {
    if (!(error instanceof CofferError)) onBug(error, 'catching up');
    return [];
  });
  const locking = new AbortController();
  const { signal } = locking;

  const appended = throttle(APPENDED_MS, () => {
    const head = signal.aborted ? undefined : readHead(vault.db);
    if (head) emit('audit.appended', { sequence: head.sequence });
  });
  const engine: Engine = {
    async call(caller, operation, input) {
      try {
        const answer = await scheduler.call(caller, operation, input);
        if (CHANGES_KEYS.test(operation)) emit('kms.changed', { keyIds: [] });
        return answer;
      } finally {
        // The window's own readings do not wake the window, or a live view would wake itself for ever.
        if (!isOwnReading(operation)) appended();
      }
    },
  };
  const callerIn = (region: string): Caller => ({
    principalArn: rootArn(accountId),
    accountId,
    region,
    sourceIp: '127.0.0.1',
    userAgent: `Coffer/${version} (window)`,
  });
  const files = createFileService({
    engine,
    callerIn: (region) => ({ ...callerIn(region), userAgent: `Coffer/${version} (files)` }),
    environment,
    worker: parts.fileWorker,
    onChange: (change) => emit('files.changed', change),
    onBug: (error) => onBug(error, 'files'),
  });

  return {
    vault,
    trail,
    engine,
    files,
    accountId,
    caughtUp,
    openedAt: environment.clock.now(),
    signal,
    callerIn,
    async runDue() {
      const now = environment.clock.now();
      const due = scheduler.nextDue();
      if (due === undefined || due > now) return;
      await scheduler.runSchedule(now);
      emit('kms.changed', { keyIds: [] });
    },
    async close() {
      locking.abort(new CofferError('VaultLocked', 'The vault was locked.'));
      // Neither a fault in the file jobs nor a digest that cannot be written (a full disk) keeps the vault open.
      await files.close().catch((error) => onBug(error, 'closing the file jobs'));
      await vault
        .transact((tx) => trail.sealDigest(tx, environment.clock.now()))
        .catch((error) => onBug(error, 'digest at lock'));
      await vault.close();
    },
  };
}
