import { rootArn } from '../../../shared/iam/arn.ts';

/** The trust policy of a role that `principalArn` may take on. */
export const trustPolicy = (principalArn: string): string =>
  JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: principalArn }, Action: 'sts:AssumeRole' }],
    },
    null,
    2,
  );

/** Trusts the account: then its users' own policies say who. */
export const trustAccount = (accountId: string): string => trustPolicy(rootArn(accountId));

/** Hours a role's sessions may last. */
export const sessionHours = { min: 1, max: 12 };
