import { z } from 'zod';
import { document, name, nothing, path, policyName, sessionSeconds, tagKeys, tagList, tags } from './members.ts';

export const role = z.strictObject({
  RoleName: z.string(),
  RoleId: z.string(),
  Arn: z.string(),
  Path: z.string(),
  CreateDate: z.date(),
  /** Missing of a role that a seed made without: nobody can assume it. */
  AssumeRolePolicyDocument: z.string().optional(),
  /** Seconds. */
  MaxSessionDuration: z.number(),
  Tags: tagList,
});

export const roles = {
  CreateRole: {
    input: z.object({
      RoleName: name,
      Path: path.optional(),
      AssumeRolePolicyDocument: document,
      MaxSessionDuration: sessionSeconds.optional(),
      Tags: tags.optional(),
    }),
    output: z.strictObject({ Role: role }),
  },
  GetRole: { input: z.object({ RoleName: name }), output: z.strictObject({ Role: role }) },
  ListRoles: { input: z.object({ PathPrefix: path.optional() }), output: z.strictObject({ Roles: z.array(role) }) },
  /** As DeleteUser: `Force` removes policies and access keys of seeds as well. */
  DeleteRole: { input: z.object({ RoleName: name, Force: z.boolean().optional() }), output: nothing },
  UpdateRole: { input: z.object({ RoleName: name, MaxSessionDuration: sessionSeconds.optional() }), output: nothing },
  UpdateAssumeRolePolicy: { input: z.object({ RoleName: name, PolicyDocument: document }), output: nothing },
  TagRole: { input: z.object({ RoleName: name, Tags: tags }), output: nothing },
  UntagRole: { input: z.object({ RoleName: name, TagKeys: tagKeys }), output: nothing },
  ListRoleTags: { input: z.object({ RoleName: name }), output: z.strictObject({ Tags: tagList }) },
  PutRolePolicy: {
    input: z.object({ RoleName: name, PolicyName: policyName, PolicyDocument: document }),
    output: nothing,
  },
  GetRolePolicy: {
    input: z.object({ RoleName: name, PolicyName: policyName }),
    output: z.strictObject({ RoleName: z.string(), PolicyName: z.string(), PolicyDocument: z.string() }),
  },
  DeleteRolePolicy: { input: z.object({ RoleName: name, PolicyName: policyName }), output: nothing },
  ListRolePolicies: {
    input: z.object({ RoleName: name }),
    output: z.strictObject({ PolicyNames: z.array(z.string()) }),
  },
};
