import type { IamOutput } from '../../../shared/iam/operations.ts';
import { iam } from '../../lib/api.ts';
import { useSession } from '../../lib/session.ts';
import { type Loaded, useLoad } from '../../lib/use-call.ts';
import type { PrincipalKind } from './looks.ts';

export type AccountDetails = IamOutput<'GetAccountAuthorizationDetails'>;
type Account = IamOutput<'ListAccounts'>['Accounts'][number];
export type IamTag = AccountDetails['UserDetailList'][number]['Tags'][number];
export type NamedPolicy = AccountDetails['UserDetailList'][number]['UserPolicyList'][number];

/** The root, a user or a role of an account, with everything of theirs. */
export interface Person {
  readonly kind: PrincipalKind;
  readonly accountId: string;
  readonly arn: string;
  /** `null` of a root. */
  readonly name: string | null;
  readonly id: string | null;
  readonly created: Date | null;
  readonly tags: readonly IamTag[];
  readonly policies: readonly NamedPolicy[];
  readonly accessKeys: number;
  readonly mfaDevices: number;
  /** Of a role: its trust policy, if it has one, and how long its sessions may last, in seconds. */
  readonly trust?: string | undefined;
  readonly maxSession?: number;
}

/** What each part of a person's page is given. */
export interface PartProps {
  readonly person: Person;
}

export interface AccountPeople {
  readonly accountId: string;
  readonly owner: boolean;
  /** KMS keys in the account, where that is known. */
  readonly keys?: number;
  /** The root first, then users, then roles. */
  readonly people: readonly Person[];
}

const byName = (a: Person, b: Person) => (a.name ?? '').localeCompare(b.name ?? '', 'en', { numeric: true });

export function peopleOf({ AccountId, Root, UserDetailList, RoleDetailList }: AccountDetails): Person[] {
  const root: Person = {
    kind: 'root',
    accountId: AccountId,
    arn: Root.Arn,
    name: null,
    id: null,
    created: null,
    tags: [],
    policies: [],
    accessKeys: Root.AccessKeys,
    mfaDevices: Root.MFADevices,
  };
  const users = UserDetailList.map(
    (user): Person => ({
      kind: 'user',
      accountId: AccountId,
      arn: user.Arn,
      name: user.UserName,
      id: user.UserId,
      created: user.CreateDate,
      tags: user.Tags,
      policies: user.UserPolicyList,
      accessKeys: user.AccessKeys,
      mfaDevices: user.MFADevices,
    }),
  );
  const roles = RoleDetailList.map(
    (role): Person => ({
      kind: 'role',
      accountId: AccountId,
      arn: role.Arn,
      name: role.RoleName,
      id: role.RoleId,
      created: role.CreateDate,
      tags: role.Tags,
      policies: role.RolePolicyList,
      accessKeys: role.AccessKeys,
      mfaDevices: 0,
      trust: role.AssumeRolePolicyDocument,
      maxSession: role.MaxSessionDuration,
    }),
  );
  return [root, ...users.sort(byName), ...roles.sort(byName)];
}

/** The vault's owner sees every account, as the root of each; anybody else sees their own. */
async function readAccounts(owner: boolean): Promise<AccountPeople[]> {
  if (!owner) {
    const details = await iam('GetAccountAuthorizationDetails', {});
    return [{ accountId: details.AccountId, owner: false, people: peopleOf(details) }];
  }
  const { Accounts } = await iam('ListAccounts', {});
  const details = await Promise.all(
    Accounts.map(({ AccountId }) => iam('GetAccountAuthorizationDetails', {}, AccountId)),
  );
  return details
    .map((each, index): AccountPeople => {
      const account = Accounts[index] as Account;
      return { accountId: account.AccountId, owner: account.Owner, keys: account.Keys, people: peopleOf(each) };
    })
    .sort((a, b) => Number(b.owner) - Number(a.owner) || a.accountId.localeCompare(b.accountId));
}

export function useAccounts(): Loaded<AccountPeople[]> {
  const principalArn = useSession((session) => session.principalArn);
  const owner = useSession((session) => session.acting?.owner);
  const key = owner === undefined ? null : `accounts ${principalArn}`;
  return useLoad(key, () => readAccounts(owner ?? false), ['people.changed']);
}

/** The account to name in a call about `accountId`: the vault's owner acts as the root of each, nobody else can. */
export const asRootOf = (accountId: string): string | undefined =>
  useSession.getState().acting?.owner ? accountId : undefined;

/** How IAM's operations name whose access keys or MFA devices are meant: the root by no name. */
export const ownerInput = ({ name }: Person): { UserName?: string } => (name === null ? {} : { UserName: name });

/** The path of a person's page. */
export const personPath = (arn: string, part?: string): string =>
  `/access/people?who=${encodeURIComponent(arn)}${part ? `&part=${part}` : ''}`;

/** Characters of a policy that count for IAM's limits: all but white space. */
export const policySize = (document: string): number => document.replace(/\s/g, '').length;
