import { randomUUID } from 'node:crypto';
import { CofferError } from '../../shared/kms/errors.ts';
import { reasonOf } from './errors.ts';
import { authenticated, type HeaderBody, type HeaderRecord, readHeaders, SLOTS_MAX, writeHeader } from './header.ts';
import type { RootKey } from './keys.ts';
import type { SlotInfo, VaultOptions } from './options.ts';
import { formatRecoveryCode, RECOVERY_BYTES } from './recovery-code.ts';
import { forgetSlot, makeSlot, type NewSlot, openSlots, refusal, type SlotContext, type Unlock } from './slots.ts';

export const slotsOf = (header: HeaderRecord): SlotInfo[] =>
  header.slots.map(({ id, kind, createdAt }) => ({ id, kind, createdAt }));

/** What making and opening key slots takes from a vault's options. */
export function slotContext(options: VaultOptions, vaultId: string): SlotContext {
  const { random, keychain, scrypt } = options;
  return { vaultId, random, keychain, ...(scrypt ? { scrypt } : {}) };
}

/** The header with `changes`, one revision on, before it is authenticated. */
function revised({ mac: _mac, ...body }: HeaderRecord, changes: Partial<HeaderBody> = {}): HeaderBody {
  return { ...body, ...changes, revision: body.revision + 1 };
}

/**
 * The header of an open vault: its name, its generation and its ways in. Changes are made one after the other; one that
 * fails changes nothing, unless its error says that it may hold. None of them touches the database.
 */
export class VaultHeader {
  readonly #dir: string;
  readonly #root: RootKey;
  readonly #options: VaultOptions;
  #record: HeaderRecord;
  #work: Promise<unknown> = Promise.resolve();

  /** `root` stays the caller's, who destroys it. */
  constructor(dir: string, root: RootKey, record: HeaderRecord, options: VaultOptions) {
    this.#dir = dir;
    this.#root = root;
    this.#record = record;
    this.#options = options;
  }

  get vaultId(): string {
    return this.#record.vaultId;
  }

  get name(): string {
    return this.#record.name;
  }

  /** The snapshot that an opening begins with. */
  get generation(): number {
    return this.#record.generation;
  }

  slots(): SlotInfo[] {
    return slotsOf(this.#record);
  }

  async addSlot(
    way: { kind: 'keychain' } | { kind: 'passphrase'; secret: string } | { kind: 'recovery' },
  ): Promise<{ slotId: string; recoveryCode?: string }> {
    const code = way.kind === 'recovery' ? this.#options.random.bytes(RECOVERY_BYTES) : undefined;
    const slotId = randomUUID();
    try {
      await this.#change(async (header) => {
        if (header.slots.length >= SLOTS_MAX)
          throw new CofferError('TooManySlots', `A vault has at most ${SLOTS_MAX} ways in. Remove one first.`);
        const slot = await this.#makeSlot(slotId, code ? { kind: 'recovery', code } : (way as NewSlot));
        return { slots: [...header.slots, slot] };
      });
    } catch (error) {
      // A header that may name the slot needs its key.
      if (!(error instanceof HalfWritten)) await forgetSlot(this.#context(), { id: slotId, kind: way.kind });
      throw error;
    }
    if (!code) return { slotId };
    const recoveryCode = formatRecoveryCode(code);
    code.fill(0);
    return { slotId, recoveryCode };
  }

