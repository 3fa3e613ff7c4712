import type { EventName, EventPayload } from '../shared/contract/index.ts';
import { CofferError } from '../shared/kms/errors.ts';
import { isOwnReading } from '../shared/kms/operations.ts';
import type { Part } from '../shared/user-agents.ts';
import type { Access } from './access/services.ts';
import { Acting } from './acting.ts';
import { readHead, type Trail } from './audit/log.ts';
import type { Served } from './endpoint/types.ts';
import type { Environment } from './environment.ts';
import { FileHistory } from './file-history.ts';
import type { Trash } from './files/originals.ts';
import { createFileService, type FileService } from './files/service.ts';
import type { Tokens } from './key-stores/tokens.ts';
import type { Done } from './kms/schedule.ts';
import type { Caller, Engine } from './kms/types.ts';
import { servedBy, startServices } from './services.ts';
import { createSignService, type SignService } from './signing/service.ts';
import { throttle } from './throttle.ts';
import type { Vault } from './vault/vault.ts';

export interface OpenVaultParts {
  readonly environment: Environment;
  readonly version: string;
  /** The built file worker. */
  readonly fileWorker: URL;
  /** Where files that were encrypted can go; there is no trash unless given. */
  readonly trash?: Trash | undefined;
  readonly emit: <N extends EventName>(name: N, payload: EventPayload<N>) => void;
  readonly onBug: (error: unknown, where: string) => void;
  /** The PKCS#11 tokens of this computer; none unless given. */
  readonly tokens?: Tokens;
}

/** One vault that is open in this process, with everything that works on it. */
export interface OpenVault {
  readonly vault: Vault;
  readonly trail: Trail;
  readonly engine: Engine;
  readonly files: FileService;
  readonly fileHistory: FileHistory;
  readonly signing: SignService;
  readonly access: Access;
  /** As whom the window acts. */
  readonly acting: Acting;
  /** What the endpoint answers from. */
  readonly served: Served;
  readonly accountId: string;
  /** What came due while the vault was closed. */
  readonly caughtUp: readonly Done[];
  readonly openedAt: number;
  /** Aborted, with `VaultLocked`, when the vault locks: for jobs that read the database a slice at a time. */
  readonly signal: AbortSignal;
  /** Whoever the window acts as, as the caller of what a part of it asks for. */
  callerIn(region: string, part?: Part): Caller;
  /** Does the rotations and deletions that are due; does nothing when there are none. */
  runDue(): Promise<void>;
  /** Settles what is under way, signs the trail's end, drops every key. Nothing answers afterwards. */
  close(): Promise<void>;
}

/** Operations after which what the window shows of keys is old. */
const CHANGES_KEYS =
  /^(Create|Update|Delete|Tag|Untag|Enable|Disable|Schedule|Cancel|Rotate|Put|Import|Replicate|Retire|Revoke|Connect|Disconnect)/;

const APPENDED_MS = 250;
const REMEMBERED_MS = 1000;
/** How long after the opening the trail is read for searches: the first screen comes first. */
const SEARCHABLE_MS = 1500;

/** Puts trail, engine and file jobs on an open vault and does what came due while it was closed. */
export async function startVault(vault: Vault, parts: OpenVaultParts): Promise<OpenVault> {
  const { environment, version, onBug, emit } = parts;
  const services = await startServices(vault, {
    ...parts,
    onPeopleRecord: (changed) => {
      appended();
      if (changed) announcePeople();
    },
    onKeysChanged: () => emit('kms.changed', { keyIds: [] }),
  });
  const { trail, accountId, caughtUp } = services;
  const locking = new AbortController();
  const { signal } = locking;
  const reading = setTimeout(() => {
    trail.search.follow().catch((error) => {
      if (!signal.aborted) onBug(error, 'reading the trail');
    });
  }, SEARCHABLE_MS);
  reading.unref();
  signal.addEventListener('abort', () => clearTimeout(reading));

  const appended = throttle(APPENDED_MS, () => {
    const head = signal.aborted ? undefined : readHead(vault.db);
    if (head) emit('audit.appended', { sequence: head.sequence });
  });
  const engine: Engine = {
    async call(caller, operation, input) {
      try {
        const answer = await services.engine.call(caller, operation, input);
        if (CHANGES_KEYS.test(operation)) emit('kms.changed', { keyIds: [] });
        return answer;
      } finally {
        // The window's own readings do not wake the window, or a live view would wake itself for ever.
        if (!isOwnReading(operation)) appended();
      }
    },
  };
  const acting = new Acting({
    store: vault,
    audit: trail,
    environment,
    services,
    version,
    signal,
    onChange: () => announcePeople(),
    onRecord: () => appended(),
  });
  const announcePeople = () => {
    if (!signal.aborted) emit('people.changed', { acting: acting.whoAmI() });
  };
  const callerIn = (region: string, part: Part = 'window') => acting.callerIn(region, part);
  const remembered = throttle(REMEMBERED_MS, () => {
    if (!signal.aborted) emit('files.remembered', {});
  });
  const fileHistory = new FileHistory(vault, remembered);
  const files = createFileService({
    engine,
    callers: () => acting.callers('files'),
    environment,
    worker: parts.fileWorker,
    trash: parts.trash,
    onChange: (change) => emit('files.changed', change),
    onDone: (job) =>
      void fileHistory.add(job).catch((error) => {
        if (!signal.aborted) onBug(error, 'the history of files');
      }),
    onBug: (error) => onBug(error, 'files'),
  });
  const signing = createSignService({
    clock: environment.clock,
    calls: () => {
      const callers = acting.callers('signing');
      return (region) => async (operation, input) => (await engine.call(callers(region), operation, input)).output;
    },
    onChange: (change) => emit('sign.changed', change),
    onBug: (error) => onBug(error, 'signing'),
  });

  return {
    vault,
    trail,
    engine,
    files,
    fileHistory,
    signing,
    access: services,
    acting,
    served: servedBy(services, engine, parts),
    accountId,
    caughtUp,
    openedAt: environment.clock.now(),
    signal,
    callerIn,
    async runDue() {
      if (await services.runDue()) emit('kms.changed', { keyIds: [] });
    },
    async close() {
      locking.abort(new CofferError('VaultLocked', 'The vault was locked.'));
      // A fault in the file jobs does not keep the vault open.
      await files.close().catch((error) => onBug(error, 'closing the file jobs'));
      await signing.close().catch((error) => onBug(error, 'closing the signing jobs'));
      await services.sealTrail();
      await vault.compact();
      await vault.close();
    },
  };
}
