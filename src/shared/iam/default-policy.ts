import { rootArn } from './arn.ts';
import type { PolicyStatement } from './policy-document.ts';

/** The statement that lets a key's account do everything with it, which also lets the account's identity policies speak for it. */
export const accountStatement = (accountId: string) =>
  ({
    Sid: 'Enable IAM User Permissions',
    Effect: 'Allow',
    Principal: { AWS: rootArn(accountId) },
    Action: 'kms:*',
    Resource: '*',
  }) as const satisfies PolicyStatement;

/** The key policy a key gets when none is given: AWS's default for keys made through the API. */
export function defaultKeyPolicy(accountId: string): string {
  return JSON.stringify(
    { Version: '2012-10-17', Id: 'key-default-1', Statement: [accountStatement(accountId)] },
    null,
    2,
  );
}
