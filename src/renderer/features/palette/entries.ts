import type { OperationOutput } from '../../../shared/kms/operations.ts';
import { matches } from './match.ts';

export type KeyOverview = OperationOutput<'ListKeyOverviews'>['Keys'][number];

export interface KeyEntry {
  readonly keyId: string;
  readonly title: string;
}

/** The first `limit` keys whose alias, id or description holds the query's words; none before something is typed. */
export function keyEntries(keys: readonly KeyOverview[], query: string, limit: number): KeyEntry[] {
  const found: KeyEntry[] = [];
  if (query.trim() === '') return found;
  for (const key of keys) {
    if (found.length === limit) break;
    if (!matches(query, `${key.Aliases.join(' ')} ${key.Arn} ${key.Description}`)) continue;
    const alias = key.Aliases[0]?.replace(/^alias\//, '');
    found.push({ keyId: key.KeyId, title: alias ?? (key.Description || 'Key without an alias') });
  }
  return found;
}
