import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { DialogFoot } from './DialogFoot.tsx';

interface Props {
  /** The words on the button that sends the form. */
  readonly text: string;
  readonly onCancel: () => void;
  readonly disabled?: boolean;
  readonly busy: boolean;
  /** What sending takes away cannot be brought back. */
  readonly destroys?: boolean;
  readonly cancelText?: string;
  /** What stands on the other side: the call as a command. */
  readonly children?: ReactNode;
}

/** The foot of a dialog's form: one button sends it, one leaves everything as it is. */
export function FormActions({
  text,
  onCancel,
  disabled = false,
  busy,
  destroys = false,
  cancelText = 'Cancel',
  children,
}: Props) {
  return (
    <DialogFoot aside={children}>
      <Button variant="default" onClick={onCancel}>
        {cancelText}
      </Button>
      <Button type="submit" disabled={disabled} loading={busy} {...(destroys ? { color: 'red' } : {})}>
        {text}
      </Button>
    </DialogFoot>
  );
}
