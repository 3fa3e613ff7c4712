import { Button, Code, Group, Modal, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useAction } from '../lib/use-call.ts';
import { ErrorNotice } from './ErrorNotice.tsx';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What will stop working. */
  readonly children: ReactNode;
  /** The words on the button. */
  readonly confirmText: string;
  /** What must be typed, exactly. */
  readonly typed: string;
  /** Its failure is shown in the dialog, which then stays open; the caller closes it when it is done. */
  readonly onConfirm: () => unknown;
}

/** Asks before something that cannot be taken back: the given text has to be typed. */
export function ConfirmDestructive({ opened, onClose, title, children, confirmText, typed, onConfirm }: Props) {
  const [text, setText] = useState('');
  const confirm = useAction(async () => {
    await onConfirm();
  });
  const { clear } = confirm;
  useEffect(() => {
    if (opened) return;
    setText('');
    clear();
  }, [opened, clear]);
  const matches = text === typed;
  return (
    <Modal opened={opened} onClose={onClose} title={title} size="lg" closeButtonProps={{ 'aria-label': 'Close' }}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (matches) void confirm.run();
        }}
      >
        <Stack>
          <div>{children}</div>
          <TextInput
            label={
              <>
                Type <Code style={{ overflowWrap: 'anywhere' }}>{typed}</Code> to confirm
              </>
            }
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            data-autofocus
          />
          {confirm.error ? <ErrorNotice error={confirm.error} /> : null}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Keep it
            </Button>
            <Button type="submit" color="red" disabled={!matches} loading={confirm.busy}>
              {confirmText}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
