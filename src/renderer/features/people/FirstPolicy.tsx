import { Select } from '@mantine/core';
import { templates } from './templates.ts';

/** What somebody new may do: one of the common policies, or nothing. */
export function FirstPolicy({ value, onChange }: { value: string | null; onChange: (id: string | null) => void }) {
  const chosen = templates.find(({ id }) => id === value);
  return (
    <Select
      label="What it may do"
      description={chosen?.line ?? 'Nothing, until a key policy, a grant or a policy of its own allows it.'}
      data={templates.map(({ id, title }) => ({ value: id, label: title }))}
      placeholder="Nothing yet"
      value={value}
      onChange={onChange}
      clearable
    />
  );
}
