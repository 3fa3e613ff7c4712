import type { Row } from '../support/table.ts';
import { rows as encryption } from './encryption.ts';
import { rows as grants } from './grants.ts';
import { rows as imported } from './import.ts';
import { rows as keyPairs } from './key-pairs.ts';
import { rows as keys } from './keys.ts';
import { rows as names } from './names.ts';
import { rows as regions } from './regions.ts';
import { rows as rotation } from './rotation.ts';
import { rows as stores } from './stores.ts';

/** One row an operation of the API. */
export const rows: readonly Row[] = [
  ...keys,
  ...names,
  ...encryption,
  ...keyPairs,
  ...rotation,
  ...grants,
  ...regions,
  ...imported,
  ...stores,
];
