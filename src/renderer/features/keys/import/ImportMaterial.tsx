import { Button, Group, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { CallInput } from '../../../../shared/contract/index.ts';
import { limits } from '../../../../shared/kms/limits.ts';
import { DAY_MS } from '../../../../shared/time.ts';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { PathField } from '../../../components/PathField.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { invoke } from '../../../lib/api.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { folderOf, inNewFolder } from '../../../lib/paths.ts';
import { blobInFile } from '../../../lib/show-as.ts';
import { useAction } from '../../../lib/use-call.ts';
import { refusal } from '../model.ts';
import type { PanelProps } from '../panel.tsx';
import { finishedImport, type ImportWork } from './imports-store.ts';
import { StepPaper } from './StepPaper.tsx';
import { WRAPPED } from './WrapIt.tsx';

type ImportType = NonNullable<CallInput<'keys.importMaterial'>['importType']>;

/** Why the material cannot expire then, or `null`. */
function expiryProblem(at: Date | null): string | null {
  if (at === null || Number.isNaN(at.getTime())) return 'Choose a day and an hour.';
  const ahead = at.getTime() - Date.now();
  return ahead > 0 && ahead <= limits.importValidityDays * DAY_MS
    ? null
    : `In the future, at most ${limits.importValidityDays} days ahead.`;
}

/** Last step: the wrapped material comes back with its token. */
export function ImportMaterial({ detail, region, work }: PanelProps & { work: ImportWork | undefined }) {
  const [importToken, setImportToken] = useState(work?.importToken ?? '');
  const [material, setMaterial] = useState(
    work?.made?.wrapped ?? (work ? inNewFolder(folderOf(work.importToken), WRAPPED) : ''),
  );
  const [expires, setExpires] = useState(false);
  const [until, setUntil] = useState('');
  const again = detail.Materials.length > 0;
  const canAdd = again && detail.KeySpec === 'SYMMETRIC_DEFAULT' && detail.KeyState !== 'PendingImport';
  const [importType, setImportType] = useState<ImportType>('EXISTING_KEY_MATERIAL');
  const validTo = expires && until !== '' ? new Date(until) : null;
  const problem = expires ? expiryProblem(validTo) : null;
  const says = refusal('ImportKeyMaterial', detail.KeyState);
  const ready = importToken !== '' && material !== '' && problem === null && says === null;
  const run = useAction(async () => {
    const answer = await invoke('keys.importMaterial', {
      keyId: detail.KeyId,
      region,
      importToken,
      material,
      ...(validTo ? { validTo } : {}),
      ...(canAdd ? { importType } : {}),
    });
    finishedImport(detail.Arn);
    notifySuccess(
      canAdd && importType === 'NEW_KEY_MATERIAL'
        ? 'It takes over when the key is rotated.'
        : 'The key can be used with it.',
      'Material imported',
      { answer },
    );
  });
  const input = {
    KeyId: detail.KeyId,
    ImportToken: blobInFile,
    EncryptedKeyMaterial: blobInFile,
    ExpirationModel: expires ? 'KEY_MATERIAL_EXPIRES' : 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    ...(validTo && problem === null ? { ValidTo: validTo } : {}),
    ...(canAdd ? { ImportType: importType } : {}),
  };
  return (
    <StepPaper
      title="3. Import it"
      lead={
        again
          ? 'A key takes the same material again at any time. Other material is refused, so that a mix-up loses nothing.'
          : 'Choose or drop the two files. From then on this key takes only this material again.'
      }
      aside={<ShowAs operation="ImportKeyMaterial" input={input} region={region} />}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) void run.run();
        }}
      >
        <Stack gap="sm">
          <PathField
            label="Wrapped material"
            value={material}
            onChange={setMaterial}
            pick="files"
            pickTitle="The wrapped material"
          />
          <PathField
            label="Import token"
            value={importToken}
            onChange={setImportToken}
            pick="files"
            pickTitle="The import token"
          />
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Select
              label="Expiry"
              value={expires ? 'date' : 'never'}
              allowDeselect={false}
              data={[
                { value: 'never', label: 'Never' },
                { value: 'date', label: 'On a date' },
              ]}
              onChange={(value) => setExpires(value === 'date')}
            />
            {expires ? (
              <TextInput
                type="datetime-local"
                label="Expires on"
                description="The material is deleted then; the same can be imported again."
                value={until}
                error={until === '' ? null : problem}
                onChange={(event) => setUntil(event.currentTarget.value)}
              />
            ) : null}
          </SimpleGrid>
          {canAdd ? (
            <Select
              label="Which material"
              value={importType}
              allowDeselect={false}
              data={[
                { value: 'EXISTING_KEY_MATERIAL', label: 'The same again' },
                { value: 'NEW_KEY_MATERIAL', label: 'New material, to rotate to' },
              ]}
              onChange={(value) => value && setImportType(value as ImportType)}
              maw="24rem"
            />
          ) : null}
          {says ? <Text c="dimmed">{says} Nothing can be imported meanwhile.</Text> : null}
          {run.error ? <ErrorNotice error={run.error} /> : null}
          <Group>
            <Button type="submit" loading={run.busy} disabled={!ready}>
              Import material
            </Button>
          </Group>
        </Stack>
      </form>
    </StepPaper>
  );
}
