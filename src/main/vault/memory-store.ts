import type { Environment } from '../environment.ts';
import { CommitQueue } from './commit-queue.ts';
import { Database } from './database.ts';
import { RootKey } from './keys.ts';
import { MaterialSealer } from './material.ts';
import { migrate } from './migrations/migrate.ts';
import type { Migration } from './migrations/migration.ts';
import type { Store } from './types.ts';

/** A vault in memory: the same database, transactions and sealing, and nothing on a disk. Gone when the process ends. */
export async function openMemoryStore(
  environment: Environment,
  migrations: readonly Migration[],
): Promise<Store & { lock(): Promise<void> }> {
  const id = '00000000-0000-4000-8000-000000000000';
  const root = new RootKey(environment.random.bytes(32), id);
  const db = await Database.open();
  const commits: (() => void)[] = [];
  const queue = new CommitQueue(
    db,
    async () => undefined,
    () => {
      for (const listener of commits) listener();
    },
  );
  const material = new MaterialSealer(root, environment.random);
  const listeners: (() => void)[] = [];
  const store: Store = {
    id,
    db,
    transact: (work) => queue.transact(work),
    sealMaterial: (keyId, materialId, bytes) => material.seal(keyId, materialId, bytes),
    openMaterial: (keyId, materialId, sealed) => material.open(keyId, materialId, sealed),
    deriveKey: (purpose) => root.derive(`store/${purpose}`),
    onCommit: (listener) => commits.push(listener),
    onLock: (listener) => listeners.push(listener),
  };
  await migrate(store, migrations);
  return {
    ...store,
    lock: async () => {
      await queue.close();
      for (const listener of listeners) listener();
      material.destroy();
      root.destroy();
      db.close();
    },
  };
}
