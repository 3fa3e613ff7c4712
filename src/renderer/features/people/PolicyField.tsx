import { Textarea } from '@mantine/core';
import type { ReactNode } from 'react';

/** Why the text is no policy document, or `null`; what its statements say is judged where it is saved. */
export function policyProblem(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !('Statement' in value))
      return 'A policy is an object with a Statement.';
    return null;
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`;
  }
}

/** JSON laid out as AWS's console does; text that is no JSON stays as it is. */
export function prettyPolicy(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

interface Props {
  readonly label: string;
  readonly description?: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** A policy document as text, with what is wrong with it. */
export function PolicyField({ label, description, value, onChange }: Props) {
  return (
    <Textarea
      label={label}
      description={description}
      value={value}
      error={policyProblem(value)}
      onChange={(event) => onChange(event.currentTarget.value)}
      autosize
      minRows={8}
      maxRows={18}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '0.8rem' } }}
    />
  );
}
