import type { CallOutput } from '../shared/contract/index.ts';
import { rootArn } from '../shared/iam/arn.ts';
import { KmsError } from '../shared/kms/errors.ts';
import { regions } from '../shared/kms/regions.ts';
import type { Part } from '../shared/user-agents.ts';
import { accountIds, hasAccount } from './access/accounts.ts';
import { requireCode } from './access/mfa.ts';
import {
  identityOf,
  listPrincipals,
  namedByArn,
  type PrincipalRecord,
  principalArn,
  principalOf,
} from './access/principals.ts';
import { type Event, recordedCall } from './access/recorded-call.ts';
import type { AuditLog } from './audit/types.ts';
import type { Environment } from './environment.ts';
import type { Caller } from './kms/types.ts';
import { ownCaller, type Services } from './services.ts';
import type { Store } from './vault/types.ts';

type WhoAmI = CallOutput<'people.whoAmI'>;
type Principal = CallOutput<'people.principals'>['principals'][number];

/** What a role's session is called that the window has. */
const SESSION = 'coffer';

export interface ActingParts {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly environment: Environment;
  readonly services: Pick<Services, 'accountId' | 'mfa'>;
  readonly version: string;
  /** Aborted when the vault locks. */
  readonly signal: AbortSignal;
  /** Told when it is somebody else, or proved a second factor. */
  readonly onChange: () => void;
  /** Told when something is on the record. */
  readonly onRecord: () => void;
}

/** Somebody the window acts as. */
interface Chosen {
  readonly accountId: string;
  /** As it was when it was chosen; null for a root. A later one of the same name is another. */
  readonly principal: PrincipalRecord | null;
  readonly since: number;
  readonly mfaAt: number | null;
}

/** The principals of one account, its root first. */
function principalsOf(store: Store, accountId: string, owner: boolean): Principal[] {
  const of = (kind: 'user' | 'role') => listPrincipals(store.db, accountId, kind);
  return [
    { principalArn: rootArn(accountId), accountId, kind: 'root', name: null, owner },
    ...[...of('user'), ...of('role')].map((each) => ({
      principalArn: principalArn(each),
      accountId,
      kind: each.kind,
      name: each.name,
      owner: false,
    })),
  ];
}

/**
 * As whom the window acts. Whoever opened the vault is its owner and may act as anyone, as if that principal had signed in to a
 * console: the owner again after each opening.
 */
export class Acting {
  readonly #parts: ActingParts;
  #chosen: Chosen;

  constructor(parts: ActingParts) {
    this.#parts = parts;
    const since = parts.environment.clock.now();
    this.#chosen = { accountId: parts.services.accountId, principal: null, since, mfaAt: null };
  }

  whoAmI(): WhoAmI {
    const { accountId, principal, since, mfaAt } = this.#chosen;
    const { services, store } = this.#parts;
    const exists = this.#exists(this.#chosen);
    const owner = { accountId, principal };
    return {
      principalArn: this.#identity(this.#chosen).principalArn,
      accountId,
      kind: principal?.kind ?? 'root',
      name: principal?.name ?? null,
      owner: this.#isOwner(this.#chosen),
      exists,
      since,
      mfaDevices: exists ? services.mfa.ofOwner(store.db, owner).map(({ serialNumber }) => serialNumber) : [],
      mfaAt,
    };
  }

  /** Everybody there is, by account; the owner first. */
  principals(): Principal[] {
    const { store, services } = this.#parts;
    const ids = accountIds(store.db).sort(
      (a, b) => Number(b === services.accountId) - Number(a === services.accountId),
    );
    return ids.flatMap((id) => principalsOf(store, id, id === services.accountId));
  }

