import { Anchor, Button, Group, Paper, Skeleton, Stack, Table, Text } from '@mantine/core';
import { IconUserCheck } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { ActionsHeading } from '../../../components/ActionsHeading.tsx';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { Identifier } from '../../../components/Identifier.tsx';
import { RelativeTime } from '../../../components/RelativeTime.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { keyPath } from '../../../lib/route.ts';
import { useSession } from '../../../lib/session.ts';
import { useLoad } from '../../../lib/use-call.ts';
import { useKeys } from '../keys-store.ts';
import { type KeyRow, keyName } from '../model.ts';
import { GrantOperations } from './GrantOperations.tsx';
import { allRetirableGrants, type Grant, granteeLabel, granteeOf, retiringNames } from './grants.ts';
import { RetireGrant } from './RetireGrant.tsx';

/** The grants of the window's Region that whom the window acts as may retire, because they name it for that. */
export function RetirableGrants() {
  const region = useSession((session) => session.region);
  const principalArn = useSession((session) => session.principalArn);
  const [retiring, session] = retiringNames(principalArn);
  const { data, error, reload } = useLoad(
    region && principalArn ? `retirable ${region} ${principalArn}` : null,
    () => allRetirableGrants(principalArn, region),
    ['kms.changed', 'people.changed'],
  );
  const problem = error ?? data?.refused;
  const { keys } = useKeys();
  const byArn = useMemo(() => new Map((keys ?? []).map((key) => [key.Arn, key])), [keys]);
  const [ending, setEnding] = useState<Grant>();
  return (
    <Paper withBorder p="md" component="section" aria-label="Grants to retire">
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start">
          <Text c="dimmed" maw="40rem">
            A grant can name somebody who may end it once it is no longer needed, whatever the key policy says. These,
            in {region}, name whom you act as.
          </Text>
          <ShowAs
            operation="ListRetirableGrants"
            input={{ RetiringPrincipal: retiring }}
            region={region}
            {...(session ? { note: `Grants that name the session itself are asked for by its ARN: ${session}` } : {})}
          />
        </Group>
        {problem ? <ErrorNotice error={problem} onRetry={reload} /> : null}
        {data?.grants.length === 0 && !data.refused ? (
          <EmptyState icon={IconUserCheck} title="No grant to retire">
            Grants are made on a key&apos;s page, under Grants, where &ldquo;May be retired by&rdquo; names somebody.
          </EmptyState>
        ) : null}
        {data?.grants.length ? (
          <Table.ScrollContainer minWidth={560}>
            <Table aria-label="Grants to retire" verticalSpacing="xs">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Key</Table.Th>
                  <Table.Th>For</Table.Th>
                  <Table.Th>Operations</Table.Th>
                  <Table.Th>Since</Table.Th>
                  <ActionsHeading />
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.grants.map((grant) => (
                  <Row
                    key={grant.GrantId}
                    grant={grant}
                    granted={byArn.get(grant.KeyId)}
                    onRetire={() => setEnding(grant)}
                  />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        ) : null}
        {data || error ? null : <Skeleton height={60} />}
      </Stack>
      <RetireGrant grant={ending} onClose={() => setEnding(undefined)} region={region} />
    </Paper>
  );
}

interface RowProps {
  readonly grant: Grant;
  /** The key, where whom the window acts as may see it. */
  readonly granted: KeyRow | undefined;
  readonly onRetire: () => void;
}

function Row({ grant, granted, onRetire }: RowProps) {
  const label = granteeLabel(grant);
  return (
    <Table.Tr>
      <Table.Td>
        {granted ? (
          <Anchor href={`#${keyPath(granted.KeyId, 'grants')}`} size="sm">
            {keyName(granted)}
          </Anchor>
        ) : (
          <Identifier value={grant.KeyId} keep={14} />
        )}
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        <Identifier value={granteeOf(grant)} label={label} whole />
      </Table.Td>
      <Table.Td>
        <GrantOperations grant={grant} />
      </Table.Td>
      <Table.Td>
        <RelativeTime value={grant.CreationDate} />
      </Table.Td>
      <Table.Td>
        <Button size="compact-sm" variant="subtle" aria-label={`Retire the grant for ${label}`} onClick={onRetire}>
          Retire
        </Button>
      </Table.Td>
    </Table.Tr>
  );
}
