import { Alert, Button, Group, NumberInput, Skeleton, Stack, Switch, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useState } from 'react';
import type { CallInput, CallOutput } from '../../../shared/contract/index.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { Section } from '../../components/Section.tsx';
import { CopyBlock } from '../../components/ShowAs.tsx';
import { invoke } from '../../lib/api.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';
import { useAction, useLoad } from '../../lib/use-call.ts';
import { AccessKeys } from './AccessKeys.tsx';

type Status = CallOutput<'endpoint.status'>;

const PORT = { min: 1024, max: 65_535 };

/** The endpoint's switch and port, and the access keys its callers sign with. */
export function LocalEndpoint() {
  const loaded = useLoad('endpoint', () => invoke('endpoint.status', {}), ['endpoint.changed']);
  if (loaded.error) return <ErrorNotice error={loaded.error} onRetry={loaded.reload} />;
  if (!loaded.data) return <Skeleton height={220} />;
  return (
    <>
      <Section
        title="Local endpoint"
        lead="Programs on this computer call Coffer as they call AWS KMS: the AWS CLI and the SDKs, unchanged. No other computer can reach it. Calls count as use, so the vault does not lock while they come; while it is locked they are refused."
      >
        <EndpointForm key={loaded.data.port} status={loaded.data} onChanged={loaded.reload} />
      </Section>
      <AccessKeys />
      <TryIt status={loaded.data} />
    </>
  );
}

function EndpointForm({ status, onChanged }: { status: Status; onChanged: () => void }) {
  const [port, setPort] = useState<string | number>(status.port);
  const set = useAction(async (changes: CallInput<'endpoint.set'>) => {
    const next = await invoke('endpoint.set', changes);
    onChanged();
    return next;
  });
  const usable = typeof port === 'number' && port >= PORT.min && port <= PORT.max;
  return (
    <Stack>
      <Switch
        label="Answer programs on this computer"
        checked={status.on}
        disabled={set.busy}
        onChange={(event) => void set.run({ on: event.currentTarget.checked })}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (usable)
            void set.run({ port }).then((next) => next?.url && notifySuccess(`It answers at ${next.url} now.`));
        }}
      >
        <Group align="flex-end" gap="xs">
          <NumberInput
            label="Port"
            w="9rem"
            {...PORT}
            allowDecimal={false}
            allowNegative={false}
            clampBehavior="none"
            hideControls
            value={port}
            error={usable ? undefined : `${PORT.min} to ${PORT.max}`}
            onChange={setPort}
          />
          <Button type="submit" variant="default" disabled={!usable || port === status.port} loading={set.busy}>
            Use this port
          </Button>
        </Group>
      </form>
      <div role="status">
        {status.url ? (
          <Text>
            It answers at <Identifier value={status.url} whole />
          </Text>
        ) : status.problem ? null : (
          <Text c="dimmed">It is off: Coffer opens no port.</Text>
        )}
      </div>
      {status.problem ? (
        <Alert
          role="alert"
          color="red"
          icon={<IconAlertTriangle size={18} aria-hidden />}
          title="It cannot answer programs"
        >
          {status.problem.message}
        </Alert>
      ) : null}
      {set.error ? <ErrorNotice error={set.error} /> : null}
    </Stack>
  );
}

function TryIt({ status }: { status: Status }) {
  const region = useSession((session) => session.region);
  const url = status.url ?? `http://127.0.0.1:${status.port}`;
  const text = [
    'export AWS_ACCESS_KEY_ID=… AWS_SECRET_ACCESS_KEY=…',
    `aws --endpoint-url ${url} --region ${region} kms list-keys`,
  ].join('\n');
  return (
    <Section
      title="Try it"
      lead="Give the two parts of an access key to the program as AWS's are given, and the endpoint's address."
    >
      <CopyBlock text={text} label="AWS CLI command" />
    </Section>
  );
}
