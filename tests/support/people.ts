import { randomBytes } from 'node:crypto';
import { insertPrincipal } from '../../src/main/access/principals.ts';
import type { Store } from '../../src/main/vault/types.ts';
import { ACCOUNT } from './engine.ts';

/** A second account of test vaults. */
export const OTHER = '444455556666';

/** Callers by name, for the engine's tests. */
export const asUser = (name: string, accountId = ACCOUNT) => ({
  principalArn: `arn:aws:iam::${accountId}:user/${name}`,
  accountId,
});
export const asRoot = (accountId: string) => ({ principalArn: `arn:aws:iam::${accountId}:root`, accountId });
export const asSession = (role: string, accountId = ACCOUNT) => ({
  principalArn: `arn:aws:sts::${accountId}:assumed-role/${role}/now`,
  accountId,
});

/** A policy document of these statements. */
export const policyOf = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
export const allow = (Action: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
});
export const deny = (Action: string | string[], more: object = {}) => ({ ...allow(Action, more), Effect: 'Deny' });

/** Makes the second account, the users ann and bob (of the second account), and the role Reader. */
export const addPeople = (store: Store) =>
  store.transact((tx) => {
    tx.run('INSERT INTO accounts (account_id, created_at) VALUES (?, 1)', [OTHER]);
    for (const [accountId, kind, name, path] of [
      [ACCOUNT, 'user', 'ann', '/'],
      [ACCOUNT, 'role', 'Reader', '/teams/'],
      [OTHER, 'user', 'bob', '/'],
    ] as const)
      insertPrincipal(
        tx,
        { accountId, kind, name, path },
        { bytes: (length) => new Uint8Array(randomBytes(length)) },
        0,
      );
  });

/** Gives a user or role one identity policy, in place of the one it had so. */
export const attach = (store: Store, name: string, document: string) =>
  store.transact((tx) =>
    tx.run(
      `INSERT INTO identity_policies SELECT row, 'p', ? FROM principals WHERE name = ?
       ON CONFLICT (principal, name) DO UPDATE SET document = excluded.document`,
      [document, name],
    ),
  );
