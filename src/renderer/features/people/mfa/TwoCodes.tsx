import { Group } from '@mantine/core';
import { useRef } from 'react';
import { CODE_DIGITS, CodeField } from '../../../components/CodeField.tsx';

export type Codes = readonly [string, string];

export const complete = (codes: Codes): boolean => codes.every((code) => code.length === CODE_DIGITS);

/** Fields for two codes that follow each other; the second has the focus once the first is whole. */
export function TwoCodes({ value, onChange }: { value: Codes; onChange: (codes: Codes) => void }) {
  const second = useRef<HTMLInputElement>(null);
  const [first, next] = value;
  return (
    <Group grow align="flex-start">
      <CodeField
        label="A code"
        value={first}
        autoFocus
        data-autofocus
        onChange={(code) => {
          onChange([code, next]);
          if (code.length === CODE_DIGITS && first.length < CODE_DIGITS) second.current?.focus();
        }}
      />
      <CodeField ref={second} label="The next code" value={next} onChange={(code) => onChange([first, code])} />
    </Group>
  );
}
