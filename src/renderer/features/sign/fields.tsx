import { SegmentedControl, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { SIGNED_TEXT_MAX } from '../../../shared/contract/limits.ts';
import { TextField, toUtf8 } from '../keys/index.ts';
import classes from './sign.module.css';

/** One question of a form, with what belongs to its answer. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <fieldset className={classes.part}>
      <legend className={classes.legend}>{title}</legend>
      {children}
    </fieldset>
  );
}

/** One of two ways to give something. */
export function Either<T extends string>({
  label,
  value,
  onChange,
  data,
}: {
  label: string;
  value: T;
  onChange: (value: T) => void;
  data: readonly { readonly value: T; readonly label: string }[];
}) {
  return (
    <SegmentedControl
      aria-label={label}
      value={value}
      onChange={(next) => onChange(next as T)}
      data={[...data]}
      size="xs"
      mb="xs"
    />
  );
}

/** Whether a text can be signed and verified: it has a byte, and not too many. */
export const isSignable = (text: string): boolean => text !== '' && toUtf8(text).length <= SIGNED_TEXT_MAX;

export function SignedText(props: { label: string; value: string; onChange: (text: string) => void }) {
  return <TextField {...props} max={SIGNED_TEXT_MAX} tooLong="Too long for this field. Save it as a file." />;
}

/** A remark below a field. */
export function Note({ children }: { children: ReactNode }) {
  return (
    <Text size="xs" c="dimmed" component="div">
      {children}
    </Text>
  );
}
