import { Select, Text, Textarea } from '@mantine/core';
import { formatNumber } from '../../../lib/format.ts';
import { toUtf8 } from '../text.ts';

/** Chooses one of the key's algorithms, by AWS's names. */
export function AlgorithmSelect<T extends string>({
  value,
  onChange,
  algorithms,
}: {
  value: T;
  onChange: (algorithm: T) => void;
  algorithms: readonly T[];
}) {
  return (
    <Select
      label="Algorithm"
      data={[...algorithms]}
      value={value}
      allowDeselect={false}
      onChange={(algorithm) => algorithm && onChange(algorithm as T)}
    />
  );
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Most bytes of the text as UTF-8. */
  readonly max: number;
  /** What to do with a text that is longer. */
  readonly tooLong: string;
}

/** A text that is sent as UTF-8, with its size. */
export function TextField({ label, value, onChange, max, tooLong }: TextFieldProps) {
  const { length } = toUtf8(value);
  const over = length > max;
  return (
    <>
      <Textarea
        label={label}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        autosize
        minRows={4}
        maxRows={12}
        spellCheck={false}
        error={over ? tooLong : null}
      />
      <Text size="xs" c={over ? 'var(--mantine-color-error)' : 'dimmed'} role="status">
        {formatNumber(length)} of {formatNumber(max)} bytes
      </Text>
    </>
  );
}
