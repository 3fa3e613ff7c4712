import { Anchor, Group } from '@mantine/core';
import { recordPath } from '../lib/route.ts';

interface Props {
  /** The id of the record of what was done. */
  readonly record: string | undefined;
  /** Takes back what was done, where it can be. */
  readonly onUndo?: (() => void) | undefined;
  /** The person follows the link. */
  readonly onLeave?: () => void;
}

/** What a notice of something done offers: taking it back, and its record. */
export function NoticeLinks({ record, onUndo, onLeave }: Props) {
  return (
    <Group gap="md" mt={4}>
      {onUndo ? (
        <Anchor component="button" type="button" size="sm" fw={600} onClick={onUndo}>
          Undo
        </Anchor>
      ) : null}
      {record ? (
        <Anchor href={`#${recordPath(record)}`} size="sm" {...(onLeave ? { onClick: onLeave } : {})}>
          Record
        </Anchor>
      ) : null}
    </Group>
  );
}
