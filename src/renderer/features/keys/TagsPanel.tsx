import { Button, Group, Paper, Stack, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { ShowCalls } from '../../components/ShowAs.tsx';
import { TagRows } from '../../components/TagRows.tsx';
import { kms } from '../../lib/api.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { type Tag, tagChanges, tagsProblem } from '../../lib/tags.ts';
import { useAction } from '../../lib/use-call.ts';
import type { Call } from './bulk/run-all.ts';
import { type KeyDetail, refusal } from './model.ts';
import { undoTags } from './undo.ts';

/** Removing first makes room under the limit. */
const tagCalls = (KeyId: string, Tags: Tag[], TagKeys: string[]): Call[] => [
  ...(TagKeys.length > 0 ? [{ operation: 'UntagResource' as const, input: { KeyId, TagKeys } }] : []),
  ...(Tags.length > 0 ? [{ operation: 'TagResource' as const, input: { KeyId, Tags } }] : []),
];

/** The key's tags, edited together and saved together. */
export function TagsPanel({ detail, region }: { detail: KeyDetail; region: string }) {
  const [tags, setTags] = useState<readonly Tag[]>(detail.Tags);
  const saved = JSON.stringify(detail.Tags);
  useEffect(() => setTags(JSON.parse(saved) as Tag[]), [saved]);
  const { put, remove } = tagChanges(detail.Tags, tags);
  const problem = tagsProblem(tags);
  const changed = put.length > 0 || remove.length > 0 || tags.length !== detail.Tags.length;
  const says = refusal('TagResource', detail.KeyState);
  const save = useAction(async () => {
    let answer: unknown;
    for (const { operation, input } of tagCalls(detail.KeyId, put, remove))
      answer = await kms(operation, input, region);
    notifySuccess('The tags are saved.', undefined, { answer, undo: undoTags(detail, tags, region) });
  });
  return (
    <Paper withBorder p="md" component="section" aria-label="Tags of the key">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (changed && problem === null) void save.run();
        }}
      >
        <Stack gap="sm">
          <TagRows tags={tags} onChange={setTags} />
          {problem ? (
            <Text c="var(--mantine-color-error)" role="alert">
              {problem}
            </Text>
          ) : null}
          {says ? <Text c="dimmed">{says} Its tags cannot be changed.</Text> : null}
          {save.error ? <ErrorNotice error={save.error} /> : null}
          <Group justify="space-between">
            <Group gap="xs">
              <Button type="submit" loading={save.busy} disabled={!changed || problem !== null || says !== null}>
                Save tags
              </Button>
              {changed ? (
                <Button variant="default" onClick={() => setTags(detail.Tags)}>
                  Discard changes
                </Button>
              ) : null}
            </Group>
            <ShowCalls
              calls={
                put.length > 0 || remove.length > 0
                  ? tagCalls(detail.KeyId, put, remove)
                  : [{ operation: 'ListResourceTags', input: { KeyId: detail.KeyId } }]
              }
              region={region}
            />
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
