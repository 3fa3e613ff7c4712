import { Anchor, Progress, Stack } from '@mantine/core';

interface Props {
  readonly done: number;
  readonly total: number;
  readonly onStop: () => void;
}

/** What a notice of work under way shows: how far it is, and a way to stop it. */
export function NoticeProgress({ done, total, onStop }: Props) {
  return (
    <Stack gap={6} mt={6} align="flex-start">
      <Progress w="100%" value={(done / total) * 100} aria-label={`${done} of ${total}`} />
      <Anchor component="button" type="button" size="sm" fw={600} onClick={onStop}>
        Stop
      </Anchor>
    </Stack>
  );
}
