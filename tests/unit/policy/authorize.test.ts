import { expect, it } from 'vitest';
import { authorize } from '../../../src/main/policy/authorize.ts';
import { KmsError } from '../../../src/shared/kms/errors.ts';

const request = {
  action: 'kms:Encrypt',
  resource: 'arn:aws:kms:eu-central-1:111122223333:key/x',
  resourceAccountId: '111122223333',
};

it('allows the root principal of the resource’s account', () => {
  expect(authorize({ ...request, principalArn: 'arn:aws:iam::111122223333:root' })).toBeUndefined();
});

it('refuses everyone else, and says who may not do what', () => {
  for (const principalArn of [
    'arn:aws:iam::444455556666:root',
    'arn:aws:iam::111122223333:user/root',
    'arn:aws:iam::111122223333:root/x',
    'arn:aws:iam::111122223333:Root',
    'arn:aws-cn:iam::111122223333:root',
    'arn:aws:sts::111122223333:assumed-role/root/x',
    ' arn:aws:iam::111122223333:root',
    '111122223333',
    'root',
    '*',
    '',
  ]) {
    const attempt = () => authorize({ ...request, principalArn });
    expect(attempt).toThrow(KmsError);
    expect(attempt).toThrow(
      `User: ${principalArn} is not authorized to perform: kms:Encrypt on resource: ${request.resource} because`,
    );
  }
});
