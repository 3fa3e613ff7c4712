import { parseArn, principalName, rootArn } from '../../shared/iam/arn.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { canBeGranted } from '../../shared/kms/grant-operations.ts';
import { limits } from '../../shared/kms/limits.ts';
import { toHex } from '../crypto/bytes.ts';
import type { GrantConstraints, GrantTerms } from '../policy/grants.ts';
import { isPrincipalArn, isServicePrincipal } from '../policy/principals.ts';
import { byKeyId } from './find.ts';
import {
  checkGrantId,
  countGrants,
  type GrantNames,
  type GrantRecord,
  grantById,
  grantOf,
  grantsNamed,
  grantsOn,
  grantsRetirableBy,
  noGrant,
} from './grant-rows.ts';
import { invalidToken } from './grant-tokens.ts';
import type { KeyRecord } from './key-rows.ts';
import { type Context, type Operation, onKey, type Parsed, type Target } from './operation.ts';
import { afterNumber, cutPage } from './paging.ts';

const ID_BYTES = 32;

const invalid = (message: string) => new KmsError('ValidationException', message);

/** At most (and where `required` exactly) one of a principal and a service principal, of a form there is. */
function checkParty(what: string, principal: string | undefined, service: string | undefined, required: boolean): void {
  if (principal !== undefined && service !== undefined)
    throw invalid(`Specify either ${what}Principal or ${what}ServicePrincipal, not both.`);
  if (required && principal === undefined && service === undefined)
    throw invalid(`Specify either ${what}Principal or ${what}ServicePrincipal.`);
  if (principal !== undefined && !isPrincipalArn(principal))
    throw new KmsError('InvalidArnException', `ARN does not refer to a valid principal: ${principal}`);
  if (service !== undefined && !isServicePrincipal(service))
    throw invalid(`${what}ServicePrincipal ${service} is not the name of a service.`);
}

/** Bounds on what a constraint says. @throws KmsError `ValidationException`, `LimitExceededException` */
function checkConstraints({ EncryptionContextSubset, EncryptionContextEquals }: GrantConstraints): void {
  if (EncryptionContextSubset && EncryptionContextEquals)
    throw invalid('Specify either EncryptionContextSubset or EncryptionContextEquals, not both.');
  const pairs = Object.entries(EncryptionContextSubset ?? EncryptionContextEquals ?? {});
  const characters = pairs.flat().reduce((sum, text) => sum + text.length, 0);
  if (pairs.length > limits.constraint.pairs || characters > limits.constraint.characters)
    throw new KmsError(
      'LimitExceededException',
      `A grant constraint may have ${limits.constraint.pairs} pairs and ${limits.constraint.characters} characters.`,
    );
}

/** What CreateGrant asks for, as far as it can be judged without the key. */
function checkWish(input: Parsed<'CreateGrant'>): void {
  checkParty('Grantee', input.GranteePrincipal, input.GranteeServicePrincipal, true);
  checkParty('Retiring', input.RetiringPrincipal, input.RetiringServicePrincipal, false);
  if (input.Operations.length === 0) throw invalid('A grant must allow at least one operation.');
  if (input.GranteeServicePrincipal !== undefined) {
    if (input.Constraints?.SourceArn === undefined)
      throw invalid('A grant for a service principal needs a SourceArn constraint.');
    if (input.RetiringPrincipal === undefined && input.RetiringServicePrincipal === undefined)
      throw invalid('A grant for a service principal needs a retiring principal.');
  }
  checkConstraints(input.Constraints ?? {});
}

/** The same pairs always in one order, so that equal contexts are equal text. */
const sorted = (context: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1)));

function termsOf({ Operations, Constraints = {} }: Parsed<'CreateGrant'>): GrantTerms {
  const { EncryptionContextSubset: subset, EncryptionContextEquals: equals, SourceArn } = Constraints;
  const constraints: GrantConstraints = {
    ...(subset ? { EncryptionContextSubset: sorted(subset) } : {}),
    ...(equals ? { EncryptionContextEquals: sorted(equals) } : {}),
    ...(SourceArn === undefined ? {} : { SourceArn }),
  };
  const operations = [...new Set(Operations)];
  return Object.keys(constraints).length === 0 ? { operations } : { operations, constraints };
}

