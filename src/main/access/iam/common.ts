import { iamLimits } from '../../../shared/iam/limits.ts';
import type { IamOperationName, IamOutput } from '../../../shared/iam/operations.ts';
import { KmsError } from '../../../shared/kms/errors.ts';
import type { Transaction } from '../../vault/types.ts';
import { listPolicies, putPolicy } from '../policies.ts';
import type { PrincipalRecord, PrincipalRow, Tags } from '../principals.ts';
import {
  type IamCall,
  type IamOperation,
  onPrincipal,
  operation,
  type Parsed,
  requirePrincipal,
  tagListOf,
  tagsOf,
} from './operation.ts';

/** An operation that users and roles have alike, on one that exists. */
interface Spec<Input> {
  readonly readOnly: boolean;
  readonly request: readonly string[];
  tags?(input: Input): Tags;
  run(call: IamCall, principal: PrincipalRecord, input: Input): object;
}

function on<N extends IamOperationName>(kind: PrincipalRow['kind'], name: N, spec: Spec<Parsed<N>>): IamOperation {
  const nameOf = (input: Parsed<N>) =>
    ('UserName' in input ? input.UserName : 'RoleName' in input ? input.RoleName : '') ?? '';
  return operation<N>({
    name,
    readOnly: spec.readOnly,
    needs: (call, input) => onPrincipal(call, kind, nameOf(input), spec.tags?.(input)),
    run: (call, input) => spec.run(call, requirePrincipal(call, kind, nameOf(input)), input) as IamOutput<N>,
    audit: { request: [kind === 'user' ? 'UserName' : 'RoleName', ...spec.request] as (keyof Parsed<N> & string)[] },
  });
}

/** A principal as answers about its policies name it. */
const named = ({ kind, name }: PrincipalRecord) => (kind === 'user' ? { UserName: name } : { RoleName: name });

const noSuchPolicy = ({ kind }: PrincipalRecord, name: string) =>
  new KmsError('NoSuchEntityException', `The ${kind} policy with name ${name} cannot be found.`);

const putting: Spec<{ readonly PolicyName: string; readonly PolicyDocument: string }> = {
  readOnly: false,
  request: ['PolicyName', 'PolicyDocument'],
  run({ tx }, principal, { PolicyName, PolicyDocument }) {
    putPolicy(tx, principal, { name: PolicyName, document: PolicyDocument });
    return {};
  },
};

const getting: Spec<{ readonly PolicyName: string }> = {
  readOnly: true,
  request: ['PolicyName'],
  run({ tx }, principal, { PolicyName }) {
    const policy = listPolicies(tx, principal.row).find(({ name }) => name === PolicyName);
    if (!policy) throw noSuchPolicy(principal, PolicyName);
    return { ...named(principal), PolicyName, PolicyDocument: policy.document };
  },
};

const deleting: Spec<{ readonly PolicyName: string }> = {
  readOnly: false,
  request: ['PolicyName'],
  run({ tx }, principal, { PolicyName }) {
    const gone = tx.run('DELETE FROM identity_policies WHERE principal = ? AND name = ?', [principal.row, PolicyName]);
    if (gone === 0) throw noSuchPolicy(principal, PolicyName);
    return {};
  },
};

const listing: Spec<object> = {
  readOnly: true,
  request: [],
  run: ({ tx }, { row }) => ({ PolicyNames: listPolicies(tx, row).map(({ name }) => name) }),
};

const invalidInput = (message: string) => new KmsError('InvalidInputException', message);

/**
 * Tags with others over them. Keys are the same whatever their case (IAM User Guide, "Tagging IAM resources").
 * @throws KmsError `InvalidInputException`, `LimitExceededException`
 */
export function mergedTags(old: Tags, list: readonly { readonly Key: string; readonly Value: string }[]): Tags {
  const keys = list.map(({ Key }) => Key.toLowerCase());
  if (new Set(keys).size < keys.length)
    throw invalidInput('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  if (keys.some((key) => key.startsWith('aws:'))) throw invalidInput('Tag keys beginning with aws: are reserved.');
  const kept = Object.entries(old).filter(([key]) => !keys.includes(key.toLowerCase()));
  const merged = { ...Object.fromEntries(kept), ...tagsOf(list) };
  if (Object.keys(merged).length > iamLimits.tags)
    throw new KmsError('LimitExceededException', 'The number of tags has reached the maximum limit.');
  return merged;
}

const writeTags = (tx: Transaction, { row }: PrincipalRow, tags: Tags) =>
  tx.run('UPDATE principals SET tags = ? WHERE row = ?', [JSON.stringify(tags), row]);

const tagging: Spec<{ readonly Tags: readonly { readonly Key: string; readonly Value: string }[] }> = {
  readOnly: false,
  request: ['Tags'],
  tags: ({ Tags }) => tagsOf(Tags),
  run({ tx }, principal, { Tags }) {
    writeTags(tx, principal, mergedTags(principal.tags, Tags));
    return {};
  },
};

const untagging: Spec<{ readonly TagKeys: readonly string[] }> = {
  readOnly: false,
  request: ['TagKeys'],
  // What conditions call aws:TagKeys.
  tags: ({ TagKeys }) => Object.fromEntries(TagKeys.map((key) => [key, ''])),
  run({ tx }, principal, { TagKeys }) {
    const gone = new Set(TagKeys.map((key) => key.toLowerCase()));
    const left = Object.entries(principal.tags).filter(([key]) => !gone.has(key.toLowerCase()));
    writeTags(tx, principal, Object.fromEntries(left));
    return {};
  },
};

const listingTags: Spec<object> = {
  readOnly: true,
  request: [],
  run: (_call, { tags }) => ({ Tags: tagListOf(tags) }),
};

export const commonOperations: readonly IamOperation[] = [
  on('user', 'PutUserPolicy', putting),
  on('user', 'GetUserPolicy', getting),
  on('user', 'DeleteUserPolicy', deleting),
  on('user', 'ListUserPolicies', listing),
  on('user', 'TagUser', tagging),
  on('user', 'UntagUser', untagging),
  on('user', 'ListUserTags', listingTags),
  on('role', 'PutRolePolicy', putting),
  on('role', 'GetRolePolicy', getting),
  on('role', 'DeleteRolePolicy', deleting),
  on('role', 'ListRolePolicies', listing),
  on('role', 'TagRole', tagging),
  on('role', 'UntagRole', untagging),
  on('role', 'ListRoleTags', listingTags),
];
