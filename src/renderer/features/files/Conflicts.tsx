import { SegmentedControl } from '@mantine/core';
import type { OnConflict } from './store.ts';

/** What to do where a result would meet a file. */
export function Conflicts({ value, onChange }: { value: OnConflict; onChange: (value: OnConflict) => void }) {
  return (
    <SegmentedControl
      aria-label="When a result is there already"
      value={value}
      onChange={(chosen) => onChange(chosen as OnConflict)}
      data={[
        { value: 'fail', label: 'Stop and ask' },
        { value: 'rename', label: 'Keep both' },
        { value: 'replace', label: 'Replace' },
      ]}
    />
  );
}
