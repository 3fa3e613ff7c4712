import { rows as encryption } from './rows/encryption.ts';
import { rows as grants } from './rows/grants.ts';
import { rows as imports } from './rows/import.ts';
import { rows as keyPairs } from './rows/key-pairs.ts';
import { rows as keys } from './rows/keys.ts';
import { rows as names } from './rows/names.ts';
import { rows as regions } from './rows/regions.ts';
import { rows as rotation } from './rows/rotation.ts';
import { rows as stores } from './rows/stores.ts';
import { served, testRows } from './support/suite.ts';

const parts = served();
testRows(
  [...encryption, ...grants, ...imports, ...keyPairs, ...keys, ...names, ...regions, ...rotation, ...stores],
  parts,
);
parts.compareWithTrail();
