import { Anchor, Collapse, Group, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { plural } from '../../lib/format.ts';
import type { Doing } from './choice.ts';

interface Props {
  /** What is to be re-encrypted. */
  readonly doings: readonly Doing[];
  readonly outputFolder: string;
  readonly keepOld: boolean;
  readonly onKeepOld: (keepOld: boolean) => void;
}

/** What re-encrypting does to the files at hand, and what becomes of the old ones. */
export function RenewChoices({ doings, outputFolder, keepOld, onKeepOld }: Props) {
  const [why, setWhy] = useState(false);
  const signed = doings.filter(({ item }) => item.signed).length;
  const folders = doings.some(({ each }) => each);
  const anew =
    signed > 0
      ? `${plural(signed, 'file is', 'files are')} signed and will be signed anew. `
      : folders
        ? 'Signed files are signed anew. '
        : '';
  return (
    <Stack gap="xs" component="section" aria-label="About re-encrypting">
      <Text size="sm">
        The content of each file is encrypted anew, with a data key of its own under the key you choose; nothing of it
        is written in clear. Its encryption context stays. {anew}The old file is there until the new one was read back
        and opened.
      </Text>
      <div>
        <Anchor component="button" type="button" size="sm" aria-expanded={why} onClick={() => setWhy(!why)}>
          Why not only the key inside?
        </Anchor>
        <Collapse expanded={why}>
          <Text size="sm" c="dimmed" mt={4}>
            The header that names the key is sealed with the data key, and this format allows that once: whoever has two
            headers of one data key, say from a backup, could alter the content without being noticed. And whoever kept
            the old data key could go on reading.
          </Text>
        </Collapse>
      </div>
      {outputFolder ? null : (
        <Group gap="sm">
          <Text size="sm">The old files</Text>
          <SegmentedControl
            aria-label="What becomes of the old files"
            value={keepOld ? 'keep' : 'replace'}
            onChange={(value) => onKeepOld(value === 'keep')}
            data={[
              { value: 'replace', label: 'Replace them' },
              { value: 'keep', label: 'Keep them beside' },
            ]}
          />
        </Group>
      )}
    </Stack>
  );
}
