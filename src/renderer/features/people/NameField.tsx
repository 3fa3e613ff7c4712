import { TextInput } from '@mantine/core';

/** Why a name cannot be one of a user, role or device, or `null`; nothing typed is no problem yet. */
export function nameProblem(name: string): string | null {
  if (name === '' || /^[\w+=,.@-]{1,64}$/.test(name)) return null;
  return name.length > 64 ? 'At most 64 characters.' : 'Only letters, digits and + = , . @ _ - are allowed.';
}

interface Props {
  readonly label: string;
  readonly description: string;
  readonly value: string;
  readonly onChange: (name: string) => void;
}

/** A field for the name of a user, role or device; the first of its dialog. */
export function NameField({ label, description, value, onChange }: Props) {
  return (
    <TextInput
      label={label}
      description={description}
      value={value}
      error={nameProblem(value)}
      onChange={(event) => onChange(event.currentTarget.value.trim())}
      autoComplete="off"
      spellCheck={false}
      data-autofocus
    />
  );
}
