import { roleArn } from '../../../shared/iam/arn.ts';
import { insertPrincipal, listPrincipals, type PrincipalRecord, principalArn } from '../principals.ts';
import { checkTrust } from '../trust.ts';
import { mergedTags } from './common.ts';
import { type IamOperation, onPrincipal, operation, requirePrincipal, tagListOf, tagsOf } from './operation.ts';
import { removePrincipal } from './removal.ts';

export const roleOf = (role: PrincipalRecord) => ({
  RoleName: role.name,
  RoleId: role.uniqueId,
  Arn: principalArn(role),
  Path: role.path,
  CreateDate: new Date(role.createdAt),
  ...(role.trust === null ? {} : { AssumeRolePolicyDocument: role.trust }),
  MaxSessionDuration: role.maxSessionSeconds,
  Tags: tagListOf(role.tags),
});

export const roleOperations: readonly IamOperation[] = [
  operation<'CreateRole'>({
    name: 'CreateRole',
    readOnly: false,
    needs: ({ caller }, { RoleName, Path = '/', Tags }) => ({
      resource: roleArn(caller.accountId, Path, RoleName),
      requestTags: Tags && tagsOf(Tags),
    }),
    run({ tx, caller, environment, now }, input) {
      const {
        RoleName: name,
        Path: path = '/',
        AssumeRolePolicyDocument: trust,
        MaxSessionDuration,
        Tags = [],
      } = input;
      checkTrust(trust);
      const wish = {
        accountId: caller.accountId,
        kind: 'role',
        name,
        path,
        trust,
        tags: mergedTags({}, Tags),
      } as const;
      const session = MaxSessionDuration === undefined ? {} : { maxSessionSeconds: MaxSessionDuration };
      return { Role: roleOf(insertPrincipal(tx, { ...wish, ...session }, environment.random, now)) };
    },
    audit: {
      request: ['RoleName', 'Path', 'AssumeRolePolicyDocument', 'MaxSessionDuration', 'Tags'],
      response: ({ Role: { RoleName, RoleId, Arn, Path } }) => ({
        role: { path: Path, roleName: RoleName, roleId: RoleId, arn: Arn },
      }),
    },
  }),
  operation<'GetRole'>({
    name: 'GetRole',
    readOnly: true,
    needs: (call, { RoleName }) => onPrincipal(call, 'role', RoleName),
    run: (call, { RoleName }) => ({ Role: roleOf(requirePrincipal(call, 'role', RoleName)) }),
    audit: { request: ['RoleName'] },
  }),
  operation<'ListRoles'>({
    name: 'ListRoles',
    readOnly: true,
    needs: ({ caller }, { PathPrefix = '/' }) => ({ resource: roleArn(caller.accountId, PathPrefix, '') }),
    run: ({ tx, caller }, { PathPrefix = '/' }) => ({
      Roles: listPrincipals(tx, caller.accountId, 'role', PathPrefix).map(roleOf),
    }),
    audit: { request: ['PathPrefix'] },
  }),
  operation<'DeleteRole'>({
    name: 'DeleteRole',
    readOnly: false,
    needs: (call, { RoleName }) => onPrincipal(call, 'role', RoleName),
    run: (call, { RoleName, Force }) => removePrincipal(call, requirePrincipal(call, 'role', RoleName), Force),
    audit: { request: ['RoleName', 'Force'] },
  }),
  operation<'UpdateRole'>({
    name: 'UpdateRole',
    readOnly: false,
    needs: (call, { RoleName }) => onPrincipal(call, 'role', RoleName),
    run(call, { RoleName, MaxSessionDuration }) {
      const { row } = requirePrincipal(call, 'role', RoleName);
      if (MaxSessionDuration !== undefined)
        call.tx.run('UPDATE principals SET max_session_seconds = ? WHERE row = ?', [MaxSessionDuration, row]);
      return {};
    },
    audit: { request: ['RoleName', 'MaxSessionDuration'] },
  }),
  operation<'UpdateAssumeRolePolicy'>({
    name: 'UpdateAssumeRolePolicy',
    readOnly: false,
    needs: (call, { RoleName }) => onPrincipal(call, 'role', RoleName),
    run(call, { RoleName, PolicyDocument }) {
      const { row } = requirePrincipal(call, 'role', RoleName);
      checkTrust(PolicyDocument);
      call.tx.run('UPDATE principals SET trust = ? WHERE row = ?', [PolicyDocument, row]);
      return {};
    },
    audit: { request: ['RoleName', 'PolicyDocument'] },
  }),
];
