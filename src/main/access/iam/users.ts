import { userArn } from '../../../shared/iam/arn.ts';
import { KmsError } from '../../../shared/kms/errors.ts';
import { insertPrincipal, listPrincipals, type PrincipalRecord, principalArn } from '../principals.ts';
import { mergedTags } from './common.ts';
import {
  type IamOperation,
  onPrincipal,
  onSubject,
  operation,
  requirePrincipal,
  subject,
  tagListOf,
  tagsOf,
} from './operation.ts';
import { removePrincipal } from './removal.ts';

export const userOf = (user: PrincipalRecord) => ({
  UserName: user.name,
  UserId: user.uniqueId,
  Arn: principalArn(user),
  Path: user.path,
  CreateDate: new Date(user.createdAt),
  Tags: tagListOf(user.tags),
});

export const userOperations: readonly IamOperation[] = [
  operation<'CreateUser'>({
    name: 'CreateUser',
    readOnly: false,
    needs: ({ caller }, { UserName, Path = '/', Tags }) => ({
      resource: userArn(caller.accountId, Path, UserName),
      requestTags: Tags && tagsOf(Tags),
    }),
    run({ tx, caller, environment, now }, { UserName, Path = '/', Tags = [] }) {
      const wish = { accountId: caller.accountId, kind: 'user', name: UserName, path: Path } as const;
      return {
        User: userOf(insertPrincipal(tx, { ...wish, tags: mergedTags({}, Tags) }, environment.random, now)),
      };
    },
    audit: {
      request: ['UserName', 'Path', 'Tags'],
      response: ({ User: { UserName, UserId, Arn, Path } }) => ({
        user: { path: Path, userName: UserName, userId: UserId, arn: Arn },
      }),
    },
  }),
  operation<'GetUser'>({
    name: 'GetUser',
    readOnly: true,
    needs: (call, { UserName }) => onSubject(call, UserName),
    run(call, { UserName }) {
      const { principal } = subject(call, UserName);
      if (!principal) throw new KmsError('ValidationException', 'The root is no user: name one.');
      return { User: userOf(requirePrincipal(call, 'user', principal.name)) };
    },
    audit: { request: ['UserName'] },
  }),
  operation<'ListUsers'>({
    name: 'ListUsers',
    readOnly: true,
    needs: ({ caller }, { PathPrefix = '/' }) => ({ resource: userArn(caller.accountId, PathPrefix, '') }),
    run: ({ tx, caller }, { PathPrefix = '/' }) => ({
      Users: listPrincipals(tx, caller.accountId, 'user', PathPrefix).map(userOf),
    }),
    audit: { request: ['PathPrefix'] },
  }),
  operation<'DeleteUser'>({
    name: 'DeleteUser',
    readOnly: false,
    needs: (call, { UserName }) => onPrincipal(call, 'user', UserName),
    run: (call, { UserName, Force }) => removePrincipal(call, requirePrincipal(call, 'user', UserName), Force),
    audit: { request: ['UserName', 'Force'] },
  }),
];
