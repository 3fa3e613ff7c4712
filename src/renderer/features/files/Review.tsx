import {
  Alert,
  Anchor,
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
import { IconAlertTriangle } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { inCalls } from '../../../shared/contract/paths-per-call.ts';
import { ContextEditor } from '../../components/ContextEditor.tsx';
import { PathField } from '../../components/PathField.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { VirtualList } from '../../components/VirtualList.tsx';
import { invoke } from '../../lib/api.ts';
import { plural, shorten } from '../../lib/format.ts';
import { notifyError } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';
import { blobInFile } from '../../lib/show-as.ts';
import { keyName, useKeys } from '../keys/index.ts';
import { Conflicts } from './Conflicts.tsx';
import { doingOf, type FolderChoice, openingKey, resultWords, startWords, usualChoice } from './choice.ts';
import classes from './files.module.css';
import { RenewChoices } from './RenewChoices.tsx';
import { ReviewRow } from './ReviewRow.tsx';
import {
  clearReview,
  type OnConflict,
  type Opening,
  removeFromReview,
  setOpening,
  setOutputFolder,
  useFiles,
} from './store.ts';

/** Enough keys to choose from; typing finds the others. */
const KEYS_SHOWN = 50;

/** What was dropped, what would happen to it, and the choices; nothing happens before the button. */
export function Review() {
  const plan = useFiles((state) => state.plan);
  const outputFolder = useFiles((state) => state.outputFolder);
  const folderRefused = useFiles((state) => state.folderRefused);
  const opening = useFiles((state) => state.opening);
  const region = useSession((session) => session.region);
  const trashes = useSession((session) => session.info?.trashes === true);
  const { keys } = useKeys();
  const [chosen, setChosen] = useState<string | null>(null);
  const [context, setContext] = useState<Record<string, string>>({});
  const [signed, setSigned] = useState(false);
  const [choices, setChoices] = useState<ReadonlyMap<string, FolderChoice>>(new Map());
  const [hideNames, setHideNames] = useState(false);
  const [trashOriginals, setTrashOriginals] = useState(false);
  const [keepOld, setKeepOld] = useState(false);
  const [onConflict, setOnConflict] = useState<OnConflict>('fail');
  // A folder chosen for an earlier list still holds: it must be seen.
  const [more, setMore] = useState(outputFolder !== '');
  const [busy, setBusy] = useState(false);

  const doings = plan.map((item) => doingOf(item, choices.get(item.path), opening));
  const good = doings.filter((doing) => doing !== undefined);
  const sealed = plan.filter((item) => item.action === 'decrypt' && !item.problem);
  const encrypting = good.filter(({ action }) => action === 'encrypt');
  const renewing = good.filter(({ action }) => action === 'reencrypt');
  const sealing = encrypting.length + renewing.length > 0;
  const hiding = hideNames && encrypting.some(({ each }) => each);
  const options = useMemo(
    () =>
      (keys ?? [])
        .filter((key) => key.KeyState === 'Enabled' && key.KeySpec === 'SYMMETRIC_DEFAULT')
        .map((key) => ({ value: key.KeyId, label: keyName(key), arn: key.Arn })),
    [keys],
  );
  const known = useMemo(() => (keys ? new Set(keys.map((key) => key.Arn)) : null), [keys]);
  const sealedKey = sealed[0] && openingKey(sealed[0], known);
  // Another key than the one they are under is a choice to be made.
  const keyId = chosen ?? (encrypting.length > 0 ? options[0]?.value : undefined) ?? null;
  const key = options.find((option) => option.value === keyId);
  const conflicts = good.filter(
    ({ item, action, each }) => item.exists && !each && (action === 'encrypt' || action === 'decrypt'),
  ).length;
  const writesEach =
    good.some(({ each, action }) => each && (action === 'decrypt' || (action === 'encrypt' && !hideNames))) ||
    (renewing.length > 0 && outputFolder !== '');
  const already = renewing.filter(({ item }) => item.keyArns?.every((arn) => arn === key?.arn)).length;

  const start = async () => {
    setBusy(true);
    const wish = {
      region,
      // An answer that is not shown any more was given for another list.
      onConflict: conflicts > 0 || writesEach ? onConflict : 'fail',
      ...(sealing && key ? { keyId: key.arn, signed } : {}),
      ...(encrypting.length > 0 ? { context, hideNames: hiding, trashOriginals: trashes && trashOriginals } : {}),
      ...(renewing.length > 0 ? { keepOld } : {}),
      ...(outputFolder ? { outputFolder } : {}),
    };
    const begun: string[] = [];
    try {
      for (const items of inCalls(good.map(({ item, action, each }) => ({ path: item.path, action, each })))) {
        await invoke('files.start', { items, ...wish });
        for (const { path } of items) begun.push(path);
      }
      clearReview();
    } catch (error) {
      removeFromReview(begun);
      notifyError(error);
    } finally {
      setBusy(false);
    }
  };

  const blocked = good.length === 0 || (sealing && !key) || folderRefused;

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
        <VirtualList items={plan} keyOf={(item) => item.path} label="What was dropped" maxHeight="22rem" rowHeight={58}>
          {(item, at) => {
            const doing = doings[at];
            return (
              <ReviewRow
                item={item}
                doing={doing}
                choice={choices.get(item.path) ?? usualChoice(item, opening)}
                onChoice={(choice) => setChoices(new Map(choices).set(item.path, choice))}
                result={doing ? resultWords(doing, { outputFolder, hideNames, keepOld }) : ''}
                knownKeys={known}
              />
            );
          }}
        </VirtualList>
        {sealed.length > 0 ? (
          <Group gap="sm">
            <SegmentedControl
              aria-label="What to do with encrypted files"
              value={opening}
              onChange={(value) => setOpening(value as Opening)}
              data={[
                { value: 'decrypt', label: 'Decrypt' },
                { value: 'verify', label: 'Check only' },
                { value: 'reencrypt', label: 'Re-encrypt' },
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
        {renewing.length > 0 ? (
          <RenewChoices doings={renewing} outputFolder={outputFolder} keepOld={keepOld} onKeepOld={setKeepOld} />
        ) : null}
        {encrypting.some(({ each }) => each) ? (
          <Switch
            checked={hideNames}
            onChange={(event) => setHideNames(event.currentTarget.checked)}
            label="Hide names and structure"
            description="The results get random names in one new folder; their own names are inside, encrypted. How many files there are and how long they are can still be seen. Decrypting the folder gives everything back."
          />
        ) : null}
        {sealing ? (
          <Select
            label={encrypting.length > 0 ? 'Key' : 'New key'}
            placeholder="Alias or id"
            description={
              already > 0
                ? `${plural(already, 'file is', 'files are')} under this key already and will get a new data key, under its present material.`
                : 'The files are encrypted with data keys that this key seals. Its use is recorded.'
            }
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
        {encrypting.length > 0 && trashes ? (
          <Switch
            checked={trashOriginals}
            onChange={(event) => setTrashOriginals(event.currentTarget.checked)}
            label="Move the originals to the trash"
            description="Only once the encrypted files were written, read back and opened. An original that was changed meanwhile stays where it is."
          />
        ) : null}
        {conflicts > 0 ? (
          <Alert
            color="yellow"
            icon={<IconAlertTriangle size={18} aria-hidden />}
            title={`${plural(conflicts, 'result')} would meet a file that is there already`}
          >
            <Conflicts value={onConflict} onChange={setOnConflict} />
          </Alert>
        ) : writesEach ? (
          <Group gap="sm">
            <Text size="sm">When a result of the folder is there already</Text>
            <Conflicts value={onConflict} onChange={setOnConflict} />
          </Group>
        ) : null}
        <div>
          <Anchor component="button" type="button" aria-expanded={more} onClick={() => setMore(!more)}>
            {more
              ? 'Fewer choices'
              : encrypting.length > 0
                ? 'More choices: output folder, signature, context'
                : 'More choices: output folder'}
          </Anchor>
          <Collapse expanded={more || folderRefused}>
            <Stack gap="md" mt="xs">
              <PathField
                label="Output folder"
                description="Beside the original when left empty."
                required={false}
                value={outputFolder}
                onChange={(path) => void setOutputFolder(path)}
                error={folderRefused ? 'Give the whole path of a folder, from its beginning.' : undefined}
                pick="folder"
                pickTitle="Folder for the results"
              />
              {encrypting.length > 0 ? (
                <>
                  <Switch
                    checked={signed}
                    onChange={(event) => setSigned(event.currentTarget.checked)}
                    label="Sign the files"
                    description="Shows whether the file was made by somebody who may encrypt, and not by one of its readers. Slower; for when readers and writers are not the same people."
                  />
                  <ContextEditor value={context} onChange={setContext} />
                </>
              ) : null}
            </Stack>
          </Collapse>
        </div>
        <Group justify="space-between" className={classes.actions}>
          <Button onClick={() => void start()} disabled={blocked} loading={busy}>
            {startWords(good, key ? shorten(key.label, 14) : 'another key')}
          </Button>
          {sealing && keyId ? (
            <ShowAs
              operation="GenerateDataKey"
              input={{
                KeyId: keyId,
                NumberOfBytes: 32,
                ...(encrypting.length > 0 && Object.keys(context).length > 0 ? { EncryptionContext: context } : {}),
              }}
              region={region}
              {...(renewing.length > 0
                ? { note: 'For each file that is re-encrypted, after Decrypt of its data key under the old key.' }
                : {})}
            />
          ) : sealed[0] && sealedKey ? (
            <ShowAs
              operation="Decrypt"
              input={{
                CiphertextBlob: blobInFile,
                KeyId: sealedKey,
                ...(Object.keys(sealed[0].context ?? {}).length > 0 ? { EncryptionContext: sealed[0].context } : {}),
              }}
              region={sealedKey.split(':')[3] ?? region}
            />
          ) : null}
        </Group>
      </Stack>
    </Paper>
  );
}
