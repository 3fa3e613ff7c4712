import { Modal, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useAction } from '../lib/use-call.ts';
import { ErrorNotice } from './ErrorNotice.tsx';
import { FormActions } from './FormActions.tsx';

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** What stops working. */
  readonly children: ReactNode;
  /** The words on the button. */
  readonly confirmText?: string;
  /** Its failure is shown in the dialog, which then stays open; it closes when this answers, unless with `false`. */
  readonly onConfirm: () => Promise<unknown>;
  /** The call as a command. */
  readonly showAs?: ReactNode;
}

/** Asks before something is removed that can be made again; `ConfirmDestructive` is for what cannot. */
export function ConfirmRemoval({ opened, onClose, title, children, confirmText = 'Delete', onConfirm, showAs }: Props) {
  const remove = useAction(async () => {
    if ((await onConfirm()) !== false) onClose();
  }, opened);
  return (
    <Modal opened={opened} onClose={onClose} title={title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void remove.run();
        }}
      >
        <Stack>
          <Text component="div" style={{ overflowWrap: 'anywhere' }}>
            {children}
          </Text>
          {remove.error ? <ErrorNotice error={remove.error} /> : null}
          <FormActions text={confirmText} onCancel={onClose} busy={remove.busy} cancelText="Keep it" destroys>
            {showAs}
          </FormActions>
        </Stack>
      </form>
    </Modal>
  );
}
