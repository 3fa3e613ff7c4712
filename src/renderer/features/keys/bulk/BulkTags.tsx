import { Modal, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { FormActions } from '../../../components/FormActions.tsx';
import { ShowForEach } from '../../../components/ShowAs.tsx';
import { TagRows } from '../../../components/TagRows.tsx';
import { plural } from '../../../lib/format.ts';
import { type Tag, tagsProblem } from '../../../lib/tags.ts';
import { undoTagging } from '../undo.ts';
import type { BulkDialogProps } from './run-all.ts';

const none: readonly Tag[] = [{ TagKey: '', TagValue: '' }];

/** Gives tags to all chosen keys; each keeps the others it has. */
export function BulkTags({ keys, region, onClose, onRun }: BulkDialogProps) {
  const [tags, setTags] = useState<readonly Tag[]>(none);
  const problem = tagsProblem(tags);
  const typed = tags.some(({ TagKey, TagValue }) => TagKey !== '' || TagValue !== '');
  const Tags = [...tags];
  return (
    <Modal opened onClose={onClose} title={`Tag ${plural(keys.length, 'key')}`} size="lg">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (problem !== null) return;
          onRun(keys, {
            word: 'tagged',
            call: ({ KeyId }) => ({ operation: 'TagResource', input: { KeyId, Tags } }),
            undo: ['Put back the tags', (key) => undoTagging(key, Tags, region)],
          });
        }}
      >
        <Stack>
          <Text>A tag of the same name gets the new value; all other tags stay.</Text>
          <TagRows tags={tags} onChange={setTags} />
          {problem && typed ? (
            <Text c="var(--mantine-color-error)" role="alert">
              {problem}
            </Text>
          ) : null}
          <FormActions
            text="Save tags"
            onCancel={onClose}
            disabled={problem !== null || tags.length === 0}
            busy={false}
          >
            <ShowForEach
              operation="TagResource"
              keyIds={keys.map(({ KeyId }) => KeyId)}
              input={{ Tags }}
              region={region}
            />
          </FormActions>
        </Stack>
      </form>
    </Modal>
  );
}
