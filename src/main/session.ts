import path from 'node:path';
import type { CallInput, CallOutput } from '../shared/contract/index.ts';
import { rootArn } from '../shared/iam/arn.ts';
import { CofferError } from '../shared/kms/errors.ts';
import { regions } from '../shared/kms/regions.ts';
import { alsoEndedBy, type Progress } from '../shared/progress.ts';
import { Backups } from './backups.ts';
import type { Served } from './endpoint/types.ts';
import type { Keychain } from './environment.ts';
import { type OpenVault, type OpenVaultParts, startVault } from './open-vault.ts';
import type { PreferencesStore } from './preferences.ts';
import { ShownCode } from './shown-code.ts';
import { Turn } from './turn.ts';
import { restoreBackup } from './vault/backup.ts';
import { migrations } from './vault/migrations/index.ts';
import { salvageVault } from './vault/salvage.ts';
import type { Unlock } from './vault/slots.ts';
import { Vault, type VaultOptions } from './vault/vault.ts';
import { readSettings, settingsOf, type VaultSettings, writeSetting } from './vault-settings.ts';
import { closedStatus, describeSlots, keychainState, type LastTime, recoveryPending, type Seen } from './ways-in.ts';

type LockReason = NonNullable<LastTime['lockedBecause']>;

export interface SessionParts extends OpenVaultParts {
  readonly keychain: Keychain;
  readonly preferences: PreferencesStore;
  readonly defaultVaultPath: string;
  readonly scrypt?: VaultOptions['scrypt'];
  /** How often due rotations and deletions, and idleness, are looked for, in milliseconds. */
  readonly tickMs?: number;
}

const TICK_MS = 5_000;
/** Faults of the vault's files themselves: shown until the vault opens or another is chosen. */
const GRAVE: ReadonlySet<string> = new Set(['VaultDamaged', 'VaultTooNew', 'VaultUnreadable', 'VaultWriteError']);

/** The life of the chosen vault: none, locked or open; what opens and locks it; what happens by the clock while it is open. */
export class Session {
  readonly #parts: SessionParts;
  #open: OpenVault | undefined;
  #served: Served | undefined;
  #tick: NodeJS.Timeout | undefined;
  #settings: VaultSettings | undefined;
  /** Where the window is. */
  #place: string | undefined;
  #lockedBecause: LockReason | undefined;
  #problem: LastTime['problem'];
  #seen: Seen | undefined;
  readonly #shownCode = new ShownCode();
  #touched = { steady: 0, wall: 0 };
  /** How often the window was told, or is about to be told, how the vault is. */
  #announced = 0;
  /** Opening and locking happen one after the other. */
  readonly #turn = new Turn();
  readonly #backups = new Backups();
  /** Ends what makes a vault out of another when the window is closed. */
  #closing = new AbortController();

  constructor(parts: SessionParts) {
    this.#parts = parts;
  }

