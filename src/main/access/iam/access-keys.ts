import { iamLimits } from '../../../shared/iam/limits.ts';
import { KmsError } from '../../../shared/kms/errors.ts';
import type { AccessKeyInfo } from '../access-keys.ts';
import { type IamCall, type IamOperation, onSubject, operation, subject } from './operation.ts';

const nameOf = (principal: { readonly name: string } | null) => (principal ? { UserName: principal.name } : {});
const statusOf = (active: boolean) => (active ? ('Active' as const) : ('Inactive' as const));

/**
 * The access key of that id, of the user that was named or of the caller. The root reaches every key of its account by its id:
 * also those that a seed gave a role, for whom IAM has no name here.
 * @throws KmsError `NoSuchEntityException`
 */
function keyOf(call: IamCall, userName: string | undefined, id: string): AccessKeyInfo {
  const { tx, caller, accessKeys } = call;
  const key = accessKeys.find(tx, id);
  const { principal } = subject(call, userName);
  const whole = userName === undefined && principal === null;
  const own = whole || (key?.owner?.kind === 'user' && key.owner.name === principal?.name);
  if (key?.accountId !== caller.accountId || !own)
    throw new KmsError('NoSuchEntityException', `The Access Key with id ${id} cannot be found.`);
  return key;
}

export const accessKeyOperations: readonly IamOperation[] = [
  operation<'CreateAccessKey'>({
    name: 'CreateAccessKey',
    readOnly: false,
    needs: (call, { UserName }) => onSubject(call, UserName),
    run(call, { UserName }) {
      const { tx, accessKeys, now } = call;
      const owner = subject(call, UserName);
      const most = iamLimits.accessKeysPerUser;
      if (owner.principal && accessKeys.ofOwner(tx, owner).length >= most)
        throw new KmsError('LimitExceededException', `Cannot exceed quota for AccessKeysPerUser: ${most}`);
      const { accessKeyId, secretAccessKey } = accessKeys.insert(tx, owner);
      return {
        AccessKey: {
          ...nameOf(owner.principal),
          AccessKeyId: accessKeyId,
          Status: 'Active',
          SecretAccessKey: secretAccessKey,
          CreateDate: new Date(now),
        },
      };
    },
    audit: {
      request: ['UserName'],
      response: ({ AccessKey: { UserName, AccessKeyId, Status } }) => ({
        accessKey: { accessKeyId: AccessKeyId, status: Status, ...(UserName ? { userName: UserName } : {}) },
      }),
    },
  }),
  operation<'ListAccessKeys'>({
    name: 'ListAccessKeys',
    readOnly: true,
    needs: (call, { UserName }) => onSubject(call, UserName),
    run(call, { UserName }) {
      const owner = subject(call, UserName);
      return {
        AccessKeyMetadata: call.accessKeys.ofOwner(call.tx, owner).map((key) => ({
          ...nameOf(owner.principal),
          AccessKeyId: key.accessKeyId,
          Status: statusOf(key.active),
          CreateDate: new Date(key.createdAt),
          ...(key.lastUsed === null ? {} : { LastUsedDate: new Date(key.lastUsed) }),
        })),
      };
    },
    audit: { request: ['UserName'] },
  }),
  operation<'UpdateAccessKey'>({
    name: 'UpdateAccessKey',
    readOnly: false,
    needs: (call, { UserName }) => onSubject(call, UserName),
    run(call, { UserName, AccessKeyId, Status }) {
      keyOf(call, UserName, AccessKeyId);
      call.accessKeys.setActive(call.tx, AccessKeyId, Status === 'Active');
      return {};
    },
    audit: { request: ['UserName', 'AccessKeyId', 'Status'] },
  }),
  operation<'DeleteAccessKey'>({
    name: 'DeleteAccessKey',
    readOnly: false,
    needs: (call, { UserName }) => onSubject(call, UserName),
    run(call, { UserName, AccessKeyId }) {
      keyOf(call, UserName, AccessKeyId);
      call.accessKeys.remove(call.tx, AccessKeyId);
      return {};
    },
    audit: { request: ['UserName', 'AccessKeyId'] },
  }),
];
