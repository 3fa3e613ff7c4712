import { Alert, Anchor, Badge, Button, CloseButton, Group, Loader, Stack, Table, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconShieldCheck } from '@tabler/icons-react';
import { Explanation } from '../../components/decision/Explanation.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { CopyBlock, ShowAs } from '../../components/ShowAs.tsx';
import { decisionsOf, type KnownDecision, type RecordedCall } from '../../lib/decisions.ts';
import { formatDateTime, plural } from '../../lib/format.ts';
import { simulatorPathOf } from '../../lib/question.ts';
import { keyPath, navigate } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { useKms } from '../../lib/use-call.ts';
import classes from './activity.module.css';

interface CloudTrailEvent extends RecordedCall {
  readonly eventName: string;
  readonly eventTime: string;
  readonly awsRegion: string;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly userIdentity: { readonly type: string; readonly arn?: string };
  readonly requestParameters: { readonly encryptionContext?: Readonly<Record<string, string>> } | null;
  readonly resources: readonly { readonly ARN: string }[];
}

/** One record: what happened, its JSON, its place in the chain and whether it holds. */
export function RecordDetail({ eventId }: { eventId: string }) {
  const { data, error, loading, reload } = useKms('GetEvent', { EventId: eventId }, []);
  const region = useSession((session) => session.region);
  const event = data ? (JSON.parse(data.Record) as CloudTrailEvent) : undefined;
  return (
    <aside className={classes.detail} aria-label="Record">
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h4">
          {event?.eventName ?? 'Record'}
        </Title>
        <Group gap="xs" wrap="nowrap">
          <ShowAs
            compact
            service="cloudtrail"
            operation="LookupEvents"
            input={{ LookupAttributes: [{ AttributeKey: 'EventId', AttributeValue: eventId }] }}
            region={event?.awsRegion ?? region}
          />
          <CloseButton aria-label="Close the record" onClick={() => navigate('/activity')} />
        </Group>
      </Group>
      {loading && !data ? <Loader size="sm" aria-label="Reading the record" /> : null}
      {error ? <ErrorNotice error={error} onRetry={reload} /> : null}
      {data && event ? (
        <Stack gap="md">
          <Text size="sm" c="dimmed">
            {formatDateTime(new Date(event.eventTime))} · {event.awsRegion} ·{' '}
            {event.userIdentity.arn ?? event.userIdentity.type}
          </Text>
          {event.errorCode ? (
            <Alert
              color="red"
              variant="light"
              icon={<IconAlertTriangle size={18} aria-hidden />}
              title={event.errorCode}
            >
              <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
                {event.errorMessage}
              </Text>
            </Alert>
          ) : null}
          {event.resources.map(({ ARN }) => (
            <Group key={ARN} gap="xs">
              <Identifier value={ARN} keep={16} />
              <Button size="compact-xs" variant="subtle" onClick={() => navigate(keyPath(ARN.split('/').at(-1) ?? ''))}>
                Open the key
              </Button>
            </Group>
          ))}
          <Decisions event={event} />
          <section aria-label="Place in the chain">
            <Group gap="xs" mb={4}>
              <Text fw={600}>Place in the chain</Text>
              {data.Verifies ? (
                <Badge color="green" variant="light" leftSection={<IconShieldCheck size={12} aria-hidden />}>
                  Verifies
                </Badge>
              ) : (
                <Badge color="red" variant="light" leftSection={<IconAlertTriangle size={12} aria-hidden />}>
                  Does not verify
                </Badge>
              )}
            </Group>
            <Table withRowBorders={false} verticalSpacing={2} horizontalSpacing={0} layout="fixed">
              <Table.Tbody>
                <Fact name="Record">{data.Sequence}</Fact>
                <Fact name="Hash">
                  <Identifier value={data.Hash} keep={10} />
                </Fact>
                <Fact name="Before it">
                  <Identifier value={data.PreviousHash} keep={10} />
                </Fact>
                <Fact name="Digest">
                  {data.Digest
                    ? `Signed ${formatDateTime(data.Digest.Time)}, over ${plural(data.Digest.LastSequence - data.Digest.FirstSequence + 1, 'record')}`
                    : 'Waits for the next digest'}
                </Fact>
              </Table.Tbody>
            </Table>
          </section>
          <CopyBlock text={data.Record} label="CloudTrail record" />
        </Stack>
      ) : null}
    </aside>
  );
}

/** How the permissions of the call were decided; nothing for records made before that was kept. */
function Decisions({ event }: { event: CloudTrailEvent }) {
  const decisions = decisionsOf(event);
  const { encryptionContext } = event.requestParameters ?? {};
  if (decisions.length === 0) return null;
  return (
    <section aria-label="The decision">
      <Text fw={600} mb={4}>
        The decision
      </Text>
      <Stack gap="md">
        {decisions.map((decision, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a record does not change
          <DecisionPart key={index} decision={decision} named={decisions.length > 1} context={encryptionContext} />
        ))}
      </Stack>
    </section>
  );
}

interface DecisionPartProps {
  readonly decision: KnownDecision;
  readonly named: boolean;
  readonly context: Readonly<Record<string, string>> | undefined;
}

function DecisionPart({ decision, named, context }: DecisionPartProps) {
  const simulator = simulatorPathOf({ decision, ...(context ? { encryptionContext: context } : {}) });
  return (
    <div>
      {named ? <Text ff="monospace">{decision.action}</Text> : null}
      <Explanation decision={decision} />
      {simulator ? (
        <Anchor size="sm" href={`#${simulator}`} mt="xs" display="inline-block">
          Ask the simulator now
        </Anchor>
      ) : null}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th w="6rem" fw={500}>
        <Text size="sm" c="dimmed">
          {name}
        </Text>
      </Table.Th>
      <Table.Td>
        <Text size="sm" component="div">
          {children}
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}
