import { ActionIcon, Badge, NativeSelect, Text } from '@mantine/core';
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
import { formatBytes, plural } from '../../lib/format.ts';
import { type Doing, type FolderChoice, folderChoices } from './choice.ts';
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
  const foreign = item.keyArn !== undefined && knownKeys !== null && !knownKeys.has(item.keyArn);
  return (
    <div className={classes.row}>
      {item.kind === 'folder' ? <IconFolder size={20} aria-hidden /> : <IconFile size={20} aria-hidden />}
      <div className={classes.words}>
        <Text fw={550} truncate title={item.path}>
          {visibleName(item.name)}
        </Text>
        {!doing && item.problem ? (
          <Text size="xs" c="red" className={classes.problem}>
            {item.problem.message}
          </Text>
        ) : (
          <Text size="xs" c="dimmed" truncate title={item.output}>
            {formatBytes(item.size)}
            {item.kind === 'folder' ? ` in ${plural(item.files, 'file')}` : ''}
            {visibleName(result)}
          </Text>
        )}
        {foreign ? (
          <Text size="xs" c="yellow" className={classes.problem}>
            Its key is not in this Region of this vault: {item.keyArn}
          </Text>
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
        <Badge color="red" variant="light" leftSection={<IconAlertTriangle size={12} aria-hidden />}>
          Cannot be done
        </Badge>
      ) : (
        <Badge variant="light" color={color} leftSection={<Icon size={12} aria-hidden />}>
          {label}
        </Badge>
      )}
      {item.keyArn && !foreign && knownKeys ? (
        <ShareButton name={visibleName(item.name)} keyArn={item.keyArn} context={item.context} />
      ) : null}
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Take ${visibleName(item.name)} off the list`}
        onClick={() => removeFromReview(item.path)}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </div>
  );
}
