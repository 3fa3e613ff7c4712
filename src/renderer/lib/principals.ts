import { parseArn } from '../../shared/iam/arn.ts';

/** Who calls, as a person says it: `user ann`, `the root of account 111122223333`; of a session its role. */
export function principalWords(arn: string): string {
  const { resource = '', accountId = '' } = parseArn(arn) ?? {};
  if (resource === 'root') return `the root of account ${accountId}`;
  const [kind = '', ...path] = resource.split('/');
  const name = path.at(-1);
  if (name === undefined) return arn;
  if (kind === 'assumed-role') return `role ${path[0]}`;
  return kind === 'user' || kind === 'role' ? `${kind} ${name}` : arn;
}

/**
 * Whom a Principal element names, as told to a caller of the account `home`; there an account's root stands for the whole
 * account.
 */
export function namedWords(text: string, home: string): string {
  const account = /^(?:arn:aws:iam::)?(\d{12})(?::root)?$/.exec(text)?.[1];
  if (account) return `account ${account}`;
  if (text === '*') return 'everyone';
  const session = /:assumed-role\/[^/]+\/(.+)$/.exec(text)?.[1];
  const other = accountIdOf(text);
  return [
    principalWords(text),
    ...(session ? [`in its session ${session}`] : []),
    ...(other === home || other === '' ? [] : [`of account ${other}`]),
  ].join(' ');
}

/** The account a principal is of; '' for a service. */
export const accountIdOf = (arn: string): string => parseArn(arn)?.accountId ?? '';
