import { aliasArn, keyArn, parseArn } from '../../shared/iam/arn.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import type { KeyRecord } from './key-rows.ts';
import type { Context } from './operation.ts';

const KEY_ID = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

const notFound = (message: string) => new KmsError('NotFoundException', message);
const noSuchKey = (keyId: string) => notFound(`Invalid keyId '${keyId}'`);

/** What looking for a key takes. */
export type Lookup = Pick<Context, 'tx' | 'keys' | 'caller'>;

/** The key an alias stands for in its account and the caller's Region. `name` has its prefix. */
export function keyOfAlias({ tx, keys, caller }: Lookup, accountId: string, name: string): KeyRecord | undefined {
  const alias = tx.get<{ row: number }>(
    'SELECT key_row AS row FROM aliases WHERE account_id = ? AND region = ? AND name = ?',
    [accountId, caller.region, name],
  );
  return alias && keys.byRow(tx, alias.row);
}

interface Forms {
  /** Whether an alias name or ARN will do. */
  readonly alias: boolean;
  /** What an ARN that is none is refused with: operations differ in what they are documented to throw. */
  readonly malformed?: 'InvalidArnException' | 'NotFoundException';
}

/**
 * The key that `text` names: a key id or a key ARN, and where `alias` allows it an alias name or alias ARN. Names without
 * an ARN are looked for in the caller's account; every key in the caller's Region.
 * @throws KmsError `NotFoundException`, `InvalidArnException`
 */
export function findKey(context: Lookup, text: string, { alias, malformed = 'InvalidArnException' }: Forms): KeyRecord {
  const { tx, keys, caller } = context;
  let accountId = caller.accountId;
  let resource = text.startsWith('alias/') ? text : `key/${text}`;
  if (text.startsWith('arn:')) {
    const arn = parseArn(text);
    if (arn?.partition !== 'aws' || arn.service !== 'kms' || arn.accountId === '')
      throw new KmsError(malformed, `Invalid arn ${text}`);
    if (arn.region !== caller.region) throw notFound(`Invalid arn ${arn.region}`);
    accountId = arn.accountId;
    resource = arn.resource;
  }
  if (resource.startsWith('alias/')) {
    if (!alias) throw noSuchKey(text);
    const key = keyOfAlias(context, accountId, resource);
    if (!key) throw notFound(`Alias ${aliasArn(caller.region, accountId, resource)} is not found.`);
    return key;
  }
  const keyId = resource.startsWith('key/') ? resource.slice('key/'.length) : '';
  if (!KEY_ID.test(keyId)) throw noSuchKey(text);
  const key = keys.byId(tx, accountId, caller.region, keyId);
  if (!key) throw notFound(`Key '${keyArn(caller.region, accountId, keyId)}' does not exist`);
  return key;
}

/** For operations that change the key itself: `KeyId` is a key id or key ARN. */
export const byKeyId = (context: Context, input: { readonly KeyId: string }) =>
  findKey(context, input.KeyId, { alias: false });
/** For operations that describe the key: `KeyId` may be an alias, too. */
export const byKeyIdOrAlias = (context: Context, input: { readonly KeyId: string }) =>
  findKey(context, input.KeyId, { alias: true });
/** For cryptographic operations: in any form. */
export const keyToUse = (context: Context, input: { readonly KeyId: string }) =>
  findKey(context, input.KeyId, { alias: true, malformed: 'NotFoundException' });
