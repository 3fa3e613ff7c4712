import { limits } from '../../shared/kms/limits.ts';

/** A tag, as KMS spells it. */
export interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

/** Why the tags of a `whose` (key, user, role) cannot be saved, or `null`. */
export function tagsProblem(tags: readonly Tag[], whose = 'key'): string | null {
  const names = tags.map((tag) => tag.TagKey);
  if (names.some((name) => name === '')) return 'Every tag needs a name.';
  if (new Set(names).size < names.length) return 'A tag name is there twice.';
  if (names.some((name) => name.length > limits.tagKey)) return `A tag name has at most ${limits.tagKey} characters.`;
  if (names.some((name) => name.toLowerCase().startsWith('aws:')))
    return 'Tag names that begin with aws: are reserved.';
  if (tags.some((tag) => tag.TagValue.length > limits.tagValue))
    return `A tag value has at most ${limits.tagValue} characters.`;
  // IAM's limit is the same.
  if (tags.length > limits.tagsPerKey) return `A ${whose} has at most ${limits.tagsPerKey} tags.`;
  return null;
}

/** What has to be written and what removed to get from `before` to `after`. */
export function tagChanges(before: readonly Tag[], after: readonly Tag[]): { put: Tag[]; remove: string[] } {
  const old = new Map(before.map((tag) => [tag.TagKey, tag.TagValue]));
  const kept = new Set(after.map((tag) => tag.TagKey));
  return {
    put: after.filter((tag) => old.get(tag.TagKey) !== tag.TagValue),
    remove: before.map((tag) => tag.TagKey).filter((name) => !kept.has(name)),
  };
}