  async changePassphrase(slotId: string, current: string, next: string): Promise<void> {
    await this.#change(async (header) => {
      const slot = header.slots.find(({ id, kind }) => id === slotId && kind === 'passphrase');
      const root = slot ? await openSlots(this.#context(), [slot], { kind: 'passphrase', secret: current }) : null;
      if (!root) throw refusal('passphrase', slot !== undefined);
      root.fill(0);
      const replacement = await this.#makeSlot(randomUUID(), { kind: 'passphrase', secret: next });
      return { slots: header.slots.map((each) => (each.id === slotId ? replacement : each)) };
    });
  }

  /** @throws CofferError `WrongPassphrase`, `WrongRecoveryCode`, `RecoveryCodeTypo`, `NoSuchSlot` unless the secret opens a slot. */
  async prove(way: Exclude<Unlock, { kind: 'keychain' }>): Promise<void> {
    const { slots } = this.#record;
    const root = await openSlots(this.#context(), slots, way);
    if (!root)
      throw refusal(
        way.kind,
        slots.some(({ kind }) => kind === way.kind),
      );
    root.fill(0);
  }

  async removeSlot(slotId: string): Promise<void> {
    let removed: HeaderRecord['slots'][number] | undefined;
    await this.#change(async (header) => {
      removed = header.slots.find(({ id }) => id === slotId);
      const slots = header.slots.filter(({ id }) => id !== slotId);
      if (!removed) throw new CofferError('NoSuchSlot', 'That way in does not exist any more.');
      if (!slots.some(({ kind }) => kind !== 'keychain')) {
        throw new CofferError(
          'LastSlot',
          'A vault keeps at least one passphrase or recovery code: a keychain can be lost with the computer. Add another first.',
        );
      }
      return { slots };
    });
    // The slot is gone from the vault; a keychain that will not forget a useless key is no reason to fail.
    if (removed) await forgetSlot(this.#context(), removed);
  }

  rename(name: string): Promise<void> {
    return this.#change(async () => ({ name }));
  }

  /** Lets the next opening begin with the snapshot of `generation`. */
  advance(generation: number): Promise<void> {
    return this.#change(async () => ({ generation }));
  }

  /** Writes both copies anew, as they are. Answers why they could not both be, in words; the vault has one good copy then. */
  async repair(): Promise<string | undefined> {
    try {
      await this.#write(authenticated(revised(this.#record), this.#root));
      return undefined;
    } catch (error) {
      return error instanceof HalfWritten ? error.reason : reasonOf(error);
    }
  }

  /** Resolves when no change is under way. */
  async settle(): Promise<void> {
    await this.#work;
  }

  #context(): SlotContext {
    return slotContext(this.#options, this.vaultId);
  }

  async #makeSlot(id: string, way: NewSlot): Promise<HeaderRecord['slots'][number]> {
    const key = this.#root.copy();
    try {
      return await makeSlot(this.#context(), key, id, this.#options.clock.now(), way);
    } finally {
      key.fill(0);
    }
  }

  #change(change: (header: HeaderRecord) => Promise<Partial<HeaderBody>>): Promise<void> {
    const work = this.#work.then(async () => {
      const changes = await change(this.#record);
      try {
        await this.#write(authenticated(revised(this.#record, changes), this.#root));
      } catch (error) {
        if (error instanceof CofferError) throw error;
        throw new CofferError(
          'VaultWriteError',
          `The vault's header could not be written: ${reasonOf(error)}. Nothing was changed.`,
        );
      }
    });
    this.#work = work.catch(() => undefined);
    return work;
  }

  /** @throws HalfWritten, and the system's error when the vault's header is what it was. */
  async #write(header: HeaderRecord): Promise<void> {
    try {
      await writeHeader(this.#dir, header);
    } catch (error) {
      const found = await readHeaders(this.#dir).catch(() => undefined);
      if (found && found.candidates[0]?.mac !== header.mac) throw error;
      // One copy is the new one already, and the ways in of either open the vault: the other has to follow.
      if (found) this.#record = header;
      await writeHeader(this.#dir, header).catch((again: unknown) => {
        throw new HalfWritten(again);
      });
    }
    this.#record = header;
  }
}

/** A change that may be on the disk or not. */
class HalfWritten extends CofferError {
  readonly reason: string;

  constructor(error: unknown) {
    const reason = reasonOf(error);
    super(
      'VaultWriteError',
      `The vault's header could not be written whole: ${reason}. The change may hold or not; look again once the vault was locked and opened.`,
    );
    this.reason = reason;
  }
}
