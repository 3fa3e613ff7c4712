import { Alert, Anchor, Button, List, Modal, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { plural } from '../../../lib/format.ts';
import { keyPath } from '../../../lib/route.ts';
import { keyName } from '../model.ts';
import type { Outcome } from './run-all.ts';

/** As many failures are named. */
const SHOWN = 100;

interface Props {
  /** What was done, as `enabled`, and what became of it; undefined closes the dialog. */
  readonly report: { readonly word: string; readonly outcome: Outcome } | undefined;
  readonly onClose: () => void;
}

/** Names the keys that refused what was done to all. */
export function BulkReport({ report, onClose }: Props) {
  const { done = [], failed = [], left = 0 } = report?.outcome ?? {};
  return (
    <Modal opened={report !== undefined} onClose={onClose} title="Not every key" size="lg">
      <Stack>
        <Text>
          {plural(done.length, 'key')} {report?.word}, {plural(failed.length, 'key')} not
          {left > 0 ? `, ${plural(left, 'key')} not come to` : ''}. Those that failed stay selected.
        </Text>
        <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title="What failed">
          <List size="sm" spacing={4} aria-label="Keys that failed" style={{ overflowWrap: 'anywhere' }}>
            {failed.slice(0, SHOWN).map(({ key, error }) => (
              <List.Item key={key.KeyId}>
                <Anchor href={`#${keyPath(key.KeyId)}`} underline="always" onClick={onClose}>
                  {keyName(key)}
                </Anchor>
                : {error.code}. {error.message}
              </List.Item>
            ))}
          </List>
          {failed.length > SHOWN ? <Text mt="xs">and {plural(failed.length - SHOWN, 'more key')}</Text> : null}
        </Alert>
        <DialogFoot>
          <Button onClick={onClose} data-autofocus>
            Close
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
