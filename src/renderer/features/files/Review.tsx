import {
  ActionIcon,
  Alert,
  Anchor,
  Badge,
  Button,
  Collapse,
  Group,
  Paper,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Text,
  Title,
} from '@mantine/core';
import {
  IconAlertTriangle,
  IconFile,
  IconFolder,
  IconLock,
  IconLockOpen,
  type IconProps,
  IconShieldCheck,
  IconX,
} from '@tabler/icons-react';
import { type ComponentType, useMemo, useState } from 'react';
import { ContextEditor } from '../../components/ContextEditor.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { invoke } from '../../lib/api.ts';
import { formatBytes, plural, shorten } from '../../lib/format.ts';
import { notifyError } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';
import { blobInFile } from '../../lib/show-as.ts';
import { keyName, useKeys } from '../keys/index.ts';
import classes from './files.module.css';
import {
  clearReview,
  type FileAction,
  type OnConflict,
  type PlanItem,
  removeFromReview,
  setOutputFolder,
  useFiles,
} from './store.ts';
import { visibleName } from './visible-name.ts';

/** Enough keys to choose from; typing finds the others. */
const KEYS_SHOWN = 50;

/** What was dropped, what would happen to it, and the choices; nothing happens before the button. */
export function Review() {
  const plan = useFiles((state) => state.plan);
  const outputFolder = useFiles((state) => state.outputFolder);
  const region = useSession((session) => session.region);
  const { keys } = useKeys();
  const [chosen, setChosen] = useState<string | null>(null);
  const [context, setContext] = useState<Record<string, string>>({});
  const [signed, setSigned] = useState(false);
  /** What becomes of the encrypted files. */
  const [opening, setOpening] = useState<'decrypt' | 'verify'>('decrypt');
  const [onConflict, setOnConflict] = useState<OnConflict>('fail');
  // A folder chosen for an earlier list still holds: it must be seen.
  const [more, setMore] = useState(outputFolder !== '');
  const [busy, setBusy] = useState(false);

  const good = plan.filter((item) => !item.problem);
  const encrypting = good.filter((item) => item.action === 'encrypt');
  const sealed = good.filter((item) => item.action === 'decrypt');
  const decrypting = opening === 'decrypt' ? sealed : [];
  const checking = opening === 'verify' ? sealed : [];
  const options = useMemo(
    () =>
      (keys ?? [])
        .filter((key) => key.KeyState === 'Enabled' && key.KeySpec === 'SYMMETRIC_DEFAULT')
        .map((key) => ({ value: key.KeyId, label: keyName(key) })),
    [keys],
  );
  const known = useMemo(() => (keys ? new Set(keys.map((key) => key.Arn)) : null), [keys]);
  const keyId = chosen ?? options[0]?.value ?? null;
  const chosenName = options.find((option) => option.value === keyId)?.label ?? '';
  const conflicts = [...encrypting, ...decrypting].filter((item) => item.exists).length;

  const start = async () => {
    setBusy(true);
    try {
      await invoke('files.start', {
        items: good.map(({ path, action }) => ({ path, action: action === 'decrypt' ? opening : action })),
        region,
        onConflict,
        ...(encrypting.length > 0 && keyId ? { keyId, signed, context } : {}),
        ...(outputFolder ? { outputFolder } : {}),
      });
      clearReview();
    } catch (error) {
      notifyError(error);
    } finally {
      setBusy(false);
    }
  };

  const words = [
    encrypting.length > 0 ? `Encrypt ${plural(encrypting.length, 'item')} with ${shorten(chosenName, 14)}` : '',
    decrypting.length > 0
      ? `${encrypting.length > 0 ? 'decrypt' : 'Decrypt'} ${plural(decrypting.length, 'file')}`
      : '',
    checking.length > 0 ? `${encrypting.length > 0 ? 'check' : 'Check'} ${plural(checking.length, 'file')}` : '',
  ].filter(Boolean);
  const blocked = good.length === 0 || (encrypting.length > 0 && !keyId);

  return (
    <Paper withBorder p="md" component="section" aria-label="What will happen">
      <Stack gap="md">
        <Group justify="space-between">
          <Title order={2} size="h4">
            What will happen
          </Title>
          <Button variant="subtle" size="compact-sm" onClick={clearReview}>
            Clear the list
          </Button>
        </Group>
        <ul className={classes.list}>
          {plan.map((item) => (
            <ReviewRow
              key={item.path}
              item={item}
              action={item.action === 'decrypt' ? opening : item.action}
              knownKeys={known}
            />
          ))}
        </ul>
        {sealed.length > 0 ? (
          <Group gap="sm">
            <SegmentedControl
              aria-label="What to do with encrypted files"
              value={opening}
              onChange={(value) => setOpening(value as 'decrypt' | 'verify')}
              data={[
                { value: 'decrypt', label: 'Decrypt' },
                { value: 'verify', label: 'Check only' },
              ]}
            />
            {opening === 'verify' ? (
              <Text size="xs" c="dimmed" flex={1} miw="16rem">
                Reads each file to its end and checks every part and the signature. Nothing is written; the key's use is
                recorded.
              </Text>
            ) : null}
          </Group>
        ) : null}
        {encrypting.length > 0 ? (
          <Select
            label="Key"
            description="The files are encrypted with data keys that this key seals. Its use is recorded."
            data={options}
            value={keyId}
            onChange={setChosen}
            searchable
            limit={KEYS_SHOWN}
            allowDeselect={false}
            nothingFoundMessage="No enabled key of that name"
            error={
              keys && options.length === 0
                ? 'There is no enabled symmetric key in this Region. Make one on the Keys screen.'
                : undefined
            }
          />
        ) : null}
        {conflicts > 0 ? (
          <Alert
            color="yellow"
            icon={<IconAlertTriangle size={18} aria-hidden />}
            title={`${plural(conflicts, 'result')} would meet a file that is there already`}
          >
            <SegmentedControl
              aria-label="When a result is there already"
              value={onConflict}
              onChange={(value) => setOnConflict(value as OnConflict)}
              data={[
                { value: 'fail', label: 'Stop and ask' },
                { value: 'rename', label: 'Keep both' },
                { value: 'replace', label: 'Replace' },
              ]}
            />
          </Alert>
        ) : null}
        <div>
          <Anchor component="button" type="button" aria-expanded={more} onClick={() => setMore(!more)}>
            {more
              ? 'Fewer choices'
              : encrypting.length > 0
                ? 'More choices: output folder, signature, context'
                : 'More choices: output folder'}
          </Anchor>
          <Collapse expanded={more}>
            <Stack gap="md" mt="xs">
              <PathField
                label="Output folder"
                description="Beside the original when left empty."
                value={outputFolder}
                onChange={(path) => void setOutputFolder(path)}
                pick="folder"
                pickTitle="Folder for the results"
              />
              {encrypting.length > 0 ? (
                <>
                  <Switch
                    checked={signed}
                    onChange={(event) => setSigned(event.currentTarget.checked)}
                    label="Sign the files"
                    description="Proves that whoever may only decrypt did not write them. Slower; needed when readers and writers differ."
                  />
                  <ContextEditor value={context} onChange={setContext} />
                </>
              ) : null}
            </Stack>
          </Collapse>
        </div>
        <Group justify="space-between" className={classes.actions}>
          <Button onClick={() => void start()} disabled={blocked} loading={busy}>
            {words.join(' and ') || 'Nothing to do'}
          </Button>
          {encrypting.length > 0 && keyId ? (
            <ShowAs
              operation="GenerateDataKey"
              input={{
                KeyId: keyId,
                NumberOfBytes: 32,
                ...(Object.keys(context).length > 0 ? { EncryptionContext: context } : {}),
              }}
              region={region}
            />
          ) : sealed[0]?.keyArn ? (
            <ShowAs
              operation="Decrypt"
              input={{
                CiphertextBlob: blobInFile,
                KeyId: sealed[0].keyArn,
                ...(Object.keys(sealed[0].context ?? {}).length > 0 ? { EncryptionContext: sealed[0].context } : {}),
              }}
              region={sealed[0].keyArn.split(':')[3] ?? region}
            />
          ) : null}
        </Group>
      </Stack>
    </Paper>
  );
}

