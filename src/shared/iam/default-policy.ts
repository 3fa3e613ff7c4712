import { rootArn } from './arn.ts';

/**
 * The key policy a key gets when none is given: its account may do everything with it, which also lets the account's
 * identity policies speak for the key. AWS's default for keys made through the API.
 */
export function defaultKeyPolicy(accountId: string): string {
  return JSON.stringify(
    {
      Version: '2012-10-17',
      Id: 'key-default-1',
      Statement: [
        {
          Sid: 'Enable IAM User Permissions',
          Effect: 'Allow',
          Principal: { AWS: rootArn(accountId) },
          Action: 'kms:*',
          Resource: '*',
        },
      ],
    },
    null,
    2,
  );
}
