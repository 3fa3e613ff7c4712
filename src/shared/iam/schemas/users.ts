import { z } from 'zod';
import { document, name, nothing, path, policyName, tagKeys, tagList, tags } from './members.ts';

export const user = z.strictObject({
  UserName: z.string(),
  UserId: z.string(),
  Arn: z.string(),
  Path: z.string(),
  CreateDate: z.date(),
  Tags: tagList,
});

export const users = {
  CreateUser: {
    input: z.object({ UserName: name, Path: path.optional(), Tags: tags.optional() }),
    output: z.strictObject({ User: user }),
  },
  /** The caller when no name is given. */
  GetUser: { input: z.object({ UserName: name.optional() }), output: z.strictObject({ User: user }) },
  ListUsers: { input: z.object({ PathPrefix: path.optional() }), output: z.strictObject({ Users: z.array(user) }) },
  /**
   * Refused with `DeleteConflictException` while the user has access keys, policies or MFA devices (`details.inTheWay` names
   * them). `Force` is Coffer's own: it removes them as well.
   */
  DeleteUser: { input: z.object({ UserName: name, Force: z.boolean().optional() }), output: nothing },
  TagUser: { input: z.object({ UserName: name, Tags: tags }), output: nothing },
  UntagUser: { input: z.object({ UserName: name, TagKeys: tagKeys }), output: nothing },
  ListUserTags: { input: z.object({ UserName: name }), output: z.strictObject({ Tags: tagList }) },
  PutUserPolicy: {
    input: z.object({ UserName: name, PolicyName: policyName, PolicyDocument: document }),
    output: nothing,
  },
  /** The document is JSON text as it was put; AWS encodes it for URLs on the wire. */
  GetUserPolicy: {
    input: z.object({ UserName: name, PolicyName: policyName }),
    output: z.strictObject({ UserName: z.string(), PolicyName: z.string(), PolicyDocument: z.string() }),
  },
  DeleteUserPolicy: { input: z.object({ UserName: name, PolicyName: policyName }), output: nothing },
  ListUserPolicies: {
    input: z.object({ UserName: name }),
    output: z.strictObject({ PolicyNames: z.array(z.string()) }),
  },
};
