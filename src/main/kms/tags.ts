import { KmsError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import type { Transaction } from '../vault/types.ts';
import { byKeyId } from './find.ts';
import type { KeyRecord } from './key-rows.ts';
import { onKey } from './operation.ts';
import { afterMarker, cutPage } from './paging.ts';

interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

/** What AWS allows in tags: letters, digits and spaces of any script and `_ . / = + - : @`. */
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

const tagError = (message: string) => new KmsError('TagException', message);

function checkTags(tags: readonly Tag[]): void {
  const seen = new Set<string>();
  for (const { TagKey, TagValue } of tags) {
    if (/^aws:/i.test(TagKey)) throw tagError('Tags beginning with aws: are reserved');
    if (!ALLOWED.test(TagKey) || !ALLOWED.test(TagValue))
      throw tagError('A tag may contain letters, digits, spaces and the characters _ . : / = + - @ only.');
    if (seen.has(TagKey)) throw tagError('Duplicate tag keys');
    seen.add(TagKey);
  }
}

/**
 * Adds tags to a key, or changes the values of those it has.
 * @throws KmsError `TagException`, `LimitExceededException`
 */
export function addTags(tx: Transaction, key: KeyRecord, tags: readonly Tag[]): void {
  checkTags(tags);
  for (const { TagKey, TagValue } of tags)
    tx.run(
      `INSERT INTO tags (key_row, tag_key, tag_value) VALUES (?, ?, ?)
       ON CONFLICT (key_row, tag_key) DO UPDATE SET tag_value = excluded.tag_value`,
      [key.row, TagKey, TagValue],
    );
  const count = tx.get<{ n: number }>('SELECT count(*) AS n FROM tags WHERE key_row = ?', [key.row])?.n ?? 0;
  if (count > limits.tagsPerKey)
    throw new KmsError('LimitExceededException', `A key may have no more than ${limits.tagsPerKey} tags.`);
}

/** The key's tags by name, at most `limit`, after the name `after`. */
export function tagsOf(tx: Transaction, key: KeyRecord, after: string, limit: number): Tag[] {
  return tx.all<{ TagKey: string; TagValue: string }>(
    `SELECT tag_key AS TagKey, tag_value AS TagValue FROM tags
     WHERE key_row = ? AND tag_key > ? ORDER BY tag_key LIMIT ?`,
    [key.row, after, limit],
  );
}

/** All tags of the key, as conditions ask for them. */
export const tagMap = (tx: Transaction, key: KeyRecord): Readonly<Record<string, string>> =>
  Object.fromEntries(tagsOf(tx, key, '', limits.tagsPerKey).map(({ TagKey, TagValue }) => [TagKey, TagValue]));

const tagResource = onKey({
  name: 'TagResource',
  readOnly: false,
  find: byKeyId,
  run({ tx }, { Tags }, key) {
    addTags(tx, key, Tags);
    return {};
  },
  audit: { request: ['KeyId', 'Tags'] },
});

const untagResource = onKey({
  name: 'UntagResource',
  readOnly: false,
  find: byKeyId,
  run({ tx }, { TagKeys }, key) {
    for (const name of TagKeys) {
      if (/^aws:/i.test(name)) throw tagError('Tags beginning with aws: are reserved');
      tx.run('DELETE FROM tags WHERE key_row = ? AND tag_key = ?', [key.row, name]);
    }
    return {};
  },
  audit: { request: ['KeyId', 'TagKeys'] },
});

const listResourceTags = onKey({
  name: 'ListResourceTags',
  readOnly: true,
  find: byKeyId,
  run({ tx }, input, key) {
    const limit = input.Limit ?? limits.pages.tags.default;
    const found = tagsOf(tx, key, afterMarker('ListResourceTags', input.Marker) ?? '', limit + 1);
    const { rows, end } = cutPage('ListResourceTags', found, limit, (row) => row.TagKey);
    return { Tags: rows.map(({ TagKey, TagValue }) => ({ TagKey, TagValue })), ...end };
  },
  audit: { request: ['KeyId', 'Limit', 'Marker'] },
});

export const tagOperations = [tagResource, untagResource, listResourceTags];
