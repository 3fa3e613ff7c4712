import { Anchor, Badge, Button, Group, Paper, Skeleton, Stack, Switch, Table, Text, Title } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { limits } from '../../../shared/kms/limits.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { formatDate, plural } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { keyPath } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { useAction, useKms, useLoad } from '../../lib/use-call.ts';
import { allRotations } from './all-rotations.ts';
import { KeyYears } from './calendar/KeyYears.tsx';
import { RotationPeriodField, rotationDays } from './days.tsx';
import { type KeyDetail, refusal } from './model.ts';
import { RotateNow } from './RotateNow.tsx';
import { undoRotation } from './undo.ts';

interface Props {
  readonly detail: KeyDetail;
  readonly region: string;
}
const period = limits.rotationPeriod;

/** When the key gets new material, and when it did. */
export function RotationTab({ detail, region }: Props) {
  const described = useKms('DescribeKey', detail.MultiRegion ? { KeyId: detail.KeyId } : null);
  if (detail.MultiRegion) {
    if (described.error) return <ErrorNotice error={described.error} onRetry={described.reload} />;
    if (!described.data) return <Skeleton height={180} role="status" aria-label="Loading the rotation" />;
    const primary = described.data.KeyMetadata.MultiRegionConfiguration?.PrimaryKey?.Region;
    if (primary !== undefined && primary !== region)
      return <ReplicaRotation detail={detail} region={region} primary={primary} />;
  }
  return (
    <Stack>
      {detail.Origin === 'AWS_KMS' ? (
        <Schedule detail={detail} region={region} />
      ) : (
        <Text c="dimmed">
          Imported material does not rotate by itself. Import new material first; rotating on demand then switches to
          it.
        </Text>
      )}
      <OnDemand detail={detail} region={region} />
      <KeyYears detail={detail} />
      <History detail={detail} region={region} />
    </Stack>
  );
}

/** A replica's rotation is the primary key's: what it is, and the way to it. */
function ReplicaRotation({ detail, region, primary }: Props & { primary: string }) {
  const setRegion = useSession((session) => session.setRegion);
  return (
    <Stack>
      <Paper withBorder p="md" component="section" aria-label="Rotation of the primary key">
        <Stack gap="sm">
          <Text>
            This key is a replica: the rotation of its primary key in <b>{primary}</b> applies to it. New material
            reaches every Region of the key.
          </Text>
          {detail.Origin === 'AWS_KMS' ? (
            <Text>
              {detail.RotationEnabled
                ? `The primary key rotates every ${plural(detail.RotationPeriodInDays ?? period.default, 'day')}.`
                : 'The primary key does not rotate by itself.'}
              {detail.RotationEnabled && detail.NextRotationDate ? (
                <>
                  {' '}
                  Next rotation <RelativeTime value={detail.NextRotationDate} />, on{' '}
                  {formatDate(detail.NextRotationDate)}.
                </>
              ) : null}
            </Text>
          ) : (
            <Text>Its material is imported, in each Region for itself, and rotates on demand at the primary key.</Text>
          )}
          <Group justify="space-between">
            <Group gap="xs">
              <Button variant="default" onClick={() => setRegion(primary)}>
                Open the rotation in {primary}
              </Button>
              <Anchor href={`#${keyPath(detail.KeyId, 'regions')}`} size="sm">
                Regions of the key
              </Anchor>
            </Group>
            <ShowAs operation="GetKeyRotationStatus" input={{ KeyId: detail.KeyId }} region={region} />
          </Group>
        </Stack>
      </Paper>
      <KeyYears detail={detail} />
      <History detail={detail} region={region} />
    </Stack>
  );
}