  get path(): string {
    return this.#parts.preferences.get().vaultPath ?? this.#parts.defaultVaultPath;
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** What is open. @throws CofferError `VaultLocked`. */
  opened(): OpenVault {
    if (!this.#open) throw new CofferError('VaultLocked', 'The vault is locked.');
    return this.#open;
  }

  /** What the endpoint answers from: nothing while the vault is locked. A call there counts as use, or work would be cut off. */
  served(): Served | undefined {
    return this.#served;
  }

  async status(): Promise<CallOutput<'vault.status'>> {
    const open = this.#open;
    const { path: dir } = this;
    if (open) {
      const region = this.#parts.preferences.get().region ?? regions[0];
      const notRemembered = this.#notRemembered();
      return {
        state: 'open',
        path: dir,
        name: open.vault.name,
        accountId: open.accountId,
        principalArn: rootArn(open.accountId),
        regions: [...regions],
        region,
        recoveryPending: recoveryPending(open.vault.slots(), this.#settings?.recoveryConfirmed === true),
        report: { ...open.vault.report, caughtUp: [...open.caughtUp] },
        openedAt: open.openedAt,
        ...(notRemembered === undefined ? {} : { notRemembered }),
        ...(this.#settings?.place === undefined ? {} : { place: this.#settings.place }),
      };
    }
    const before = this.#announced;
    const { status, later } = await closedStatus(dir, this.#parts.keychain, {
      remembered: this.#parts.preferences.get().vaultPath !== undefined,
      lockedBecause: this.#lockedBecause,
      problem: this.#problem,
      seen: this.#seen,
    });
    later?.then(
      (whole) => this.#tell(before, whole),
      (error) => this.#parts.onBug(error, 'status'),
    );
    return status;
  }

  /** Why the next start would look for the vault elsewhere; undefined when it would find it. */
  #notRemembered(): string | undefined {
    const { preferences, defaultVaultPath } = this.#parts;
    const unwritten = preferences.unwritten();
    return (unwritten?.stored.vaultPath ?? defaultVaultPath) === this.path ? undefined : unwritten?.reason;
  }

  create(wish: CallInput<'vault.create'>): Promise<{ recoveryCode: string }> {
    return this.#turn.take(async () => {
      this.#refuseWhenOpen();
      const dir = path.resolve(wish.path);
      const { vault, recoveryCode } = await Vault.create(dir, this.#options(), wish);
      await this.#parts.preferences.hold({ vaultPath: dir, region: wish.region });
      this.#shownCode.show(recoveryCode);
      await this.#start(vault);
      return { recoveryCode };
    });
  }

  /** Compares typed groups with the recovery code shown last. @throws CofferError `NoRecoveryCode` */
  async confirmRecovery(groups: CallInput<'vault.confirmRecovery'>['groups']): Promise<boolean> {
    if (!this.#shownCode.matches(groups)) return false;
    this.#shownCode.forget();
    await this.#change({ recoveryConfirmed: true });
    return true;
  }

  /** Writes the recovery code shown last into a new file in `folder`; returns its path. @throws CofferError `NoRecoveryCode` */
  async saveRecovery(folder: string): Promise<string> {
    const vaultName = this.opened().vault.name;
    return this.#shownCode.save(folder, { vaultName, vaultPath: this.path, now: this.#parts.environment.clock.now() });
  }

  unlock(way: Unlock): Promise<void> {
    return this.#turn.take(async () => {
      this.#refuseWhenOpen();
      try {
        // The disk may have room again.
        if (this.#parts.preferences.unwritten()) await this.#parts.preferences.hold({});
        await this.#start(await Vault.open(this.path, this.#options(), way));
        this.#problem = undefined;
      } catch (error) {
        if (error instanceof CofferError && GRAVE.has(error.code)) {
          this.#problem = { code: error.code, message: error.message };
          await this.#announce();
        }
        throw error;
      }
    });
  }

  lock(because: LockReason): Promise<void> {
    if (because === 'closed') {
      this.#closing.abort(new CofferError('Cancelled', 'The window was closed.'));
      this.#closing = new AbortController();
    }
    return this.#turn.take(async () => {
      const open = this.#open;
      if (!open) return;
      // Whoever closes the window at once has the backup that was begun. Every other lock ends it.
      if (because === 'closed') await this.#backups.settled();
      this.#open = undefined;
      this.#served = undefined;
      this.#shownCode.forget();
      const before = this.#settings?.place;
      this.#settings = undefined;
      this.#lockedBecause = because;
      this.#seen = { dir: this.path, name: open.vault.name, slots: open.vault.slots() };
      clearInterval(this.#tick);
      await this.#keepPlace(open, before);
      try {
        await open.close();
        await this.#backups.settled();
      } finally {
        // Whatever could not be closed, nothing answers any more, and the window must not go on showing what it has.
        await this.#announce();
      }
    });
  }

  /** The window is somewhere else. Written down when the vault locks: an address may name a key. */
  at(place: string): void {
    this.opened();
    this.#place = place;
  }

