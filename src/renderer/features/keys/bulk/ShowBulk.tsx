import { SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import { ShowAsPopover, ShowForEachTabs } from '../../../components/ShowAs.tsx';
import { plural } from '../../../lib/format.ts';
import type { KeyRow } from '../model.ts';

/** What a click does at once to each of some keys. */
interface ShownAct {
  /** Without the keys, as "Enable". */
  readonly title: string;
  readonly operation: 'EnableKey' | 'DisableKey' | 'CancelKeyDeletion';
  readonly keys: readonly KeyRow[];
}

interface Props {
  /** Those that fit none of the keys are left out. */
  readonly acts: readonly ShownAct[];
  readonly region: string;
}

/** Shows the calls of what the bar does without a dialog of its own. */
export function ShowBulk({ acts, region }: Props) {
  const fitting = acts.filter(({ keys }) => keys.length > 0);
  return fitting.length === 0 ? null : (
    <ShowAsPopover compact>
      <Shown acts={fitting} region={region} />
    </ShowAsPopover>
  );
}

function Shown({ acts, region }: Props) {
  const [wanted, setWanted] = useState<string>();
  const shown = acts.find(({ operation }) => operation === wanted) ?? acts[0];
  if (!shown) return null;
  const words = ({ title, keys }: ShownAct) => `${title} ${plural(keys.length, 'key')}`;
  return (
    <Stack gap="xs">
      <SegmentedControl
        size="xs"
        aria-label="Of what"
        value={shown.operation}
        onChange={setWanted}
        data={acts.map((act) => ({ value: act.operation, label: words(act) }))}
        style={{ alignSelf: 'flex-start' }}
      />
      <ShowForEachTabs
        key={shown.operation}
        operation={shown.operation}
        keyIds={shown.keys.map(({ KeyId }) => KeyId)}
        region={region}
      />
    </Stack>
  );
}
