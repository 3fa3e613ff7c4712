import { z } from 'zod';
import { entry } from './entry.ts';

const Nothing = z.strictObject({});
const AccountId = z.string().regex(/^\d{12}$/);

/** As whom the window acts: every call it makes, and every file it encrypts, is this principal's. */
export const Acting = z.strictObject({
  /** As records name it: of a role the ARN of its session `coffer`. */
  principalArn: z.string(),
  accountId: z.string(),
  kind: z.enum(['root', 'user', 'role']),
  /** Null for a root. */
  name: z.string().nullable(),
  /** Whether it is the vault's owner: the root of its first account. */
  owner: z.boolean(),
  /** False when the user or role was deleted meanwhile: its calls are refused until somebody else is chosen. */
  exists: z.boolean(),
  /** When it was chosen; milliseconds since the epoch. */
  since: z.number(),
  /** Serial numbers of its active MFA devices. */
  mfaDevices: z.array(z.string()),
  /** When a code of one of them was last proven, since it was chosen. */
  mfaAt: z.number().nullable(),
});

/** Somebody the window can act as. */
export const Principal = z.strictObject({
  /** Of the root, a user or a role itself. */
  principalArn: z.string(),
  accountId: z.string(),
  kind: z.enum(['root', 'user', 'role']),
  name: z.string().nullable(),
  owner: z.boolean(),
});

export const people = {
  /**
   * One of IAM's operations (`shared/iam/operations.ts`), made as the principal the window acts as. With `accountId`, which the
   * vault's owner alone may give, as the root of that account.
   */
  'people.call': entry(
    z.strictObject({
      operation: z.string().max(64),
      input: z.record(z.string(), z.unknown()),
      accountId: AccountId.optional(),
    }),
    z.unknown(),
  ),
  /** Everybody the window can act as, by account; the owner first. Whoever it acts as now may ask. */
  'people.principals': entry(Nothing, z.strictObject({ principals: z.array(Principal) })),
  'people.whoAmI': entry(Nothing, Acting),
  /**
   * Acts as another principal from now on: whoever opened the vault may act as anyone. A second factor is to be proven anew.
   * Refused with `NoSuchEntityException`.
   */
  'people.actAs': entry(z.strictObject({ principalArn: z.string().max(2048) }), Acting),
  /**
   * Proves a code of the acting principal's MFA device, by whose serial number when it has several. Refused with
   * `AccessDeniedException`; after five wrong ones in a row `details.lockedUntil` says when it takes the next (milliseconds).
   */
  'people.proveMfa': entry(
    z.strictObject({ code: z.string().regex(/^\d{6}$/), serialNumber: z.string().max(256).optional() }),
    Acting,
  ),
  /**
   * Deactivates and removes an MFA device of the vault's owner, which is lost, against a passphrase or recovery code of the vault.
   * Refused with `WrongPassphrase`, `WrongRecoveryCode`, `RecoveryCodeTypo`, `NoSuchSlot`, `NoSuchEntityException`.
   */
  'people.recoverMfa': entry(
    z.strictObject({
      serialNumber: z.string().max(256),
      proof: z.strictObject({ kind: z.enum(['passphrase', 'recovery']), secret: z.string().min(1).max(1024) }),
    }),
    Nothing,
  ),
};

export const peopleEvents = {
  /** Accounts, users, roles or what is theirs changed, or the window acts as somebody else: read what is shown again. */
  'people.changed': z.strictObject({ acting: Acting }),
};