const doing: Readonly<Record<FileAction, { label: string; color: string; icon: ComponentType<IconProps> }>> = {
  encrypt: { label: 'Encrypt', color: 'petrol', icon: IconLock },
  decrypt: { label: 'Decrypt', color: 'brass', icon: IconLockOpen },
  verify: { label: 'Check only', color: 'gray', icon: IconShieldCheck },
};

interface RowProps {
  readonly item: PlanItem;
  readonly action: FileAction;
  readonly knownKeys: ReadonlySet<string> | null;
}

function ReviewRow({ item, action, knownKeys }: RowProps) {
  const { label, color, icon: Icon } = doing[action];
  const foreign =
    item.action === 'decrypt' && item.keyArn !== undefined && knownKeys !== null && !knownKeys.has(item.keyArn);
  const output = item.output.split(/[\\/]/).at(-1) ?? '';
  return (
    <li className={classes.row}>
      {item.kind === 'folder' ? <IconFolder size={20} aria-hidden /> : <IconFile size={20} aria-hidden />}
      <div className={classes.words}>
        <Text fw={550} truncate title={item.path}>
          {visibleName(item.name)}
        </Text>
        {item.problem ? (
          <Text size="xs" c="red" className={classes.problem}>
            {item.problem.message}
          </Text>
        ) : (
          <Text size="xs" c="dimmed" truncate title={item.output}>
            {formatBytes(item.size)}
            {item.kind === 'folder' ? ` in ${plural(item.files, 'file')}` : ''}
            {action === 'verify' ? '' : ` → ${visibleName(output)}${item.exists ? ' (is there already)' : ''}`}
          </Text>
        )}
        {foreign ? (
          <Text size="xs" c="yellow" className={classes.problem}>
            Its key is not in this Region of this vault: {item.keyArn}
          </Text>
        ) : null}
      </div>
      {item.signed && item.action === 'decrypt' ? <Badge variant="light">Signed</Badge> : null}
      {item.problem ? (
        <Badge color="red" variant="light" leftSection={<IconAlertTriangle size={12} aria-hidden />}>
          Cannot be done
        </Badge>
      ) : (
        <Badge variant="light" color={color} leftSection={<Icon size={12} aria-hidden />}>
          {label}
        </Badge>
      )}
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Take ${visibleName(item.name)} off the list`}
        onClick={() => removeFromReview(item.path)}
      >
        <IconX size={16} aria-hidden />
      </ActionIcon>
    </li>
  );
}