/** @throws KmsError `ValidationException` for what a key of this spec cannot do. */
function checkAgainstKey({ operations, constraints = {} }: GrantTerms, key: KeyRecord): void {
  for (const operation of operations)
    if (!canBeGranted(operation, key.spec, key.usage))
      throw invalid(`Operation ${operation} is not supported on ${key.arn}, whose key spec is ${key.spec}.`);
  const bound = constraints.EncryptionContextSubset ?? constraints.EncryptionContextEquals;
  if (bound && key.spec !== 'SYMMETRIC_DEFAULT')
    throw invalid(`Operations with ${key.arn} have no encryption context that a grant could constrain.`);
}

const createGrant: Operation<'CreateGrant'> = {
  name: 'CreateGrant',
  source: 'kms.amazonaws.com',
  readOnly: false,
  find(context, input) {
    checkWish(input);
    return [{ key: byKeyId(context, input), action: 'kms:CreateGrant', child: termsOf(input) }];
  },
  run({ tx, caller, now, random, grantTokens }, input, keys) {
    const key = keys[0] as KeyRecord;
    const terms = termsOf(input);
    checkAgainstKey(terms, key);
    const names: GrantNames = {
      ...(input.GranteePrincipal ? { GranteePrincipal: input.GranteePrincipal } : {}),
      ...(input.GranteeServicePrincipal ? { GranteeServicePrincipal: input.GranteeServicePrincipal } : {}),
      ...(input.RetiringPrincipal ? { RetiringPrincipal: input.RetiringPrincipal } : {}),
      ...(input.RetiringServicePrincipal ? { RetiringServicePrincipal: input.RetiringServicePrincipal } : {}),
    };
    const text = JSON.stringify({ ...terms, operations: [...terms.operations].sort(), names });
    const name = input.Name ?? '';
    const same = grantsNamed(tx, key, name).find(
      ({ issuer, terms: before }) => issuer === caller.accountId && JSON.stringify(before) === text,
    );
    if (same) return { GrantToken: grantTokens.make(same.id), GrantId: same.id };
    if (key.manager === 'CUSTOMER' && countGrants(tx, key) >= limits.grantsPerKey)
      throw new KmsError('LimitExceededException', `A key may have no more than ${limits.grantsPerKey} grants.`);
    const id = toHex(random.bytes(ID_BYTES));
    const retiring = input.RetiringPrincipal ?? input.RetiringServicePrincipal;
    tx.run(
      `INSERT INTO grants (grant_id, key_row, name, grantee, retiring, issuer, terms, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        id,
        key.row,
        name,
        principalName(input.GranteePrincipal ?? input.GranteeServicePrincipal ?? ''),
        retiring === undefined ? null : principalName(retiring),
        caller.accountId,
        text,
        now,
      ],
    );
    return { GrantToken: grantTokens.make(id), GrantId: id };
  },
  audit: {
    request: [
      'KeyId',
      'GranteePrincipal',
      'GranteeServicePrincipal',
      'RetiringPrincipal',
      'RetiringServicePrincipal',
      'Operations',
      'Constraints',
      'Name',
      'DryRun',
    ],
    response: ({ GrantId }, { resources }) => ({ grantId: GrantId, keyId: resources[0] ?? '' }),
  },
};

function entryOf(arn: string, { id, name, createdAt, issuer, terms }: GrantRecord) {
  const { operations, constraints, names } = terms;
  return {
    KeyId: arn,
    GrantId: id,
    Name: name,
    CreationDate: new Date(createdAt),
    ...names,
    IssuingAccount: rootArn(issuer),
    Operations: [...operations],
    ...(constraints ? { Constraints: constraints } : {}),
  };
}

/** Filters by service are for services, which may not know which of their principals was named. */
function checkServiceFilter({ caller }: Context, service: string | undefined): void {
  if (service !== undefined && !isServicePrincipal(caller.principalArn))
    throw invalid('Only a service principal can filter by service principal.');
}

const listGrants = onKey({
  name: 'ListGrants',
  readOnly: true,
  find(context, input) {
    if (input.GranteePrincipal !== undefined && input.GranteeServicePrincipal !== undefined)
      throw invalid('Specify either GranteePrincipal or GranteeServicePrincipal, not both.');
    checkServiceFilter(context, input.GranteeServicePrincipal);
    if (input.GrantId !== undefined) checkGrantId(input.GrantId);
    return byKeyId(context, input);
  },
  run({ tx }, input, key) {
    const limit = input.Limit ?? limits.pages.grants.default;
    const after = afterNumber('ListGrants', input.Marker) ?? 0;
    const principal = input.GranteePrincipal ?? input.GranteeServicePrincipal;
    const grantee = principal === undefined ? undefined : principalName(principal);
    if (input.GrantId !== undefined) {
      const grant = grantById(tx, input.GrantId);
      const fits = grant?.keyRow === key.row && (grantee === undefined || grant.grantee === grantee);
      return { Grants: fits ? [entryOf(key.arn, grant)] : [], Truncated: false };
    }
    const found = grantsOn(tx, key, grantee, { after, limit: limit + 1 });
    const { rows, end } = cutPage('ListGrants', found, limit, (grant) => grant.row);
    return { Grants: rows.map((grant) => entryOf(key.arn, grant)), ...end };
  },
  audit: { request: ['KeyId', 'GrantId', 'GranteePrincipal', 'GranteeServicePrincipal', 'Limit', 'Marker'] },
});

const listRetirableGrants: Operation<'ListRetirableGrants'> = {
  name: 'ListRetirableGrants',
  source: 'kms.amazonaws.com',
  readOnly: true,
  find(context, input) {
    checkParty('Retiring', input.RetiringPrincipal, input.RetiringServicePrincipal, true);
    checkServiceFilter(context, input.RetiringServicePrincipal);
    const resource = input.RetiringPrincipal;
    // A service needs no permission to see what it may retire itself.
    if (resource === undefined && input.RetiringServicePrincipal === context.caller.principalArn) return [];
    const accountId = (resource && parseArn(resource)?.accountId) ?? '';
    return [{ resource: resource ?? '*', accountId, action: 'kms:ListRetirableGrants' }];
  },
  run({ tx, caller, keys }, input) {
    const limit = input.Limit ?? limits.pages.grants.default;
    const after = afterNumber('ListRetirableGrants', input.Marker) ?? 0;
    const retiring = principalName(input.RetiringPrincipal ?? input.RetiringServicePrincipal ?? '');
    const found = grantsRetirableBy(tx, retiring, caller.region, { after, limit: limit + 1 });
    const { rows, end } = cutPage('ListRetirableGrants', found, limit, (grant) => grant.row);
    return { Grants: rows.map((grant) => entryOf(keys.byRow(tx, grant.keyRow)?.arn ?? '', grant)), ...end };
  },
  audit: { request: ['RetiringPrincipal', 'RetiringServicePrincipal', 'Limit', 'Marker'] },
};

/** The grant to retire and its key. @throws KmsError for tokens and ids that name none in the caller's Region. */
function retirable(context: Context, input: Parsed<'RetireGrant'>): { key: KeyRecord; grant: GrantRecord } {
  const { tx, keys, caller, grantTokens } = context;
  const { GrantToken, KeyId, GrantId } = input;
  if (GrantToken === undefined) {
    if (KeyId === undefined || GrantId === undefined)
      throw invalid('Specify either GrantToken or both KeyId and GrantId.');
    const key = byKeyId(context, { KeyId });
    return { key, grant: grantOf(tx, key, GrantId) };
  }
  if (KeyId !== undefined || GrantId !== undefined)
    throw invalid('Specify either GrantToken or both KeyId and GrantId, not all of them.');
  const id = grantTokens.read(GrantToken);
  if (id === null) throw invalidToken();
  const grant = grantById(tx, id);
  const key = grant && keys.byRow(tx, grant.keyRow);
  if (!key || key.region !== caller.region) throw noGrant(id);
  return { key, grant };
}

const remove = ({ tx }: Context, { row }: GrantRecord) => tx.run('DELETE FROM grants WHERE row = ?', [row]);

const retireGrant: Operation<'RetireGrant'> = {
  name: 'RetireGrant',
  source: 'kms.amazonaws.com',
  readOnly: false,
  find(context, input): Target[] {
    const { key, grant } = retirable(context, input);
    return [{ key, action: 'kms:RetireGrant', retires: grant }];
  },
  run(context, input) {
    remove(context, retirable(context, input).grant);
    return {};
  },
  audit: {
    request: ['KeyId', 'GrantId', 'DryRun'],
    // A token is not recorded, so the record says which grant it named.
    response: (_output, { context, input, resources }) => ({
      keyId: resources[0] ?? '',
      grantId: input.GrantId ?? context.grantTokens.read(input.GrantToken ?? '') ?? '',
    }),
  },
};

const revokeGrant = onKey({
  name: 'RevokeGrant',
  readOnly: false,
  find: byKeyId,
  run(context, { GrantId }, key) {
    remove(context, grantOf(context.tx, key, GrantId));
    return {};
  },
  audit: { request: ['KeyId', 'GrantId', 'DryRun'] },
});

export const grantOperations = [createGrant, listGrants, listRetirableGrants, retireGrant, revokeGrant];
