import { mfaArn, rootArn } from '../../shared/iam/arn.ts';
import { iamLimits } from '../../shared/iam/limits.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { matchingStep, otpauthUri, SEED_BYTES, stepAt, toBase32 } from '../crypto/totp.ts';
import type { Random } from '../environment.ts';
import type { ReadDatabase, Store, Transaction } from '../vault/types.ts';
import type { Owner } from './access-keys.ts';
import { type PrincipalRow, principalArn } from './principals.ts';
import type { Call } from './recorded-call.ts';

/** Wrong codes in a row after which a device takes none for a while: a minute, twice as long with each more, an hour at most. */
const FAILURES_MAX = 5;
const LOCK_MS = 60_000;
const LOCK_MS_MAX = 3_600_000;
/** How many steps a device's clock may be ahead or behind. */
const DRIFT = 1;

/** A virtual MFA device. Its seed stays sealed. */
export interface MfaDevice {
  readonly serialNumber: string;
  readonly accountId: string;
  /** The ARN of whom it belongs to; null while that is nobody. */
  readonly ownerArn: string | null;
  /** Null for an account's root, and for nobody. */
  readonly userName: string | null;
  /** Milliseconds since the epoch; null while it belongs to nobody. */
  readonly enabledAt: number | null;
}

/** A device just made: the one time its seed is told. */
export interface NewMfaDevice {
  readonly serialNumber: string;
  readonly seed: string;
  readonly uri: string;
}

export type CodeCheck = { readonly ok: true } | { readonly ok: false; readonly lockedUntil?: number };

interface Row {
  readonly serialNumber: string;
  readonly accountId: string;
  readonly principal: number | null;
  readonly kind: PrincipalRow['kind'] | null;
  readonly name: string | null;
  readonly path: string | null;
  readonly enabledAt: number | null;
  readonly sealed: Uint8Array;
  readonly lastStep: number;
  readonly lockedUntil: number;
}

const SELECT = `SELECT m.serial AS serialNumber, m.account_id AS accountId, m.principal, p.kind, p.name, p.path,
  m.enabled_at AS enabledAt, m.sealed, m.last_step AS lastStep, m.locked_until AS lockedUntil
  FROM mfa_devices m LEFT JOIN principals p ON p.row = m.principal`;

function deviceOf({ serialNumber, accountId, kind, name, path, enabledAt }: Row): MfaDevice {
  const user = kind === null || name === null || path === null ? null : { accountId, kind, name, path };
  const owner = user ? principalArn(user) : rootArn(accountId);
  return { serialNumber, accountId, ownerArn: enabledAt === null ? null : owner, userName: name, enabledAt };
}

/** Why a device takes no code now, as a sentence. */
function lockedSentence(until: number, now: number): string {
  const seconds = Math.ceil((until - now) / 1000);
  const wait = seconds < 120 ? `${seconds} s` : `${Math.ceil(seconds / 60)} minutes`;
  return `There were ${FAILURES_MAX} or more wrong codes in a row: the device takes the next one in ${wait}.`;
}

/**
 * Lets a checked code pass. `refusal` gives code and message of the error; it is told why no code is taken now, when none is.
 * @throws KmsError, of a device that takes none with `details.lockedUntil` in milliseconds since the epoch
 */
export function requireCode(
  check: CodeCheck,
  now: number,
  refusal: (because: string | undefined) => readonly [code: string, message: string],
): void {
  if (check.ok) return;
  const { lockedUntil } = check;
  const [code, message] = refusal(lockedUntil === undefined ? undefined : lockedSentence(lockedUntil, now));
  throw new KmsError(code, message, lockedUntil === undefined ? {} : { lockedUntil });
}

/**
 * The virtual MFA devices of one open store. A seed is sealed in the database, bound to its serial number, and opened only to check
 * a code. A code counts once: none of the same or an earlier time step is taken after it (RFC 6238, section 5.2).
 */
export class MfaDevices {
  readonly #store: Store;
  readonly #random: Random;

  constructor(store: Store, random: Random) {
    this.#store = store;
    this.#random = random;
  }

  find(db: ReadDatabase, serialNumber: string): MfaDevice | undefined {
    const row = rowOf(db, serialNumber);
    return row && deviceOf(row);
  }

  /** All devices of an account, also those of nobody. */
  list(db: ReadDatabase, accountId: string): MfaDevice[] {
    return db.all<Row>(`${SELECT} WHERE m.account_id = ? ORDER BY m.serial`, [accountId]).map(deviceOf);
  }

  /** The active devices of one owner. */
  ofOwner(db: ReadDatabase, { accountId, principal }: Owner): MfaDevice[] {
    return db
      .all<Row>(
        `${SELECT} WHERE m.account_id = ? AND m.principal IS ? AND m.enabled_at IS NOT NULL ORDER BY m.enabled_at, m.serial`,
        [accountId, principal?.row ?? null],
      )
      .map(deviceOf);
  }

