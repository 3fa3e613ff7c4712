import { z } from 'zod';
import { role } from './roles.ts';
import { user } from './users.ts';

const policies = z.array(z.strictObject({ PolicyName: z.string(), PolicyDocument: z.string() }));
/** Coffer's own, so that one reading fills a list. */
const counts = { AccessKeys: z.number(), MFADevices: z.number() };

export const details = {
  /** All users and roles of the account with everything of theirs; members that are not AWS's are counts. */
  GetAccountAuthorizationDetails: {
    input: z.object({}),
    output: z.strictObject({
      AccountId: z.string(),
      Root: z.strictObject({ Arn: z.string(), ...counts }),
      UserDetailList: z.array(user.extend({ UserPolicyList: policies, ...counts })),
      RoleDetailList: z.array(role.extend({ RolePolicyList: policies, AccessKeys: z.number() })),
    }),
  },
};
