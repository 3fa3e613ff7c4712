import { Badge, NativeSelect } from '@mantine/core';
import {
  IconAlertTriangle,
  IconFile,
  IconFolder,
  IconLock,
  IconLockOpen,
  type IconProps,
  IconRefresh,
  IconShieldCheck,
  IconX,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { RowAction } from '../../components/RowAction.tsx';
import { RowBadge } from '../../components/RowBadge.tsx';
import { formatBytes, plural } from '../../lib/format.ts';
import { type Doing, type FolderChoice, folderChoices, openingKey } from './choice.ts';
import classes from './files.module.css';
import { ShareButton } from './ShareButton.tsx';
import { type FileAction, type PlanItem, removeFromReview } from './store.ts';
import { visibleName } from './visible-name.ts';

const actions: Readonly<Record<FileAction, { label: string; color: string; icon: ComponentType<IconProps> }>> = {
  encrypt: { label: 'Encrypt', color: 'petrol', icon: IconLock },
  decrypt: { label: 'Decrypt', color: 'brass', icon: IconLockOpen },
  verify: { label: 'Check only', color: 'gray', icon: IconShieldCheck },
  reencrypt: { label: 'Re-encrypt', color: 'petrol', icon: IconRefresh },
};

interface Props {
  readonly item: PlanItem;
  /** Nothing for what cannot be done. */
  readonly doing: Doing | undefined;
  readonly choice: FolderChoice;
  readonly onChoice: (choice: FolderChoice) => void;
  /** Where results go, in words. */
  readonly result: string;
  readonly knownKeys: ReadonlySet<string> | null;
}

/** One thing on the list, and what would become of it. */
export function ReviewRow({ item, doing, choice, onChoice, result, knownKeys }: Props) {
  const { label, color, icon: Icon } = actions[doing?.action ?? 'encrypt'];
  const keyArn = openingKey(item, knownKeys);
  const foreign = keyArn !== undefined && knownKeys !== null && !knownKeys.has(keyArn);
  return (
    <div className={classes.row}>
      {item.kind === 'folder' ? <IconFolder size={20} aria-hidden /> : <IconFile size={20} aria-hidden />}
      <div className={classes.words}>
        <div className={classes.name} title={item.path}>
          {visibleName(item.name)}
        </div>
        {!doing && item.problem ? (
          <div className={classes.problem} data-grave>
            {item.problem.message}
          </div>
        ) : (
          <div className={classes.note} title={item.output}>
            {formatBytes(item.size)}
            {item.kind === 'folder' ? ` in ${plural(item.files, 'file')}` : ''}
            {result}
          </div>
        )}
        {foreign ? (
          <div className={classes.problem}>
            {item.keyArns?.length === 1 ? 'Its key is not' : 'None of its keys is'} in this Region of this vault:{' '}
            {item.keyArns?.join(', ')}
          </div>
        ) : null}
      </div>
      {item.kind === 'folder' ? (
        <NativeSelect
          size="xs"
          aria-label={`What to do with ${visibleName(item.name)}`}
          value={choice}
          onChange={(event) => onChoice(event.currentTarget.value as FolderChoice)}
          data={[...folderChoices]}
        />
      ) : null}
      {item.signed ? <Badge variant="light">Signed</Badge> : null}
      {!doing ? (
        <RowBadge color="red" icon={<IconAlertTriangle size={12} aria-hidden />}>
          Cannot be done
        </RowBadge>
      ) : (
        <RowBadge color={color} icon={<Icon size={12} aria-hidden />}>
          {label}
        </RowBadge>
      )}
      {keyArn && !foreign && knownKeys ? (
        <ShareButton name={visibleName(item.name)} keyArn={keyArn} context={item.context} />
      ) : null}
      <RowAction
        icon={IconX}
        label={`Take ${visibleName(item.name)} off the list`}
        onClick={() => removeFromReview([item.path])}
      />
    </div>
  );
}
