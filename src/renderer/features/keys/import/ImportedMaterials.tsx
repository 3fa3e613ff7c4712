import { Badge, Button, Group, Skeleton, Table, Text } from '@mantine/core';
import { useState } from 'react';
import { ActionsHeading } from '../../../components/ActionsHeading.tsx';
import { ConfirmDestructive } from '../../../components/ConfirmDestructive.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { Identifier } from '../../../components/Identifier.tsx';
import { RelativeTime } from '../../../components/RelativeTime.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { formatDateTime } from '../../../lib/format.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { useLoad } from '../../../lib/use-call.ts';
import { deedsOf } from '../deeds.ts';
import { Dependents } from '../dependents/Dependents.tsx';
import { keyName, refusal } from '../model.ts';
import type { PanelProps } from '../panel.tsx';
import { type ImportedMaterial, importedCall, importedMaterials } from './imported-materials.ts';
import { StepPaper } from './StepPaper.tsx';

const stateWords: Readonly<Record<NonNullable<ImportedMaterial['state']>, string>> = {
  CURRENT: 'Current',
  NON_CURRENT: 'Decrypts only',
  PENDING_ROTATION: 'Waits for the next rotation',
  PENDING_MULTI_REGION_IMPORT_AND_ROTATION: 'To be imported in every Region, then rotated to',
};

/** What was imported, until when it is good, and deleting it. */
export function ImportedMaterials({ detail, region }: PanelProps) {
  const { data, error, reload } = useLoad(
    `imported ${region} ${detail.KeyId}`,
    () => importedMaterials(detail, region),
    ['kms.changed'],
  );
  const [leaving, setLeaving] = useState<ImportedMaterial>();
  const says = refusal('DeleteImportedKeyMaterial', detail.KeyState);
  if (error) return <ErrorNotice error={error} onRetry={reload} />;
  if (!data) return <Skeleton height={90} />;
  if (data.length === 0) return null;
  return (
    <StepPaper
      title="Imported material"
      lead="You keep the original. Coffer never gives material back."
      aside={<ShowAs {...importedCall(detail)} region={region} />}
    >
      <Table.ScrollContainer minWidth={480}>
        <Table aria-label="Imported material" verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Material</Table.Th>
              <Table.Th>State</Table.Th>
              <Table.Th>Expires</Table.Th>
              <ActionsHeading />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {data.map((material) => (
              <Table.Tr key={material.id}>
                <Table.Td>
                  <Identifier value={material.id} keep={8} />
                </Table.Td>
                <Table.Td>
                  {material.here ? (
                    material.state ? (
                      stateWords[material.state]
                    ) : (
                      'Imported'
                    )
                  ) : (
                    <Badge variant="light" color="yellow">
                      Missing: import it again
                    </Badge>
                  )}
                </Table.Td>
                <Table.Td>
                  {!material.here ? (
                    '–'
                  ) : material.validTo ? (
                    <>
                      {formatDateTime(material.validTo)}, <RelativeTime value={material.validTo} />
                    </>
                  ) : (
                    'never'
                  )}
                </Table.Td>
                <Table.Td>
                  <Group justify="flex-end">
                    {material.here ? (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        color="red"
                        disabled={says !== null}
                        aria-label={`Delete material ${material.id.slice(0, 8)}`}
                        onClick={() => setLeaving(material)}
                      >
                        Delete
                      </Button>
                    ) : null}
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {says ? <Text c="dimmed">{says} Its material stays as it is.</Text> : null}
      <Delete material={leaving} onClose={() => setLeaving(undefined)} detail={detail} region={region} />
    </StepPaper>
  );
}

function Delete({
  material,
  onClose,
  detail,
  region,
}: PanelProps & { material: ImportedMaterial | undefined; onClose: () => void }) {
  const input = {
    KeyId: detail.KeyId,
    ...(material && detail.KeySpec === 'SYMMETRIC_DEFAULT' ? { KeyMaterialId: material.id } : {}),
  };
  return (
    <ConfirmDestructive
      opened={material !== undefined}
      onClose={onClose}
      title="Delete the imported material"
      confirmText="Delete material"
      typed={keyName(detail)}
      onConfirm={async () => {
        const answer = await kms('DeleteImportedKeyMaterial', input, region);
        notifySuccess('The key itself stays, with its aliases and policy.', 'Material deleted', { answer });
        onClose();
      }}
      showAs={<ShowAs operation="DeleteImportedKeyMaterial" input={input} region={region} />}
    >
      <Text style={{ overflowWrap: 'anywhere' }}>
        {material?.state?.startsWith('PENDING')
          ? 'It was never rotated to, and is forgotten.'
          : `From then on ${keyName(detail)} ${deedsOf(detail).nothing}, until you import the same material again. If you have lost the original, that is for ever.`}
      </Text>
      {material && !material.state?.startsWith('PENDING') ? <Dependents detail={detail} act="pause" /> : null}
    </ConfirmDestructive>
  );
}
