import { Radio, SimpleGrid, Text } from '@mantine/core';
import { useId } from 'react';
import classes from './choices.module.css';

export interface Choice<T extends string> {
  readonly value: T;
  readonly title: string;
  /** What choosing it means. */
  readonly line: string;
  /** AWS's name of it. */
  readonly code?: string;
  /** It is there, but cannot be chosen now; the line says why. */
  readonly disabled?: boolean;
}

interface Props<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly onChange: (value: T) => void;
  readonly choices: readonly Choice<T>[];
  /** Columns where there is room. */
  readonly cols?: number;
}

/** Radio buttons that explain themselves: each a card with its name and what it means. */
export function Choices<T extends string>({ label, value, onChange, choices, cols = 2 }: Props<T>) {
  const id = useId();
  return (
    <Radio.Group label={label} value={value} onChange={(next) => onChange(next as T)}>
      <SimpleGrid cols={{ base: 1, xs: cols }} spacing="xs" mt={6}>
        {choices.map((choice) => (
          <label
            key={choice.value}
            htmlFor={`${id}-${choice.value}`}
            className={classes.card}
            data-chosen={choice.value === value || undefined}
            data-disabled={choice.disabled || undefined}
          >
            <Radio
              id={`${id}-${choice.value}`}
              value={choice.value}
              disabled={choice.disabled ?? false}
              aria-label={choice.title}
              aria-describedby={`${id}-${choice.value}-line`}
              classNames={{ root: classes.radio }}
            />
            <span className={classes.words}>
              <Text component="span" fw={550} className={classes.title}>
                {choice.title}
                {choice.code ? <span className={classes.code}>{choice.code}</span> : null}
              </Text>
              <Text component="span" size="xs" c="dimmed" id={`${id}-${choice.value}-line`}>
                {choice.line}
              </Text>
            </span>
          </label>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}
