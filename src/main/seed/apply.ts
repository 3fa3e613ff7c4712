import { CofferError } from '../../shared/kms/errors.ts';
import { openMemoryStore } from '../vault/memory-store.ts';
import { migrations } from '../vault/migrations/index.ts';
import type { Store } from '../vault/types.ts';
import { readSettings } from '../vault-settings.ts';
import { materialOf, type SeedMaterial } from './material.ts';
import type { SeedFile } from './read.ts';
import { type GeneratedKey, type SeedParts, Sower } from './sower.ts';

export type { GeneratedKey, SeedParts } from './sower.ts';

const notEmpty = (why: string) => new CofferError('VaultNotEmpty', `${why} Nothing was changed.`);

/**
 * Whether the store was filled from this very seed before.
 * @throws CofferError `VaultNotEmpty` when it holds anything else: a seed never changes what is there.
 */
function wasSown({ db }: Store, { fingerprint }: SeedFile): boolean {
  const { seed } = readSettings(db);
  if (seed && !seed.done)
    throw notEmpty('An earlier seeding of this vault was cut off. Remove the vault and seed a new one.');
  if (seed?.fingerprint === fingerprint) return true;
  if (seed) throw notEmpty('This vault was filled from another seed. A seed is for a new or empty vault.');
  if (['keys', 'principals', 'access_keys'].some((table) => db.get(`SELECT 1 FROM ${table} LIMIT 1`)))
    throw notEmpty('This vault holds keys or access keys already. A seed is for a new or empty vault.');
  return false;
}

/** Every key's material, checked or made; by account. */
async function materialsOf(file: SeedFile, { environment }: SeedParts): Promise<SeedMaterial[][]> {
  const all: SeedMaterial[][] = [];
  for (const [a, { id, keys }] of file.seed.accounts.entries()) {
    const ofAccount: SeedMaterial[] = [];
    all.push(ofAccount);
    for (const [k, key] of keys.entries())
      try {
        ofAccount.push(await materialOf(id, key, environment.random));
      } catch (error) {
        if (!(error instanceof CofferError)) throw error;
        throw file.fault(['accounts', a, 'keys', k, 'material'], error.message);
      }
  }
  return all;
}

/** Carries the seed out in memory. `materials` are copied. */
async function sowInMemory(file: SeedFile, materials: readonly SeedMaterial[][], parts: SeedParts): Promise<void> {
  const trial = await openMemoryStore(parts.environment, migrations);
  try {
    const copies = materials.map((list) =>
      list.map((material) => ({ ...material, bytes: new Uint8Array(material.bytes) })),
    );
    await new Sower(trial, file, parts).sow(copies);
  } finally {
    await trial.lock();
  }
}

/** Tries a seed without a store, so that none is made for one with a fault. @throws CofferError `SeedInvalid` */
export async function trySeed(file: SeedFile, parts: SeedParts): Promise<void> {
  const materials = await materialsOf(file, parts);
  await sowInMemory(file, materials, parts);
  for (const { bytes } of materials.flat()) bytes.fill(0);
}

/**
 * Fills a new or empty store from a seed. The whole seed is tried in memory first, so that one with a fault changes nothing.
 * Resolves to the access keys that were generated, or to `undefined` when the store was filled from this seed before, which
 * changes nothing either.
 * @throws CofferError `SeedInvalid`, `VaultNotEmpty`, `VaultWriteError`
 */
export async function applySeed(store: Store, file: SeedFile, parts: SeedParts): Promise<GeneratedKey[] | undefined> {
  if (wasSown(store, file)) return undefined;
  const materials = await materialsOf(file, parts);
  try {
    await sowInMemory(file, materials, parts);
    return await new Sower(store, file, parts).sow(materials);
  } finally {
    for (const { bytes } of materials.flat()) bytes.fill(0);
  }
}