  /** Makes a device of nobody. @throws KmsError `EntityAlreadyExistsException` */
  create({ tx, now }: Call, accountId: string, path: string, name: string): NewMfaDevice {
    const serialNumber = mfaArn(accountId, path, name);
    const seed = this.#random.bytes(SEED_BYTES);
    const text = toBase32(seed);
    const sealed = this.#store.sealMaterial('mfa device', serialNumber, seed);
    seed.fill(0);
    const made = tx.run(
      `INSERT INTO mfa_devices (serial, account_id, principal, sealed, enabled_at, last_step, failures, locked_until, created_at)
       VALUES (?, ?, NULL, ?, NULL, 0, 0, 0, ?) ON CONFLICT DO NOTHING`,
      [serialNumber, accountId, sealed, now],
    );
    if (made === 0)
      throw new KmsError('EntityAlreadyExistsException', `MFADevice entity at the same path and name already exists.`);
    return { serialNumber, seed: text, uri: otpauthUri('Coffer', `${accountId} ${name}`, text) };
  }

  /** Gives a device of nobody to an owner, whom `check` has just seen two codes of. @throws KmsError `LimitExceededException` */
  assign({ tx, now }: Call, serialNumber: string, owner: Owner): void {
    tx.run('UPDATE mfa_devices SET principal = ?, enabled_at = ? WHERE serial = ?', [
      owner.principal?.row ?? null,
      now,
      serialNumber,
    ]);
    if (this.ofOwner(tx, owner).length > iamLimits.mfaDevices)
      throw new KmsError(
        'LimitExceededException',
        `Cannot exceed quota for MfaDevicesPerUser: ${iamLimits.mfaDevices}`,
      );
  }

  /** Takes a device from its owner. */
  unassign(tx: Transaction, serialNumber: string): void {
    tx.run('UPDATE mfa_devices SET principal = NULL, enabled_at = NULL WHERE serial = ?', [serialNumber]);
  }

  /** Removes a device with its seed for good. */
  remove(tx: Transaction, serialNumber: string): void {
    tx.run('DELETE FROM mfa_devices WHERE serial = ?', [serialNumber]);
  }

  /**
   * Checks a code of a device, or two that follow each other. A wrong one is counted even when the call is refused for it.
   * Two codes prove the device also when this computer's clock was ahead before, which one cannot.
   */
  check(
    { tx, now, keep }: Pick<Call, 'tx' | 'now' | 'keep'>,
    serialNumber: string,
    code: string,
    next?: string,
  ): CodeCheck {
    const row = rowOf(tx, serialNumber);
    if (!row) return { ok: false };
    // One that would last longer than any does was set while this computer's clock was ahead.
    const left = row.lockedUntil - now;
    if (left > 0 && left <= LOCK_MS_MAX) return { ok: false, lockedUntil: row.lockedUntil };
    const step = this.#match(row, now, code, next);
    if (step === undefined) {
      keep((later) => countFailure(later, serialNumber, now));
      return { ok: false };
    }
    tx.run('UPDATE mfa_devices SET last_step = ?, failures = 0, locked_until = 0 WHERE serial = ?', [
      step,
      serialNumber,
    ]);
    return { ok: true };
  }

  /** The last time step of the codes, when they are right and new. */
  #match(row: Row, now: number, code: string, next: string | undefined): number | undefined {
    const seed = this.#store.openMaterial('mfa device', row.serialNumber, row.sealed);
    const present = stepAt(now);
    const latest = present + DRIFT;
    const shift = next === undefined ? 0 : 1;
    const steps = Array.from({ length: 2 * DRIFT + 1 }, (_, index) => latest - shift - index);
    const step = matchingStep(seed, steps, code, next);
    seed.fill(0);
    if (step === undefined) return undefined;
    const ahead = shift === 1 && row.lastStep > latest;
    return step > row.lastStep || ahead ? step + shift : undefined;
  }
}

const rowOf = (db: ReadDatabase, serialNumber: string) => db.get<Row>(`${SELECT} WHERE m.serial = ?`, [serialNumber]);

function countFailure(tx: Transaction, serialNumber: string, now: number): void {
  tx.run('UPDATE mfa_devices SET failures = failures + 1 WHERE serial = ?', [serialNumber]);
  const failures =
    tx.get<{ failures: number }>('SELECT failures FROM mfa_devices WHERE serial = ?', [serialNumber])?.failures ?? 0;
  if (failures < FAILURES_MAX) return;
  const wait = Math.min(LOCK_MS * 2 ** (failures - FAILURES_MAX), LOCK_MS_MAX);
  tx.run('UPDATE mfa_devices SET locked_until = ? WHERE serial = ?', [now + wait, serialNumber]);
}
