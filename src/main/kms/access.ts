import { keyActionNames } from '../../shared/iam/actions.ts';
import { assumedRoleArn, parseArn, principalName, rootArn } from '../../shared/iam/arn.ts';
import { listOf, type PolicyDocument } from '../../shared/iam/policy-document.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import type { OperationOutput } from '../../shared/kms/operations.ts';
import type { Reach } from '../../shared/kms/schemas/access.ts';
import { accountIds } from '../access/accounts.ts';
import type { Standing } from '../access/identity-policies.ts';
import { namedByArn, principalArn } from '../access/principals.ts';
import { possible, promised } from '../policy/certainty.ts';
import { compilePolicy } from '../policy/compile.ts';
import { parsePolicy } from '../policy/document.ts';
import { accountOf, isPrincipalArn, isServicePrincipal } from '../policy/principals.ts';
import type { Transaction } from '../vault/types.ts';
import { type Asker, decideFor } from './authorize.ts';
import { byKeyIdOrAlias } from './find.ts';
import { compileKeyPolicy, keyPolicyDocument, policyOf } from './key-policies.ts';
import type { KeyRecord } from './key-rows.ts';
import { type Context, onKey, type Parsed } from './operation.ts';

/** The name of a session that is only imagined. */
const SESSION = 'simulated';

/** Whoever acts as a role is a session of it. */
function actingAs(arn: string): string {
  const role = arn.startsWith('arn:aws:iam:') ? namedByArn(arn) : null;
  return role?.kind === 'role' ? assumedRoleArn(role.accountId, role.name, SESSION) : arn;
}

/** Somebody as a caller from this computer. @throws KmsError `InvalidArnException` for what is no principal. */
function askerOf({ tx, identities, caller }: Context, principal: string, key: KeyRecord): Asker {
  const accountOnly = accountOf(principal);
  const arn = actingAs(accountOnly === undefined ? principal : rootArn(accountOnly));
  if (!isPrincipalArn(arn) && !isServicePrincipal(arn))
    throw new KmsError('InvalidArnException', `ARN does not refer to a valid principal: ${principal}`);
  const standing = identities.of(tx, arn);
  return {
    standing,
    facts: {
      principalArn: arn,
      accountId: parseArn(arn)?.accountId ?? key.accountId,
      region: key.region,
      sourceIp: caller.sourceIp,
      userAgent: caller.userAgent,
      tags: standing.tags,
    },
  };
}

const simulateAccess = onKey({
  name: 'SimulateAccess',
  source: 'coffer.local',
  action: 'GetKeyPolicy',
  readOnly: true,
  find: byKeyIdOrAlias,
  run(context, input, key): OperationOutput<'SimulateAccess'> {
    const { now } = context;
    const asker = askerOf(context, input.PrincipalArn, key);
    const { MultiFactorAuthPresent: mfa, SourceIp, ViaService } = input;
    const facts = {
      ...asker.facts,
      ...(SourceIp === undefined ? {} : { sourceIp: SourceIp }),
      ...(ViaService === undefined ? {} : { viaService: ViaService }),
      // Only credentials that end say anything about a second factor.
      ...(mfa === undefined ? {} : { tokenIssuedAt: now, ...(mfa ? { mfaAt: now } : {}) }),
    };
    const keyPolicy = input.Policy === undefined ? undefined : compileKeyPolicy(parsePolicy(input.Policy));
    const entries = Object.entries(input.ContextEntries ?? {});
    const values = new Map(entries.map(([name, texts]) => [name.toLowerCase(), texts]));
    const Decisions = input.ActionNames.map((action) => {
      const target = { key, action, encryptionContext: input.EncryptionContext };
      const asking = { operation: { source: 'kms.amazonaws.com' as const }, input, targets: [target] };
      return decideFor(context, { ...asker, facts }, asking, target, { keyPolicy, values });
    });
    return { Decisions };
  },
  audit: {
    request: [
      'KeyId',
      'PrincipalArn',
      'ActionNames',
      'EncryptionContext',
      'MultiFactorAuthPresent',
      'ViaService',
      'SourceIp',
      'ContextEntries',
    ],
  },
});

type Listed = Omit<OperationOutput<'ListKeyAccess'>['Principals'][number], 'Reaches'>;

