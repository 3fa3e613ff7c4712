import type { KeyState } from '../../../../shared/kms/enums.ts';
import { kms } from '../../../lib/api.ts';
import { asCofferError, isWithheld } from '../../../lib/errors.ts';

/** One Region a multi-Region key is in. */
export interface Place {
  readonly region: string;
  readonly role: 'PRIMARY' | 'REPLICA';
  /** `null` where the acting principal may not see it. */
  readonly state: KeyState | null;
}

async function stateIn(keyId: string, region: string): Promise<KeyState | null> {
  try {
    return (await kms('DescribeKey', { KeyId: keyId }, region)).KeyMetadata.KeyState;
  } catch (error) {
    if (isWithheld(asCofferError(error))) return null;
    throw error;
  }
}

/** Every Region the key is in, the primary first, each with its own state. */
export async function placesOf(keyId: string, region: string): Promise<Place[]> {
  const { KeyMetadata } = await kms('DescribeKey', { KeyId: keyId }, region);
  const { PrimaryKey, ReplicaKeys = [] } = KeyMetadata.MultiRegionConfiguration ?? {};
  const places = [...(PrimaryKey ? [PrimaryKey] : []), ...ReplicaKeys];
  return Promise.all(
    places.map(async ({ Region }) => ({
      region: Region,
      role: Region === PrimaryKey?.Region ? 'PRIMARY' : 'REPLICA',
      state: Region === region ? KeyMetadata.KeyState : await stateIn(keyId, Region),
    })),
  );
}