  /** Answers who acts now, and the id of the record of it. @throws KmsError `NoSuchEntityException` */
  async actAs(arn: string): Promise<{ readonly output: WhoAmI; readonly requestId?: string }> {
    const { environment, store } = this.#parts;
    const named = namedByArn(arn);
    const principal = named?.kind === 'root' ? null : principalOf(store.db, arn);
    if (!named || principal === undefined || !this.#hasAccount(named.accountId))
      throw new KmsError('NoSuchEntityException', 'There is no such user, role or account in this vault.');
    const chosen = { accountId: named.accountId, principal, since: environment.clock.now(), mfaAt: null };
    const eventName = principal?.kind === 'role' ? 'SwitchRole' : 'ConsoleLogin';
    const answer = await this.#recorded(chosen, { eventName }, () => undefined);
    return { ...answer, output: this.#become(chosen) };
  }

  /**
   * Answers who acts now, and the id of the record of the code.
   * @throws KmsError `AccessDeniedException`, with `details.lockedUntil` while the device takes no code
   */
  async prove(code: string, serialNumber?: string): Promise<{ readonly output: WhoAmI; readonly requestId?: string }> {
    const chosen = this.#chosen;
    const { services } = this.#parts;
    const event = { eventName: 'CheckMfa', ...(serialNumber && { requestParameters: { serialNumber } }) };
    const answer = await this.#recorded(chosen, event, (call) => {
      const devices = services.mfa.ofOwner(call.tx, chosen);
      const [only] = devices;
      const device = serialNumber === undefined ? only : devices.find((each) => each.serialNumber === serialNumber);
      if (!device)
        throw new KmsError('AccessDeniedException', 'There is no such MFA device of the principal you act as.');
      if (serialNumber === undefined && devices.length > 1)
        throw new KmsError('AccessDeniedException', 'There are several MFA devices: say which one showed the code.');
      requireCode(services.mfa.check(call, device.serialNumber, code), call.now, (because) => [
        'AccessDeniedException',
        because ?? 'That code is not the one the MFA device shows now, or it was used before.',
      ]);
      return call.now;
    });
    // Somebody else may have been chosen meanwhile: the proof is not theirs.
    const output = this.#chosen === chosen ? this.#become({ ...chosen, mfaAt: answer.output }) : this.whoAmI();
    return { ...answer, output };
  }

  /** Makes callers of whoever is acting now, also when somebody else acts later: for work that goes on. */
  callers(part: Part): (region: string) => Caller {
    const chosen = this.#chosen;
    return (region) => this.#callerOf(chosen, region, part);
  }

  /** @throws KmsError `NoSuchEntityException` when the user or role was deleted meanwhile. */
  callerIn(region: string, part: Part): Caller {
    return this.#callerOf(this.#chosen, region, part);
  }

  /**
   * The caller of an operation on people: the acting principal, or of another account its root, which the owner can be as well.
   * @throws KmsError `AccessDeniedException`, `NoSuchEntityException`
   */
  callerFor(accountId: string | undefined): Caller {
    const caller = this.callerIn(regions[0], 'window');
    if (accountId === undefined || accountId === caller.accountId) return caller;
    if (!this.#isOwner(this.#chosen))
      throw new KmsError('AccessDeniedException', "Only the vault's owner reaches into other accounts.");
    if (!this.#hasAccount(accountId))
      throw new KmsError('NoSuchEntityException', `Account ${accountId} cannot be found.`);
    return { ...caller, accountId, principalArn: rootArn(accountId), userId: accountId };
  }

  /** The vault's owner, who has just proven what opens the vault: that stands for a second factor. */
  provenOwner(): Caller {
    const { services, version, environment } = this.#parts;
    return { ...ownCaller(services.accountId, regions[0], version, 'window'), mfaAt: environment.clock.now() };
  }

  #callerOf(chosen: Chosen, region: string, part: Part): Caller {
    this.#parts.signal.throwIfAborted();
    if (!this.#exists(chosen))
      throw new KmsError(
        'NoSuchEntityException',
        `The ${chosen.principal?.kind} ${chosen.principal?.name}, as whom this was to be done, is not there any more. Act as somebody else.`,
      );
    const { mfaAt, since, accountId } = chosen;
    return {
      ...ownCaller(accountId, region, this.#parts.version, part),
      ...this.#identity(chosen),
      tokenIssuedAt: since,
      ...(mfaAt === null ? {} : { mfaAt }),
    };
  }

  #identity({ accountId, principal }: Chosen) {
    return identityOf(accountId, principal, SESSION);
  }

  #isOwner({ accountId, principal }: Chosen): boolean {
    return principal === null && accountId === this.#parts.services.accountId;
  }

  #hasAccount(id: string): boolean {
    return hasAccount(this.#parts.store.db, id);
  }

  #exists(chosen: Chosen): boolean {
    const { accountId, principal } = chosen;
    if (principal === null) return this.#hasAccount(accountId);
    const { store } = this.#parts;
    return store.db.get('SELECT 1 FROM principals WHERE unique_id = ?', [principal.uniqueId]) !== undefined;
  }

  #become(chosen: Chosen): WhoAmI {
    this.#chosen = chosen;
    this.#parts.onChange();
    return this.whoAmI();
  }

  /** As CloudTrail records who signs in to the console. */
  #recorded<T>(
    chosen: Chosen,
    event: Pick<Event, 'eventName' | 'requestParameters'>,
    work: (call: Parameters<Parameters<typeof recordedCall>[3]>[0]) => T,
  ): ReturnType<typeof recordedCall<T>> {
    return recordedCall(
      this.#parts,
      this.#callerOf(chosen, regions[0], 'window'),
      { ...event, eventSource: 'signin.amazonaws.com', readOnly: false, silent: false },
      (call) => ({ output: work(call), responseElements: { [event.eventName]: 'Success' } }),
    );
  }
}
