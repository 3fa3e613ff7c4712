import { rootArn } from '../../../shared/iam/arn.ts';
import { listPolicies } from '../policies.ts';
import { listPrincipals } from '../principals.ts';
import { type IamCall, type IamOperation, operation } from './operation.ts';
import { roleOf } from './roles.ts';
import { userOf } from './users.ts';

const policiesOf = ({ tx }: IamCall, row: number) =>
  listPolicies(tx, row).map(({ name, document }) => ({ PolicyName: name, PolicyDocument: document }));

export const detailOperations: readonly IamOperation[] = [
  operation<'GetAccountAuthorizationDetails'>({
    name: 'GetAccountAuthorizationDetails',
    readOnly: true,
    needs: () => ({ resource: '*' }),
    run(call) {
      const { tx, accessKeys, mfa } = call;
      const { accountId } = call.caller;
      const root = { accountId, principal: null };
      const all = (kind: 'user' | 'role') => listPrincipals(tx, accountId, kind);
      const keysOf = (owner: Parameters<typeof accessKeys.ofOwner>[1]) => accessKeys.ofOwner(tx, owner).length;
      return {
        AccountId: accountId,
        Root: { Arn: rootArn(accountId), AccessKeys: keysOf(root), MFADevices: mfa.ofOwner(tx, root).length },
        UserDetailList: all('user').map((principal) => ({
          ...userOf(principal),
          UserPolicyList: policiesOf(call, principal.row),
          AccessKeys: keysOf({ accountId, principal }),
          MFADevices: mfa.ofOwner(tx, { accountId, principal }).length,
        })),
        RoleDetailList: all('role').map((principal) => ({
          ...roleOf(principal),
          RolePolicyList: policiesOf(call, principal.row),
          AccessKeys: keysOf({ accountId, principal }),
        })),
      };
    },
    audit: { request: [] },
  }),
];