  async #keepPlace({ vault }: OpenVault, before: string | undefined): Promise<void> {
    const place = this.#place;
    this.#place = undefined;
    if (place === undefined || place === before) return;
    await vault
      .transact((tx) => writeSetting(tx, 'place', place))
      .catch((error) => {
        // A disk that is full keeps nothing open.
        if (!(error instanceof CofferError)) this.#parts.onBug(error, 'place at lock');
      });
  }

  /** What the person was told of what is coming. */
  told(): NonNullable<VaultSettings['told']> {
    return this.#settings?.told ?? {};
  }

  /** Writes settings without a word to the window. @throws CofferError when the vault cannot write. */
  async remember(changes: Partial<VaultSettings>): Promise<void> {
    const { vault } = this.opened();
    await vault.transact((tx) => {
      for (const [name, value] of Object.entries(changes)) writeSetting(tx, name, value);
    });
    this.#settings = readSettings(vault.db);
  }

  /** The computer sleeps or its screen was locked. */
  async suspended(): Promise<void> {
    // A vault that is being opened is open in a moment.
    await this.#turn.over();
    if (this.#settings?.lockOnSuspend) await this.lock('suspend');
  }

  /** The person did something: the idle clock begins anew. */
  touch(): void {
    this.#touched = { steady: performance.now(), wall: this.#parts.environment.clock.now() };
  }

  /** Milliseconds without a touch. The steady clock stands still while the computer sleeps, the wall clock can be set back. */
  #idle(): number {
    const { steady, wall } = this.#touched;
    return Math.max(performance.now() - steady, this.#parts.environment.clock.now() - wall);
  }

  async slots(): Promise<CallOutput<'vault.slots'>> {
    const { vault } = this.opened();
    return {
      slots: await describeSlots(this.#parts.keychain, vault.id, vault.slots()),
      keychain: await keychainState(this.#parts.keychain),
    };
  }

  async addSlot(way: CallInput<'vault.addSlot'>): Promise<CallOutput<'vault.addSlot'>> {
    const open = this.opened();
    const added = await open.vault.addSlot(way);
    if (added.recoveryCode) {
      // Locked meanwhile, it is shown to nobody.
      if (this.#open === open) this.#shownCode.show(added.recoveryCode);
      await this.#change({ recoveryConfirmed: false });
    } else await this.#announce();
    return added;
  }

  /** Removes a way in. @throws CofferError `LastSlot`, `NoSuchSlot`. */
  async removeSlot(slotId: string): Promise<void> {
    await this.opened().vault.removeSlot(slotId);
    await this.#announce();
  }

  settings(): VaultSettings & { name: string } {
    const { vault } = this.opened();
    return { name: vault.name, ...(this.#settings ?? settingsOf([])) };
  }

  async setSettings({ name, ...changes }: CallInput<'vault.setSettings'>): Promise<VaultSettings & { name: string }> {
    const { vault } = this.opened();
    if (name !== undefined && name !== vault.name) await vault.rename(name);
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
    await this.#change(given as Partial<VaultSettings>);
    return this.settings();
  }

  async backup(folder: string, passphrase: string, progress: Progress = {}): Promise<CallOutput<'vault.backup'>> {
    return this.#backups.write(this.opened(), this.#options(), folder, passphrase, progress);
  }

  restore(file: string, passphrase: string, dir: string, progress: Progress = {}): Promise<void> {
    return this.#makeIn(dir, progress, (...into) => restoreBackup(file, passphrase, ...into));
  }

  salvage(
    way: CallInput<'vault.salvage'>['unlock'],
    dir: string,
    progress: Progress = {},
  ): Promise<CallOutput<'vault.salvage'>> {
    return this.#makeIn(dir, progress, (...into) => salvageVault(this.path, way, ...into));
  }

  /** Makes a vault out of another, which is then the chosen one. */
  #makeIn<T>(
    dir: string,
    progress: Progress,
    make: (dir: string, options: VaultOptions, progress: Progress) => Promise<T>,
  ): Promise<T> {
    const watched = alsoEndedBy(progress, this.#closing.signal);
    return this.#turn.take(async () => {
      this.#refuseWhenOpen();
      watched.signal?.throwIfAborted();
      const made = await make(path.resolve(dir), this.#options(), watched);
      await this.#choose(path.resolve(dir));
      return made;
    });
  }

  choose(dir: string): Promise<void> {
    return this.#turn.take(async () => {
      this.#refuseWhenOpen();
      await this.#choose(path.resolve(dir));
    });
  }

  async #choose(dir: string): Promise<void> {
    await this.#parts.preferences.hold({ vaultPath: dir });
    this.#problem = undefined;
    this.#lockedBecause = undefined;
    await this.#announce();
  }

  async #start(vault: Vault): Promise<void> {
    const { onBug, tickMs = TICK_MS } = this.#parts;
    try {
      const open = await startVault(vault, this.#parts);
      this.#settings = readSettings(vault.db);
      this.#lockedBecause = undefined;
      this.touch();
      this.#open = open;
      const { noteUse } = open.served;
      this.#served = {
        ...open.served,
        noteUse: (id, key) => {
          this.touch();
          noteUse(id, key);
        },
      };
    } catch (error) {
      // Left open it could not be opened again.
      await vault.close();
      throw error;
    }
    this.#tick = setInterval(() => void this.#onTick().catch((error) => onBug(error, 'tick')), tickMs);
    this.#tick.unref();
    await this.#announce();
  }

  async #onTick(): Promise<void> {
    const open = this.#open;
    if (!open) return;
    const minutes = this.#settings?.autoLockMinutes ?? 0;
    // A job under way counts as use: locking would cut it off.
    if (open.files.busy() || open.signing.busy() || this.#backups.busy) this.touch();
    if (minutes > 0 && this.#idle() >= minutes * 60_000) {
      await this.lock('idle');
      return;
    }
    await open.runDue().catch((error) => {
      // A full disk, or a lock that came in between: tried again at the next tick.
      if (!(error instanceof CofferError)) throw error;
    });
  }

  async #change(changes: Partial<VaultSettings>): Promise<void> {
    await this.remember(changes);
    await this.#announce();
  }

  #options(): VaultOptions {
    const { environment, keychain, scrypt } = this.#parts;
    return { ...environment, keychain, migrations, ...(scrypt ? { scrypt } : {}) };
  }

  #refuseWhenOpen(): void {
    if (this.#open) throw new CofferError('VaultOpen', 'A vault is open. Lock it first.');
  }

  async #announce(): Promise<void> {
    const mine = ++this.#announced;
    this.#tell(mine, await this.status());
  }

  /** One that was asked for later knows better, and may be through sooner: a keychain takes its time. */
  #tell(mine: number, status: CallOutput<'vault.status'>): void {
    if (mine === this.#announced) this.#parts.emit('vault.changed', status);
  }
}
