import { z } from 'zod';
import { entry } from './entry.ts';
import { PASSPHRASE_MIN } from './limits.ts';
import { RegionName } from './region.ts';

export { PASSPHRASE_MIN } from './limits.ts';

const Nothing = z.strictObject({});
const Secret = z.string().min(1).max(1024);
const NewPassphrase = z.string().min(PASSPHRASE_MIN).max(1024);

export const SlotKind = z.enum(['keychain', 'passphrase', 'recovery']);

export const Slot = z.strictObject({
  id: z.string(),
  kind: SlotKind,
  createdAt: z.number(),
  /** For a keychain slot: whether this machine's keychain holds its key now. */
  usable: z.boolean(),
});

export const KeychainState = z.strictObject({
  available: z.boolean(),
  /** Why not, as a sentence a person can act on. */
  reason: z.string().optional(),
});

/** What opening found, when it is not simply whole: always shown to the person. */
export const OpenReport = z.strictObject({
  /** Bytes of a record cut off by a crash or power cut that were dropped from the journal's end; it was never acknowledged. */
  tornBytes: z.number(),
  replayedRecords: z.number(),
  /** One of the header's two copies was damaged, missing or behind, and was written anew. */
  headerRepaired: z.boolean(),
  /** Why it could not be written anew: the vault stands on the other copy alone. */
  headerUnrepaired: z.string().optional(),
  /** Keys deleted or rotated because their time came while the vault was closed. */
  caughtUp: z.array(z.strictObject({ what: z.enum(['rotated', 'deleted', 'expired']), keyId: z.string() })),
});

export const VaultStatus = z.discriminatedUnion('state', [
  /** There is no vault at the chosen place yet. */
  z.strictObject({
    state: z.literal('none'),
    path: z.string(),
    keychain: KeychainState,
    /** It is where a vault was opened or looked for last, and not only where a first one would go. */
    remembered: z.boolean(),
  }),
  z.strictObject({
    state: z.literal('locked'),
    path: z.string(),
    name: z.string(),
    slots: z.array(Slot),
    keychain: KeychainState,
    /** Why it locked, when it was open before. */
    lockedBecause: z.enum(['idle', 'suspend', 'command', 'closed', 'failure']).optional(),
    /** Set when the vault cannot be opened at all: what was found and what can be done. */
    problem: z.strictObject({ code: z.string(), message: z.string() }).optional(),
  }),
  z.strictObject({
    state: z.literal('open'),
    path: z.string(),
    name: z.string(),
    accountId: z.string(),
    principalArn: z.string(),
    regions: z.array(z.string()),
    region: z.string(),
    /** True until the person has typed the recovery code's groups back. */
    /** What is wrong with the recovery code: it was never typed back, or there is none and one way in is all there is. */
    recoveryPending: z.enum(['unconfirmed', 'missing']).nullable(),
    report: OpenReport,
    openedAt: z.number(),
    /** Why the place of the vault could not be written down, so that the next start does not find it by itself. */
    notRemembered: z.string().optional(),
    /** Where the window was when the vault was locked last. */
    place: z.string().optional(),
  }),
]);

export const VaultSettings = z.strictObject({
  name: z.string().min(1).max(100),
  /** Minutes without a touch after which the vault locks; 0 is never. */
  autoLockMinutes: z.number().int().min(0).max(1440),
  lockOnSuspend: z.boolean(),
});

/** What takes long, and longer the more the vault holds. */
const VaultJob = z.enum(['backup', 'restore', 'salvage']);

export const vault = {
  'vault.status': entry(Nothing, VaultStatus),
  /** Makes a vault in an empty or new folder and opens it. The recovery code is answered this once. */
  'vault.create': entry(
    z.strictObject({
      path: z.string().min(1),
      name: z.string().min(1).max(100),
      passphrase: NewPassphrase,
      useKeychain: z.boolean(),
      region: RegionName,
    }),
    z.strictObject({ recoveryCode: z.string() }),
  ),
  /** Types back groups (0-based index) of the recovery code shown last; `ok: false` when one is wrong. */
  'vault.confirmRecovery': entry(
    z.strictObject({
      groups: z.array(z.strictObject({ index: z.number().int().min(0), text: z.string().max(16) })).min(3),
    }),
    z.strictObject({ ok: z.boolean() }),
  ),
  /** Writes the recovery code shown last as a text file, readable by its owner only, into `folder`. */
  'vault.saveRecovery': entry(z.strictObject({ folder: z.string().min(1) }), z.strictObject({ path: z.string() })),
  'vault.unlock': entry(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('keychain') }),
      z.strictObject({ kind: z.literal('passphrase'), secret: Secret }),
      z.strictObject({ kind: z.literal('recovery'), secret: Secret }),
    ]),
    Nothing,
  ),
  'vault.lock': entry(Nothing, Nothing),
  'vault.slots': entry(Nothing, z.strictObject({ slots: z.array(Slot), keychain: KeychainState })),
  /** Adds a way in. A new recovery code is answered this once. */
  'vault.addSlot': entry(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('keychain') }),
      z.strictObject({ kind: z.literal('passphrase'), secret: NewPassphrase }),
      z.strictObject({ kind: z.literal('recovery') }),
    ]),
    z.strictObject({ slotId: z.string(), recoveryCode: z.string().optional() }),
  ),
  'vault.changePassphrase': entry(
    z.strictObject({ slotId: z.string(), current: Secret, next: NewPassphrase }),
    Nothing,
  ),
  /** Refused with `LastSlot` when only the keychain, or nothing, would remain. */
  'vault.removeSlot': entry(z.strictObject({ slotId: z.string() }), Nothing),
  'vault.settings': entry(Nothing, VaultSettings),
  'vault.setSettings': entry(VaultSettings.partial(), VaultSettings),
  /** Writes one sealed file into `folder` and reads it back. One at a time: a new one ends the one before with `Cancelled`. */
  'vault.backup': entry(
    z.strictObject({ folder: z.string().min(1), passphrase: NewPassphrase }),
    z.strictObject({ path: z.string(), bytes: z.number() }),
  ),
  /** Restores a backup into a new folder; the vault found there is then the chosen one, locked. */
  'vault.restore': entry(
    z.strictObject({ file: z.string().min(1), passphrase: Secret, path: z.string().min(1) }),
    Nothing,
  ),
  /** Copies what is whole of a damaged vault into a new folder, which becomes the chosen one, locked. */
  'vault.salvage': entry(
    z.strictObject({
      unlock: z.discriminatedUnion('kind', [
        z.strictObject({ kind: z.literal('passphrase'), secret: Secret }),
        z.strictObject({ kind: z.literal('recovery'), secret: Secret }),
      ]),
      path: z.string().min(1),
    }),
    z.strictObject({ recoveredRecords: z.number(), lost: z.string() }),
  ),
  /** Ends the job with `Cancelled`; does nothing when there is none, or what it makes has its name already. */
  'vault.cancel': entry(z.strictObject({ job: VaultJob }), Nothing),
  /** Chooses another vault folder; refused while one is open. */
  'vault.choose': entry(z.strictObject({ path: z.string().min(1) }), Nothing),
};

export const vaultEvents = {
  'vault.changed': VaultStatus,
  /** How far a job is, at most ten times a second. */
  'vault.progress': z.strictObject({ job: VaultJob, done: z.number(), total: z.number() }),
};
