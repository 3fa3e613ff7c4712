import type { ScryptCost } from '../crypto/kdf.ts';
import type { Environment, Keychain } from '../environment.ts';
import type { Migration } from './migrations/migration.ts';
import type { Unlock } from './slots.ts';

export interface VaultOptions extends Environment {
  readonly keychain: Keychain;
  readonly migrations: readonly Migration[];
  /** The cost of new passphrase slots; tests lower it. */
  readonly scrypt?: ScryptCost;
  /** Journal bytes after which a snapshot is taken at the earliest; it is also a fifth of the last snapshot's size. */
  readonly snapshotAfterBytes?: number;
}

export interface CreateVault {
  readonly name: string;
  readonly passphrase: string;
  readonly useKeychain: boolean;
}

export interface SlotInfo {
  readonly id: string;
  readonly kind: Unlock['kind'];
  readonly createdAt: number;
}

/** Facts of a vault that need no key; as such they are only as true as the file they come from. */
export interface VaultInfo {
  readonly id: string;
  readonly name: string;
  readonly slots: readonly SlotInfo[];
}

/** What opening a vault found. */
export interface VaultReport {
  /** Bytes of a record that a crash or power cut left unfinished, and that were dropped. It had not been acknowledged. */
  readonly tornBytes: number;
  readonly replayedRecords: number;
  /** One copy of the header was damaged, missing or behind, and was written anew from the good one. */
  readonly headerRepaired: boolean;
  /** Why one that is damaged, missing or behind could not be written anew, in words: the vault stands on the other copy alone. */
  readonly headerUnrepaired?: string;
}
