import { Button, Group, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { TagRows } from '../../components/TagRows.tsx';
import { iam } from '../../lib/api.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { type Tag, tagChanges, tagsProblem } from '../../lib/tags.ts';
import { useAction } from '../../lib/use-call.ts';
import { asRootOf, type IamTag, type PartProps, type Person } from './model.ts';
import { ShowIam } from './ShowIam.tsx';

const toRows = (tags: readonly IamTag[]): Tag[] => tags.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value }));
const toIam = (tags: readonly Tag[]): IamTag[] =>
  tags.map(({ TagKey, TagValue }) => ({ Key: TagKey, Value: TagValue }));

/** Answers the last call's answer. */
async function saveTags(person: Person, put: readonly Tag[], remove: string[]): Promise<unknown> {
  let answer: unknown;
  const { kind, accountId } = person;
  const name = person.name ?? '';
  const account = asRootOf(accountId);
  // Removing first makes room under the limit.
  if (kind === 'user') {
    if (remove.length > 0) answer = await iam('UntagUser', { UserName: name, TagKeys: remove }, account);
    if (put.length > 0) answer = await iam('TagUser', { UserName: name, Tags: toIam(put) }, account);
  } else {
    if (remove.length > 0) answer = await iam('UntagRole', { RoleName: name, TagKeys: remove }, account);
    if (put.length > 0) answer = await iam('TagRole', { RoleName: name, Tags: toIam(put) }, account);
  }
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
    const back = tagChanges(tags, before);
    notifySuccess('Conditions on aws:PrincipalTag see them from now on.', 'Tags saved', {
      answer,
      undo: {
        title: `Put back the tags of ${person.name}`,
        run: () => saveTags(person, back.put, back.remove),
      },
    });
  });
  const name = person.name ?? '';
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
                Undo
              </Button>
            ) : null}
          </Group>
          {person.kind === 'user' ? (
            <ShowIam operation="TagUser" input={{ UserName: name, Tags: toIam(put.length > 0 ? put : tags) }} />
          ) : (
            <ShowIam operation="TagRole" input={{ RoleName: name, Tags: toIam(put.length > 0 ? put : tags) }} />
          )}
        </Group>
      </Stack>
    </form>
  );
}
