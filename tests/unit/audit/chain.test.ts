import { expect, it } from 'vitest';
import { canonical, type TrailRecord } from '../../../src/main/audit/chain.ts';

const record: TrailRecord = {
  sequence: 7,
  time: 1_767_225_600_000,
  name: 'Encrypt',
  source: 'kms.amazonaws.com',
  principal: 'arn:aws:iam::111122223333:root',
  account: '111122223333',
  region: 'eu-central-1',
  ip: '127.0.0.1',
  agent: 'test',
  readOnly: true,
  resources: ['arn:aws:kms:eu-central-1:111122223333:key/x'],
  request: '{"keyId":"x"}',
  response: null,
  error: null,
  message: null,
  decision: null,
};

const BEFORE =
  '[7,1767225600000,"Encrypt","kms.amazonaws.com","arn:aws:iam::111122223333:root","111122223333","eu-central-1","127.0.0.1","test",true,["arn:aws:kms:eu-central-1:111122223333:key/x"],"{\\"keyId\\":\\"x\\"}",null,null,null]';

it('spells a record without a decision as before there were any, so that old trails verify', () => {
  expect(canonical(record)).toBe(BEFORE);
  expect(canonical({ ...record, decision: '[]' })).toBe(`${BEFORE.slice(0, -1)},"[]"]`);
});
