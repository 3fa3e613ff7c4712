import { Anchor, Code, Group, Paper, Text } from '@mantine/core';
import { algorithmsOf } from '../../../shared/kms/specs.ts';
import { Identifier } from '../../components/Identifier.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { formatDate, formatDateTime } from '../../lib/format.ts';
import { Fact, Facts } from './Facts.tsx';
import { specWords } from './kinds.ts';
import { type KeyDetail, originWord, rotatesHere, usageWord } from './model.ts';

/** What the key is. */
export function OverviewTab({ detail, region }: { detail: KeyDetail; region: string }) {
  const algorithms = Object.values(algorithmsOf(detail.KeySpec, detail.KeyUsage)).flat();
  const current = detail.Materials.find((material) => material.Current);
  return (
    <Paper withBorder p="md">
      <Facts>
        <Fact name="Key id">
          <Identifier value={detail.KeyId} whole />
        </Fact>
        <Fact name="ARN">
          <Identifier value={detail.Arn} whole />
        </Fact>
        <Fact name="Region">{detail.MultiRegion ? `${region}, multi-Region key` : region}</Fact>
        <Fact name="Aliases">{detail.Aliases.length > 0 ? detail.Aliases.join(', ') : 'none'}</Fact>
        <Fact name="Description">{detail.Description || 'none'}</Fact>
        <Fact name="Spec">
          {specWords[detail.KeySpec].name} ({detail.KeySpec})
        </Fact>
        <Fact name="Usage">
          {detail.KeyUsage}: {usageWord(detail.KeyUsage).toLowerCase()}
        </Fact>
        <Fact name={algorithms.length > 1 ? 'Algorithms' : 'Algorithm'}>{algorithms.join(', ')}</Fact>
        <Fact name="Origin">{originWord(detail.Origin)}</Fact>
        {detail.CustomKeyStoreId ? (
          <Fact name="Key store">
            <Identifier value={detail.CustomKeyStoreId} whole /> <Anchor href="#/key-stores">Key stores</Anchor>
          </Fact>
        ) : null}
        <Fact name="Created">
          {formatDateTime(detail.CreationDate)}, <RelativeTime value={detail.CreationDate} />
        </Fact>
        <Fact name="Last used">{detail.LastUsedDate ? <RelativeTime value={detail.LastUsedDate} /> : 'never'}</Fact>
        <Fact name="Rotation">
          {detail.RotationEnabled
            ? `Every ${detail.RotationPeriodInDays} days${
                detail.NextRotationDate ? `, next on ${formatDate(detail.NextRotationDate)}` : ''
              }`
            : rotatesHere(detail)
              ? 'Off'
              : 'Such keys do not rotate'}
        </Fact>
        {detail.MaterialExpirationDate ? (
          <Fact name="Material expires">
            {formatDateTime(detail.MaterialExpirationDate)}, <RelativeTime value={detail.MaterialExpirationDate} />
          </Fact>
        ) : null}
        {current ? (
          <Fact name="Current material">
            <Identifier value={current.KeyMaterialId} keep={16} />
          </Fact>
        ) : null}
        <Fact name="Tags">
          {detail.Tags.length > 0 ? (
            <Group gap={6} role="list">
              {detail.Tags.map((tag) => (
                <Code key={tag.TagKey} role="listitem">
                  {tag.TagKey}={tag.TagValue}
                </Code>
              ))}
            </Group>
          ) : (
            'none'
          )}
        </Fact>
      </Facts>
      <Group justify="space-between" mt="sm">
        <Text size="xs" c="dimmed">
          At AWS, DescribeKey, ListAliases, GetKeyRotationStatus and ListResourceTags answer this.
        </Text>
        <ShowAs operation="DescribeKey" input={{ KeyId: detail.KeyId }} region={region} />
      </Group>
    </Paper>
  );
}
