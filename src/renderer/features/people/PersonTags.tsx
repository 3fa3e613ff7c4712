import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { ShowIam, ShowIamCalls } from '../../components/ShowIam.tsx';
import { TagRows } from '../../components/TagRows.tsx';
import { type IamCall, iam } from '../../lib/api.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { type Tag, tagChanges, tagsProblem } from '../../lib/tags.ts';
import { tagsBack } from '../../lib/undo.ts';
import { useAction } from '../../lib/use-call.ts';
import { asRootOf, type IamTag, type PartProps, type Person } from './model.ts';

const toRows = (tags: readonly IamTag[]): Tag[] => tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));
const toIam = (tags: readonly Tag[]): IamTag[] =>
  tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }));

async function savedTags({ kind, name, accountId }: Person): Promise<Tag[]> {
  const account = asRootOf(accountId);
  const { Tags } =
    kind === 'user'
      ? await iam('ListUserTags', { UserName: name ?? '' }, account)
      : await iam('ListRoleTags', { RoleName: name ?? '' }, account);
  return toRows(Tags);
}

/** Removing first makes room under the limit. */
function tagCalls({ kind, name }: Person, put: readonly Tag[], remove: readonly string[]): IamCall[] {
  const TagKeys = [...remove];
  const Tags = toIam(put);
  const calls: IamCall[] =
    kind === 'user'
      ? [
          { operation: 'UntagUser', input: { UserName: name ?? '', TagKeys } },
          { operation: 'TagUser', input: { UserName: name ?? '', Tags } },
        ]
      : [
          { operation: 'UntagRole', input: { RoleName: name ?? '', TagKeys } },
          { operation: 'TagRole', input: { RoleName: name ?? '', Tags } },
        ];
  return calls.filter(({ operation }) => (operation.startsWith('Untag') ? TagKeys : Tags).length > 0);
}

/** Answers the last call's answer. */
async function saveTags(person: Person, put: readonly Tag[], remove: readonly string[]): Promise<unknown> {
  let answer: unknown;
  for (const { operation, input } of tagCalls(person, put, remove))
    answer = await iam(operation, input, asRootOf(person.accountId));
  return answer;
}

/** Tags of a user or role, edited together and saved together. */
export function PersonTags({ person }: PartProps) {
  const saved = JSON.stringify(toRows(person.tags));
  const [tags, setTags] = useState<readonly Tag[]>(() => toRows(person.tags));
  useEffect(() => setTags(JSON.parse(saved) as Tag[]), [saved]);
  const before = toRows(person.tags);
  const { put, remove } = tagChanges(before, tags);
  const problem = tagsProblem(tags, person.kind);
  const changed = put.length > 0 || remove.length > 0 || tags.length !== before.length;
  const save = useAction(async () => {
    const answer = await saveTags(person, put, remove);
    notifySuccess('Conditions on aws:PrincipalTag see them from now on.', 'Tags saved', {
      answer,
      undo: {
        title: `Put back the tags of ${person.name}`,
        run: async () => {
          const back = tagsBack(before, tags, await savedTags(person));
          return saveTags(person, back.put, back.remove);
        },
      },
    });
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (changed && problem === null) void save.run();
      }}
    >
      <Stack>
        <TagRows tags={tags} onChange={setTags} find="people" />
        {problem ? (
          <Text c="var(--mantine-color-error)" role="alert">
            {problem}
          </Text>
        ) : null}
        {save.error ? <ErrorNotice error={save.error} /> : null}
        <Group justify="space-between">
          <Group gap="xs">
            <Button type="submit" loading={save.busy} disabled={!changed || problem !== null}>
              Save tags
            </Button>
            {changed ? (
              <Button variant="default" onClick={() => setTags(before)}>
                Discard changes
              </Button>
            ) : null}
          </Group>
          {put.length > 0 || remove.length > 0 ? (
            <ShowIamCalls calls={tagCalls(person, put, remove)} />
          ) : person.kind === 'user' ? (
            <ShowIam operation="ListUserTags" input={{ UserName: person.name ?? '' }} />
          ) : (
            <ShowIam operation="ListRoleTags" input={{ RoleName: person.name ?? '' }} />
          )}
        </Group>
      </Stack>
    </form>
  );
}
