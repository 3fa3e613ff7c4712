import { rows } from './rows/index.ts';
import { served, testRows } from './support/suite.ts';

/** Every operation of AWS KMS, called by AWS's own SDK. */
const parts = served();
testRows(rows, parts);
parts.compareWithTrail();
