import { initial } from './0001-initial.ts';
import { grantsAndReplicas } from './0002-grants-replicas.ts';
import { principals } from './0003-principals.ts';
import { importedMaterial } from './0004-imported-material.ts';
import { keyStores } from './0005-key-stores.ts';
import { people } from './0006-people.ts';
import { fileHistory } from './0007-file-history.ts';
import type { Migration } from './migration.ts';

/** Every step of the schema, in order. Steps are never changed once released; a new one is added. */
export const migrations: readonly Migration[] = [
  initial,
  grantsAndReplicas,
  principals,
  importedMaterial,
  keyStores,
  people,
  fileHistory,
];
