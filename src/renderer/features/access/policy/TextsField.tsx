import { TagsInput } from '@mantine/core';
import classes from './policy.module.css';

/** Texts as chips: chosen from a list, or typed. */
export function TextsField({
  label,
  values,
  onChange,
  data,
  placeholder = '',
}: {
  label: string;
  values: readonly string[];
  onChange: (values: string[]) => void;
  data: readonly string[];
  placeholder?: string;
}) {
  return (
    <TagsInput
      aria-label={label}
      placeholder={values.length === 0 ? placeholder : ''}
      size="xs"
      data={data}
      value={[...values]}
      onChange={onChange}
      splitChars={[',', ' ', '\n']}
      limit={100}
      maxDropdownHeight={240}
      clearable={false}
      styles={{ inputField: { minWidth: '2.5rem' } }}
      comboboxProps={{ withinPortal: true }}
      classNames={{ pill: classes.mono, inputField: classes.mono, option: classes.mono }}
    />
  );
}
