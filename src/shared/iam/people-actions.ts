/** IAM's actions that Coffer asks for, each by the operation of its name. */
const onPeople = [
  'CreateAccessKey',
  'DeactivateMFADevice',
  'DeleteAccessKey',
  'DeleteRole',
  'DeleteRolePolicy',
  'DeleteUser',
  'DeleteUserPolicy',
  'EnableMFADevice',
  'GetRole',
  'GetRolePolicy',
  'GetUser',
  'GetUserPolicy',
  'ListAccessKeys',
  'ListMFADevices',
  'ListRolePolicies',
  'ListRoleTags',
  'ListUserPolicies',
  'ListUserTags',
  'PutRolePolicy',
  'PutUserPolicy',
  'ResyncMFADevice',
  'TagRole',
  'TagUser',
  'UntagRole',
  'UntagUser',
  'UpdateAccessKey',
  'UpdateAssumeRolePolicy',
  'UpdateRole',
] as const;
const others = [
  'CreateRole',
  'CreateUser',
  'CreateVirtualMFADevice',
  'DeleteVirtualMFADevice',
  'GetAccountAuthorizationDetails',
  'ListRoles',
  'ListUsers',
  'ListVirtualMFADevices',
] as const;

const full = (service: 'iam' | 'sts', names: readonly string[]) => names.map((name) => `${service}:${name}`);

/** What a role's trust policy speaks of. */
export const trustActions: readonly string[] = ['sts:AssumeRole'];

/** Actions that are asked on a user or role that exists, with its tags. */
export const actionsOnPeople: readonly string[] = [...full('iam', onPeople), ...trustActions];

/**
 * Every action of IAM and STS that Coffer has, as `iam:CreateUser`. The last two of STS need no permission, as at AWS: policies may
 * name them all the same.
 */
export const peopleActions: readonly string[] = [
  ...full('iam', [...onPeople, ...others].sort()),
  ...trustActions,
  ...full('sts', ['GetCallerIdentity', 'GetSessionToken']),
];
