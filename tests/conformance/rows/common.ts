import type { CreateKeyRequest } from '@aws-sdk/client-kms';
import type { Ground, Provoke } from '../support/table.ts';

export const NOWHERE = '00000000-0000-4000-8000-000000000000';
export const DAY = 86_400_000;
export const utf8 = (text: string) => new Uint8Array(Buffer.from(text));

interface Keyed {
  readonly KeyId?: string | undefined;
}

/** A new key of some kind; its id. */
export async function newKey({ kms }: Pick<Ground, 'kms'>, wish: CreateKeyRequest): Promise<string> {
  return (await kms.createKey(wish)).KeyMetadata?.KeyId ?? '';
}

/** The state of a key now. */
export const stateOf = async ({ kms }: Pick<Ground, 'kms'>, KeyId: string | undefined) =>
  (await kms.describeKey({ KeyId })).KeyMetadata?.KeyState;

/**
 * Keeps a passing state of a key that has just begun, however slow this computer is: by the clock, its end is a minute away.
 */
export const hold = ({ service }: Pick<Ground, 'service'>) => service.later(-60_000);
/** Longer than a passing state lasts, held or not. */
export const settle = ({ service }: Pick<Ground, 'service'>) => service.later(65_000);

export const notFound: Provoke = () => ({ KeyId: NOWHERE });
export const invalidArn: Provoke = () => ({ KeyId: 'arn:aws:s3:::bucket' });
export const invalidToken: Provoke = () => ({ GrantTokens: ['no token'] });
export const dryRun: Provoke = () => ({ DryRun: true });
export const disabled: Provoke<Keyed> = async ({ kms }, { KeyId }) => {
  await kms.disableKey({ KeyId });
  return undefined;
};
export const pending: Provoke<Keyed> = async ({ kms }, { KeyId }) => {
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
  return undefined;
};
/** The id of the ground's own key, which is of another kind than the good input's. */
export const groundsOwn: Provoke = ({ KeyId }) => ({ KeyId });
/** A key that signs. */
export const signing: Provoke = async (ground) => ({
  KeyId: await newKey(ground, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }),
});
/** The marker of another listing. */
export const foreignMarker: Provoke = async ({ kms }) => {
  await kms.createKey({});
  return { Marker: (await kms.listKeys({ Limit: 1 })).NextMarker };
};
/** One tag more than a key may have. */
export const manyTags: Provoke = () => ({
  Tags: Array.from({ length: 51 }, (_, index) => ({ TagKey: `k${index}`, TagValue: '' })),
});
export const reservedTag: Provoke = () => ({ Tags: [{ TagKey: 'aws:x', TagValue: '' }] });
export const otherAccountsParty = 'arn:aws:iam::444455556666:user/ann';

export const managing = { NotFoundException: notFound, InvalidArnException: invalidArn };
export const changing = { ...managing, KMSInvalidStateException: pending };
export const using = {
  DisabledException: disabled,
  DryRunOperationException: dryRun,
  InvalidGrantTokenException: invalidToken,
  KMSInvalidStateException: pending,
  NotFoundException: notFound,
};

/** Of what no token or proxy is asked. */
export const inside = { DependencyTimeoutException: 'Coffer itself is never late, and asks no key store for this.' };
/** Takes the token of the key away, or of a key that is made for it. */
export const tokenGone: Provoke = async ({ service: { backing }, kms }) => {
  const KeyId = await backing.tokenKey(kms);
  await backing.unplug();
  return { KeyId };
};
/** Of what a token is asked. */
export const neverLate = {
  DependencyTimeoutException: 'A SoftHSM token is never late; documented-stores.test.ts plays one that is.',
};
/** Of keys that are always in the vault. */
export const alwaysThere = {
  KeyUnavailableException: 'Keys of these specs are never in a key store, so their material is always there.',
};
export const insideUse = { ...inside, ...alwaysThere };
export const everyState = { KMSInvalidStateException: 'Answered in every key state, as the guide’s table has it.' };
