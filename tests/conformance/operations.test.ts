import { describe } from 'vitest';
import { rows } from './rows/index.ts';
import { testSpecs } from './support/specs.ts';
import { served, testRows } from './support/suite.ts';

/** Every operation of AWS KMS and every kind of key, called by AWS's own SDK. */
const parts = served();
testRows(rows, parts);
describe('key specs', () => testSpecs(parts));
parts.compareWithTrail();