function Schedule({ detail, region }: Props) {
  const [enabled, setEnabled] = useState(detail.RotationEnabled);
  const [days, setDays] = useState<string | number>(detail.RotationPeriodInDays ?? period.default);
  useEffect(() => {
    setEnabled(detail.RotationEnabled);
    if (detail.RotationPeriodInDays !== undefined) setDays(detail.RotationPeriodInDays);
  }, [detail.RotationEnabled, detail.RotationPeriodInDays]);
  const valid = rotationDays(days) !== null;
  const changed =
    enabled !== detail.RotationEnabled || (enabled && Number(days) !== (detail.RotationPeriodInDays ?? period.default));
  const says = refusal('EnableKeyRotation', detail.KeyState);
  const input = { KeyId: detail.KeyId, ...(enabled && valid ? { RotationPeriodInDays: Number(days) } : {}) };
  const save = useAction(async () => {
    const answer = enabled
      ? await kms('EnableKeyRotation', input, region)
      : await kms('DisableKeyRotation', { KeyId: detail.KeyId }, region);
    notifySuccess(
      enabled ? `The key rotates every ${days} days.` : 'The key does not rotate by itself any more.',
      undefined,
      { answer, undo: undoRotation(detail, { RotationEnabled: enabled, RotationPeriodInDays: Number(days) }, region) },
    );
  });
  function onSubmit(event: FormEvent): void {
    event.preventDefault();
    if (changed && (valid || !enabled)) void save.run();
  }
  return (
    <Paper withBorder p="md" component="section" aria-label="Automatic rotation">
      <form onSubmit={onSubmit}>
        <Stack gap="sm">
          <Switch
            label="Automatic rotation"
            description="New material at the end of each period. Everything encrypted before still opens."
            checked={enabled}
            disabled={says !== null}
            onChange={(event) => setEnabled(event.currentTarget.checked)}
          />
          {enabled ? <RotationPeriodField value={days} onChange={setDays} disabled={says !== null} /> : null}
          {detail.RotationEnabled && detail.NextRotationDate ? (
            <Text>
              Next rotation <RelativeTime value={detail.NextRotationDate} />, on {formatDate(detail.NextRotationDate)}.
            </Text>
          ) : null}
          {says ? <Text c="dimmed">{says} Its rotation can be changed once that is over.</Text> : null}
          {save.error ? <ErrorNotice error={save.error} /> : null}
          <Group justify="space-between">
            <Button type="submit" loading={save.busy} disabled={!changed || says !== null || (enabled && !valid)}>
              Save
            </Button>
            <ShowAs
              operation={enabled ? 'EnableKeyRotation' : 'DisableKeyRotation'}
              input={enabled ? input : { KeyId: detail.KeyId }}
              region={region}
            />
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}

function OnDemand({ detail, region }: Props) {
  const [asking, setAsking] = useState(false);
  const says = refusal('RotateKeyOnDemand', detail.KeyState);
  return (
    <Paper withBorder p="md" component="section" aria-label="Rotation on demand">
      <Group justify="space-between">
        <div>
          <Text fw={500}>Rotation on demand</Text>
          <Text c="dimmed" size="xs">
            {plural(detail.OnDemandRotationsLeft, 'rotation')} of {limits.onDemandRotations} left.{' '}
            {says ?? 'For a day when waiting for the schedule is too long.'}
          </Text>
        </div>
        <Button
          variant="default"
          leftSection={<IconRefresh size={16} aria-hidden />}
          disabled={says !== null || detail.OnDemandRotationsLeft === 0}
          onClick={() => setAsking(true)}
        >
          Rotate now
        </Button>
      </Group>
      <RotateNow opened={asking} onClose={() => setAsking(false)} detail={detail} region={region} />
    </Paper>
  );
}

const typeWords = { AUTOMATIC: 'Automatic', ON_DEMAND: 'On demand' } as const;

function History({ detail, region }: Props) {
  const { data, error, reload } = useLoad(
    `rotations ${region} ${detail.KeyId}`,
    () => allRotations(detail.KeyId, region),
    ['kms.changed'],
  );
  return (
    <Paper withBorder p="md" component="section" aria-label="Key materials">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">
          Materials
        </Title>
        <ShowAs
          operation="ListKeyRotations"
          input={{ KeyId: detail.KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' }}
          region={region}
        />
      </Group>
      {error ? <ErrorNotice error={error} onRetry={reload} /> : null}
      <Table.ScrollContainer minWidth={480}>
        <Table aria-label="Key materials">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Material</Table.Th>
              <Table.Th>Since</Table.Th>
              <Table.Th>How</Table.Th>
              <Table.Th>State</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {(data ?? []).map((rotation) => (
              <Table.Tr key={rotation.KeyMaterialId}>
                <Table.Td>
                  <Identifier value={rotation.KeyMaterialId} keep={8} />
                </Table.Td>
                <Table.Td>
                  <RelativeTime value={rotation.RotationDate ?? detail.CreationDate} />
                </Table.Td>
                <Table.Td>
                  {rotation.RotationType
                    ? typeWords[rotation.RotationType]
                    : detail.Origin === 'EXTERNAL'
                      ? 'Imported'
                      : 'Made with the key'}
                </Table.Td>
                <Table.Td>
                  {rotation.KeyMaterialState === 'CURRENT' ? (
                    <Badge variant="light">Current: encrypts and decrypts</Badge>
                  ) : rotation.KeyMaterialState === 'NON_CURRENT' ? (
                    'Decrypts only'
                  ) : (
                    'Waits for the next rotation'
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Paper>
  );
}
