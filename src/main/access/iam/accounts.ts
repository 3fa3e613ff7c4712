import { rootArn } from '../../../shared/iam/arn.ts';
import { KmsError } from '../../../shared/kms/errors.ts';
import { newAccountId } from '../accounts.ts';
import { type IamOperation, operation } from './operation.ts';
import { refuseConflict } from './removal.ts';

interface AccountRow {
  readonly AccountId: string;
  readonly createdAt: number;
  readonly Keys: number;
  readonly Users: number;
  readonly Roles: number;
}

const LIST = `SELECT account_id AS AccountId, created_at AS createdAt,
  (SELECT count(*) FROM keys k WHERE k.account_id = a.account_id AND k.manager = 'CUSTOMER') AS Keys,
  (SELECT count(*) FROM principals p WHERE p.account_id = a.account_id AND p.kind = 'user') AS Users,
  (SELECT count(*) FROM principals p WHERE p.account_id = a.account_id AND p.kind = 'role') AS Roles
  FROM accounts a ORDER BY created_at, account_id`;

/** What an account has, by the words of a refusal. */
const CONTENT: Readonly<Record<string, string>> = {
  keys: 'SELECT count(*) AS n FROM key_lines WHERE account_id = ?',
  'users and roles': 'SELECT count(*) AS n FROM principals WHERE account_id = ?',
  'access keys': 'SELECT count(*) AS n FROM access_keys WHERE account_id = ?',
  'MFA devices': 'SELECT count(*) AS n FROM mfa_devices WHERE account_id = ?',
  'key stores': 'SELECT count(*) AS n FROM key_stores WHERE account_id = ?',
};

const needs = () => ({ resource: '*' });

/** The vault owner's alone: `people.ts` refuses them to everyone else. */
export const accountOperations: readonly IamOperation[] = [
  operation<'CreateAccount'>({
    name: 'CreateAccount',
    readOnly: false,
    needs,
    run({ tx, environment, now }, { AccountId = newAccountId(environment.random) }) {
      const made = tx.run('INSERT INTO accounts (account_id, created_at) VALUES (?, ?) ON CONFLICT DO NOTHING', [
        AccountId,
        now,
      ]);
      if (made === 0) throw new KmsError('EntityAlreadyExistsException', `Account ${AccountId} already exists.`);
      return { AccountId };
    },
    audit: { request: ['AccountId'], response: ({ AccountId }) => ({ accountId: AccountId }) },
  }),
  operation<'ListAccounts'>({
    name: 'ListAccounts',
    readOnly: true,
    needs,
    run: ({ tx, ownerAccount }) => ({
      Accounts: tx.all<AccountRow>(LIST).map(({ createdAt, ...row }) => ({
        ...row,
        Arn: rootArn(row.AccountId),
        CreateDate: new Date(createdAt),
        Owner: row.AccountId === ownerAccount,
      })),
    }),
    audit: { request: [] },
  }),
  operation<'DeleteAccount'>({
    name: 'DeleteAccount',
    readOnly: false,
    needs,
    run({ tx, ownerAccount }, { AccountId }) {
      if (AccountId === ownerAccount)
        throw new KmsError('DeleteConflictException', "The account of the vault's owner stays.", { inTheWay: {} });
      const inTheWay = Object.entries(CONTENT).map(
        ([what, sql]) => [what, tx.get<{ n: number }>(sql, [AccountId])?.n ?? 0] as const,
      );
      refuseConflict(Object.fromEntries(inTheWay));
      tx.run('DELETE FROM key_counts WHERE account_id = ?', [AccountId]);
      if (tx.run('DELETE FROM accounts WHERE account_id = ?', [AccountId]) === 0)
        throw new KmsError('NoSuchEntityException', `Account ${AccountId} cannot be found.`);
      return {};
    },
    audit: { request: ['AccountId'] },
  }),
];
