import { TextInput, type TextInputProps } from '@mantine/core';

/** Digits of a code that authenticator apps show. */
export const CODE_DIGITS = 6;

interface Props extends Omit<TextInputProps, 'value' | 'onChange'> {
  readonly value: string;
  /** Told the digits alone: codes are pasted with spaces in the middle. */
  readonly onChange: (code: string) => void;
}

/** A field for a code of an MFA device. */
export function CodeField({ value, onChange, ...others }: Props) {
  return (
    <TextInput
      {...others}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value.replace(/\D/g, '').slice(0, CODE_DIGITS))}
      inputMode="numeric"
      autoComplete="one-time-code"
      spellCheck={false}
      styles={{
        input: { fontFamily: 'var(--mantine-font-family-monospace)', letterSpacing: '0.2em', fontSize: '1.0625rem' },
      }}
    />
  );
}
