import { describe } from 'vitest';
import { rows } from './rows/index.ts';
import { ACCOUNT } from './support/service.ts';
import { served, testDenied, testGood } from './support/suite.ts';

/** Every operation once more, by principals of different rights. */
describe('a user whose own policy allows everything', () => {
  const parts = served({}, (service) => service.client('max'), `arn:aws:iam::${ACCOUNT}:user/max`);
  testGood(rows, parts);
  parts.compareWithTrail();
});

describe('a session of a role whose policy allows everything', () => {
  const parts = served({}, (service) => service.session(), `arn:aws:iam::${ACCOUNT}:role/Operator`);
  testGood(rows, parts);
  parts.compareWithTrail();
});

describe('a user who is allowed everything but one operation is refused it:', () => {
  const parts = served();
  testDenied(rows, parts);
  parts.compareWithTrail();
});