/** The roots of the accounts, then users and roles, by account and name. */
function knownPrincipals(tx: Transaction): Listed[] {
  const people = tx.all<Parameters<typeof principalArn>[0]>(
    'SELECT account_id AS accountId, kind, name, path FROM principals ORDER BY account_id, kind DESC, name',
  );
  return [
    ...accountIds(tx).map((id) => ({ PrincipalArn: rootArn(id), Kind: 'root' as const, AccountId: id })),
    ...people.map((person) => ({
      PrincipalArn: principalArn(person),
      Kind: person.kind,
      AccountId: person.accountId,
    })),
  ];
}

/** Whom a policy and the grants name, by the names that are compared. */
function namedBy(tx: Transaction, key: KeyRecord, { Statement }: PolicyDocument): string[] {
  const inPolicy = Statement.flatMap(({ Principal }) => {
    if (Principal === undefined || Principal === '*') return [];
    const accounts = listOf(Principal.AWS).map((text) => {
      const account = accountOf(text);
      return account === undefined ? principalName(text) : rootArn(account);
    });
    return [...accounts, ...listOf(Principal.Service)].filter((text) => text !== '*');
  });
  const grantees = tx.all<{ grantee: string }>('SELECT DISTINCT grantee FROM grants WHERE key_row = ?', [key.row]);
  return [...inPolicy, ...grantees.map(({ grantee }) => grantee)];
}

function principalsOf({ tx }: Context, key: KeyRecord, policy: PolicyDocument): Listed[] {
  const known = knownPrincipals(tx);
  const names = new Set(known.map(({ PrincipalArn }) => principalName(PrincipalArn)));
  const others = [...new Set(namedBy(tx, key, policy))].filter((name) => !names.has(name)).sort();
  return [
    ...known,
    ...others.map((name) => ({
      PrincipalArn: name,
      Kind: isServicePrincipal(name) ? ('service' as const) : ('other' as const),
      AccountId: parseArn(name)?.accountId ?? '',
    })),
  ];
}

type Variant = (policy: PolicyDocument) => PolicyDocument;

function standingUnder({ documents, tags }: Standing, variant: Variant): Standing {
  const policies = documents.map(({ name, document }) => compilePolicy(variant(document), 'identity', name));
  return { documents, policies, tags };
}

function reachesOf(context: Context, key: KeyRecord, policy: PolicyDocument, actions: readonly string[]) {
  const variants = [promised, possible].map((variant) => ({ variant, keyPolicy: compileKeyPolicy(variant(policy)) }));
  return (principal: string): Reach[] => {
    const { facts, standing } = askerOf(context, principal, key);
    const [sure, maybe] = variants.map(({ variant, keyPolicy }) => {
      const asker = { facts, standing: standingUnder(standing, variant) };
      return (action: string) => {
        const target = { key, action };
        const asking = { operation: { source: 'kms.amazonaws.com' as const }, input: {}, targets: [target] };
        return decideFor(context, asker, asking, target, { keyPolicy });
      };
    });
    return actions.map((action) => {
      if (sure?.(action).allowed) return 'always';
      const { allowed, reason, grants } = maybe?.(action) ?? {};
      if (allowed) return 'conditional';
      // A grant whose constraint this imagined call does not meet.
      const granted = reason !== 'explicit deny' && grants?.some(({ miss }) => miss !== 'Operations');
      return granted ? 'conditional' : 'never';
    });
  };
}

const listKeyAccess = onKey({
  name: 'ListKeyAccess',
  source: 'coffer.local',
  action: 'GetKeyPolicy',
  readOnly: true,
  find: byKeyIdOrAlias,
  run(context, { ActionNames, Policy }: Parsed<'ListKeyAccess'>, key) {
    const policy =
      Policy === undefined ? keyPolicyDocument(policyOf(context.tx, key), key.accountId) : parsePolicy(Policy);
    const actions = ActionNames ?? [...keyActionNames];
    const reaches = reachesOf(context, key, policy, actions);
    const Principals = principalsOf(context, key, policy).map((listed) => ({
      ...listed,
      Reaches: reaches(listed.PrincipalArn),
    }));
    return { ActionNames: actions, Principals };
  },
  audit: { request: ['KeyId', 'ActionNames'] },
});

export const accessOperations = [simulateAccess, listKeyAccess];
