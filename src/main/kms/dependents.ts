import { trackedOperations } from '../../shared/kms/enums.ts';
import { limits } from '../../shared/kms/limits.ts';
import { isFormatPair } from '../../shared/message-context.ts';
import { principalArn } from '../access/principals.ts';
import type { TrailEvent } from '../audit/query.ts';
import type { TrailSearch } from '../audit/search.ts';
import type { ReadDatabase } from '../vault/types.ts';
import { mayCall } from './authorize.ts';
import { byKeyIdOrAlias } from './find.ts';
import { countGrants, granteesOf } from './grant-rows.ts';
import { aliasNames, type KeyRecord, relatedKeys } from './key-rows.ts';
import { DAY } from './lifecycle.ts';
import { onKey } from './operation.ts';

const { listed, contexts, days } = limits.dependents;
/** Records that are looked through for the contexts of files. */
const RECORDS = 100;

/** What each part is seen by, and whether that is asked of the key. */
const shows = {
  'kms:ListAliases': false,
  'kms:ListGrants': true,
  'kms:LookupEvents': false,
  'iam:GetAccountAuthorizationDetails': false,
} as const;

/** The identity policies of the key's account in whose text its id or one of its aliases stands. */
function policiesNaming(db: ReadDatabase, key: KeyRecord, aliases: readonly string[]) {
  const names = [key.keyId, ...aliases.map((alias) => `"${alias}"`), ...aliases.map((alias) => `:${alias}"`)];
  return db
    .all<Parameters<typeof principalArn>[0] & { readonly policy: string }>(
      `SELECT p.account_id AS accountId, p.kind, p.path, p.name, i.name AS policy
       FROM identity_policies i JOIN principals p ON p.row = i.principal
       WHERE p.account_id = ? AND (${names.map(() => 'instr(i.document, ?) > 0').join(' OR ')})
       ORDER BY p.kind DESC, p.name, i.name LIMIT ?`,
      [key.accountId, ...names, listed],
    )
    .map(({ policy, ...person }) => ({ PrincipalArn: principalArn(person), PolicyName: policy }));
}

/** The contexts that files were given, each once. */
function contextsOf(events: readonly TrailEvent[]): Record<string, string>[] {
  const found = new Map<string, Record<string, string>>();
  for (const { RequestParameters } of events) {
    const given = RequestParameters?.encryptionContext;
    if (typeof given !== 'object' || given === null) continue;
    const pairs = Object.entries(given).filter(([name, value]) => typeof value === 'string' && !isFormatPair(name));
    if (pairs.length > 0) found.set(JSON.stringify(pairs), Object.fromEntries(pairs));
  }
  return [...found.values()].slice(0, contexts);
}

const usedWith = (key: KeyRecord) => ({ KeyArn: key.arn, EventNames: trackedOperations, Outcome: 'ok' }) as const;
/** The window's agent says which of its calls the Files screen made. */
const filesUnder = (key: KeyRecord) =>
  ({ KeyArn: key.arn, EventNames: ['GenerateDataKey'], Outcome: 'ok', Text: '(files)' }) as const;

function usesOf(trail: TrailSearch, tx: ReadDatabase, key: KeyRecord, since: Date) {
  const used = { ...usedWith(key), StartTime: since };
  const { Total, EventNames } = trail.summarize({ ...used, BucketCount: 1 });
  const FileCount = trail.summarize({ ...filesUnder(key), BucketCount: 1 }).Total;
  return {
    UseCount: Total,
    Uses: EventNames,
    Users: Total === 0 ? [] : trail.callers(used, listed),
    FileCount,
    FileContexts:
      FileCount === 0 ? [] : contextsOf(trail.lookup(tx, { ...filesUnder(key), MaxResults: RECORDS }).Events),
  };
}

const NO_USES = { UseCount: 0, Uses: [], Users: [], FileCount: 0, FileContexts: [] };

const getKeyDependents = onKey({
  name: 'GetKeyDependents',
  source: 'coffer.local',
  action: 'DescribeKey',
  readOnly: true,
  find: byKeyIdOrAlias,
  plan(context, _input, key) {
    if (!mayCall(context, 'kms:LookupEvents', undefined)) return undefined;
    const { trail } = context;
    return async () => {
      await trail.prepare(usedWith(key));
      await trail.prepare(filesUnder(key));
    };
  },
  run(context, _input, key) {
    const { tx, now } = context;
    const Unseen = Object.entries(shows).flatMap(([action, ofKey]) =>
      mayCall(context, action, ofKey ? key : undefined) ? [] : [action],
    );
    const sees = (action: keyof typeof shows) => !Unseen.includes(action);
    const aliases = aliasNames(tx, key);
    const UsedSince = new Date(now - days * DAY);
    const related = key.multiRegion === null ? [] : relatedKeys(tx, key).filter(({ row }) => row !== key.row);
    return {
      KeyId: key.keyId,
      Aliases: sees('kms:ListAliases') ? aliases : [],
      Regions: related.map((other) => ({
        Region: other.region,
        MultiRegionKeyType: other.multiRegion ?? 'REPLICA',
      })),
      GrantCount: sees('kms:ListGrants') ? countGrants(tx, key) : 0,
      Grantees: sees('kms:ListGrants') ? granteesOf(tx, key, listed) : [],
      Policies: sees('iam:GetAccountAuthorizationDetails') ? policiesNaming(tx, key, aliases) : [],
      UsedSince,
      ...(sees('kms:LookupEvents') ? usesOf(context.trail, tx, key, UsedSince) : NO_USES),
      Unseen,
    };
  },
  audit: { request: ['KeyId'] },
});

export const dependentsOperations = [getKeyDependents];
