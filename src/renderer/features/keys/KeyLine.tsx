import { IconWorld } from '@tabler/icons-react';
import { memo } from 'react';
import { Identifier } from '../../components/Identifier.tsx';
import { KeyStateBadge } from '../../components/KeyStateBadge.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { RowCheckbox } from '../../components/RowCheckbox.tsx';
import { formatDate } from '../../lib/format.ts';
import { keyPath, navigate } from '../../lib/route.ts';
import classes from './key-table.module.css';
import { type KeyRow, keyName, regionOf, specWord, usageWord } from './model.ts';

interface RowProps {
  readonly row: KeyRow;
  readonly index: number;
  readonly top: number;
  readonly reached: boolean;
  readonly selected: boolean;
  readonly onReach: (index: number) => void;
  /** `range` reaches from the row that was chosen last. */
  readonly onToggle: (index: number, range: boolean) => void;
}

/** Whether a click was on something that does something itself. */
const isOnControl = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('a, button, input, label') !== null;

/** Rendered again only when it changes itself: a scroll through thousands of rows renders just the new ones. */
export const KeyLine = memo(function KeyLine({ row, index, top, reached, selected, onReach, onToggle }: RowProps) {
  const name = keyName(row);
  const more = row.Aliases.length - 1;
  return (
    <tr
      className={classes.row}
      style={{ transform: `translateY(${top}px)` }}
      aria-rowindex={index + 2}
      aria-selected={selected}
      tabIndex={reached ? 0 : -1}
      onFocus={() => onReach(index)}
      onClick={(event) => {
        if (isOnControl(event.target) || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
        onToggle(index, event.shiftKey);
      }}
      onMouseDown={(event) => {
        // Shift would mark the text between the two clicks.
        if (event.shiftKey) event.preventDefault();
      }}
      onDoubleClick={() => navigate(keyPath(row.KeyId))}
    >
      <td className={classes.check}>
        <RowCheckbox label={`Select ${name}`} checked={selected} onToggle={(shift) => onToggle(index, shift)} />
      </td>
      <td data-column="alias" className={classes.alias}>
        <a className={classes.link} href={`#${keyPath(row.KeyId)}`} tabIndex={-1} title={name}>
          {row.Aliases.length === 0 ? <span className={classes.unnamed}>no alias</span> : name}
        </a>
        {more > 0 ? (
          <span className={classes.more} title={row.Aliases.slice(1).join('\n')}>
            +{more} more
          </span>
        ) : null}
      </td>
      <td data-column="keyId">
        <Identifier value={row.KeyId} keep={6} plain />
      </td>
      <td data-column="spec" title={row.KeySpec}>
        {specWord(row.KeySpec)}
      </td>
      <td data-column="usage" title={row.KeyUsage}>
        {usageWord(row.KeyUsage)}
      </td>
      <td data-column="state">
        <KeyStateBadge state={row.KeyState} plain />
      </td>
      <td
        data-column="rotation"
        title={row.NextRotationDate ? `Next rotation ${formatDate(row.NextRotationDate)}` : undefined}
      >
        {row.RotationEnabled ? `Every ${row.RotationPeriodInDays} days` : 'Off'}
      </td>
      <td data-column="region" title={row.MultiRegion ? 'A multi-Region key' : undefined}>
        {regionOf(row)}
        {row.MultiRegion ? (
          <IconWorld size={14} role="img" aria-label="multi-Region" className={classes.world} />
        ) : null}
      </td>
      <td data-column="lastUsed">{row.LastUsedDate ? <RelativeTime value={row.LastUsedDate} plain /> : 'Never'}</td>
    </tr>
  );
});
