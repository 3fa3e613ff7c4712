import { Button, Code, Modal, Stack, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { useAction } from '../lib/use-call.ts';
import { DialogFoot } from './DialogFoot.tsx';
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
  /** The call as a command. */
  readonly showAs?: ReactNode;
}

/** Asks before something that cannot be taken back: the given text has to be typed. */
export function ConfirmDestructive({ opened, onClose, title, children, confirmText, typed, onConfirm, showAs }: Props) {
  const [text, setText] = useState('');
  const confirm = useAction(async () => {
    await onConfirm();
  }, opened);
  useEffect(() => {
    if (!opened) setText('');
  }, [opened]);
  const matches = opened && text === typed;
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
          <DialogFoot aside={showAs}>
            <Button variant="default" onClick={onClose}>
              Keep it
            </Button>
            <Button type="submit" color="red" disabled={!matches} loading={confirm.busy}>
              {confirmText}
            </Button>
          </DialogFoot>
        </Stack>
      </form>
    </Modal>
  );
}
