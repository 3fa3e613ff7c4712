import { ActionIcon, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { limits } from '../../shared/kms/limits.ts';
import type { Tag } from '../lib/tags.ts';

/** Tags as rows that can be written in. */
export function TagRows({
  tags,
  onChange,
  find = 'keys',
}: {
  tags: readonly Tag[];
  onChange: (tags: readonly Tag[]) => void;
  /** What one finds by them. */
  find?: string;
}) {
  // Rows are known by their own number: a tag's name changes while it is typed.
  const ids = useRef<number[]>([]);
  const next = useRef(0);
  /** Whether the last row was just added: its name is what comes next. */
  const added = useRef(false);
  useEffect(() => {
    added.current = false;
  });
  while (ids.current.length < tags.length) ids.current.push(next.current++);
  ids.current.length = tags.length;

  const put = (index: number, part: Partial<Tag>): void =>
    onChange(tags.map((tag, at) => (at === index ? { ...tag, ...part } : tag)));
  const remove = (index: number): void => {
    ids.current.splice(index, 1);
    onChange(tags.filter((_, at) => at !== index));
  };
  return (
    <Stack gap="xs" role="group" aria-label="Tags">
      <div>
        <Text fw={500}>Tags</Text>
        <Text size="xs" c="dimmed">
          Names and values to find {find} by and to write policies with. Not secret.
        </Text>
      </div>
      {tags.map((tag, index) => (
        <Group key={ids.current[index]} gap="xs" wrap="nowrap">
          <TextInput
            flex={1}
            aria-label={`Name of tag ${index + 1}`}
            placeholder="Name"
            autoFocus={added.current && index === tags.length - 1}
            value={tag.TagKey}
            maxLength={limits.tagKey}
            onChange={(event) => put(index, { TagKey: event.currentTarget.value })}
          />
          <TextInput
            flex={2}
            aria-label={`Value of tag ${index + 1}`}
            placeholder="Value"
            value={tag.TagValue}
            maxLength={limits.tagValue}
            onChange={(event) => put(index, { TagValue: event.currentTarget.value })}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="input-sm"
            aria-label={`Remove tag ${index + 1}`}
            onClick={() => remove(index)}
          >
            <IconX size={16} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <div>
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={tags.length >= limits.tagsPerKey}
          onClick={() => {
            added.current = true;
            onChange([...tags, { TagKey: '', TagValue: '' }]);
          }}
        >
          Add a tag
        </Button>
      </div>
    </Stack>
  );
}
