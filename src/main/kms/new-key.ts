import type { KeySpec } from '../../shared/kms/enums.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { specs } from '../../shared/kms/specs.ts';
import { type KeyPairSpec, keyPairs } from '../crypto/key-pairs.ts';
import { macBytes } from '../crypto/mac.ts';
import type { Random } from '../environment.ts';
import { type KeyRecord, keyById } from './key-rows.ts';
import { SYMMETRIC_BYTES } from './materials.ts';
import type { Context } from './operation.ts';

/** Counts a new key against the Region's quota. The count is kept, so that it costs the same with any number of keys. */
export function countKey({ tx, caller, keysPerRegion }: Context, region: string): void {
  const place = [caller.accountId, region];
  tx.run('INSERT INTO key_counts (account_id, region, count) VALUES (?, ?, 0) ON CONFLICT DO NOTHING', place);
  const changed = tx.run('UPDATE key_counts SET count = count + 1 WHERE account_id = ? AND region = ? AND count < ?', [
    ...place,
    keysPerRegion,
  ]);
  if (changed === 0)
    throw new KmsError(
      'LimitExceededException',
      `The account has ${keysPerRegion} KMS keys in this Region, the most it may have.`,
    );
}

/**
 * The first material of a key: 32 bytes for symmetric encryption, as long as the hash for HMAC, PKCS #8 DER for a key pair.
 * RSA takes seconds, on a thread of its own.
 */
export async function generateMaterial(spec: KeySpec, random: Random): Promise<Uint8Array> {
  if (spec === 'SYMMETRIC_DEFAULT') return random.bytes(SYMMETRIC_BYTES);
  const algorithm = specs[spec].mac?.[0];
  return algorithm ? random.bytes(macBytes(algorithm)) : keyPairs[spec as KeyPairSpec].generate(random);
}

/** Makes the line of a new key whose material is not here: yet to be imported, or named `materialId` where it is. */
export function makeEmptyLine({ tx, caller }: Context, keyId: string, materialId = ''): void {
  tx.run('INSERT INTO key_lines (account_id, key_id, current_material) VALUES (?, ?, ?)', [
    caller.accountId,
    keyId,
    materialId,
  ]);
}

/** Makes the line of a new key with its first material, which is overwritten: what its replicas will share. */
export function makeLine(
  context: Context,
  keyId: string,
  bytes: Uint8Array,
  materialId = context.materials.newId(),
): void {
  const { tx, caller, materials, now } = context;
  makeEmptyLine(context, keyId, materialId);
  materials.add(tx, { accountId: caller.accountId, keyId }, 0, 'CREATED', now, bytes, materialId);
}

export interface NewKey
  extends Pick<KeyRecord, 'region' | 'keyId' | 'description' | 'spec' | 'usage' | 'origin' | 'state'> {
  readonly policy: string;
  readonly manager?: KeyRecord['manager'];
  readonly multiRegion?: KeyRecord['multiRegion'];
  readonly service?: string;
  /** Of a key whose material is in a custom key store. */
  readonly keyStore?: string;
  readonly backing?: string;
}

/** Writes the row of a new key of the caller's account, whose line exists. */
export function insertKey({ tx, caller, now }: Context, key: NewKey): KeyRecord {
  tx.run(
    `INSERT INTO keys (account_id, region, key_id, description, spec, usage, origin, manager, state, multi_region, service,
       key_store, backing, created_at, policy) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      caller.accountId,
      key.region,
      key.keyId,
      key.description,
      key.spec,
      key.usage,
      key.origin,
      key.manager ?? 'CUSTOMER',
      key.state,
      key.multiRegion ?? null,
      key.service ?? null,
      key.keyStore ?? null,
      key.backing ?? null,
      now,
      key.policy,
    ],
  );
  return keyById(tx, caller.accountId, key.region, key.keyId) as KeyRecord;
}
