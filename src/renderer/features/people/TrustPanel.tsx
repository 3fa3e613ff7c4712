import { Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Section } from '../../components/Section.tsx';
import { ShowAsTabs } from '../../components/ShowAs.tsx';
import { ShowIam } from '../../components/ShowIam.tsx';
import { iam, invoke } from '../../lib/api.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';
import { useAction, useLoad } from '../../lib/use-call.ts';
import { pretty } from '../access/policy/index.ts';
import { asRootOf, type PartProps, type Person } from './model.ts';
import { PolicyField, usePolicyDraft } from './PolicyField.tsx';
import { sessionHours, trustAccount } from './trust.ts';
import { undoLongestSession, undoTrust } from './undo.ts';

const HOUR_S = 3600;

/** Of a role: who may take it on, for how long, and the command that does. */
export function TrustPanel({ person }: PartProps) {
  return (
    <>
      <Section
        title="Trust policy"
        lead="Who may take the role on. When it trusts an account, that account's own policies decide who, by sts:AssumeRole."
      >
        <TrustForm key={person.trust} person={person} />
      </Section>
      <Section title="Sessions">
        <SessionForm key={person.maxSession} person={person} />
      </Section>
      <Section
        title="Take it on"
        lead="A program asks with its own access key for keys of a session, and calls with those until the session ends."
      >
        <AssumeCommand person={person} />
      </Section>
    </>
  );
}

function TrustForm({ person }: { person: Person }) {
  const name = person.name ?? '';
  const saved = person.trust === undefined ? '' : pretty(person.trust);
  const [text, setText] = useState(saved || trustAccount(person.accountId));
  const input = { RoleName: name, PolicyDocument: text };
  const save = useAction(async () => {
    const answer = await iam('UpdateAssumeRolePolicy', input, asRootOf(person.accountId));
    notifySuccess('Sessions that are under way go on.', 'Trust policy saved', {
      answer,
      ...(saved === '' ? {} : { undo: undoTrust(person, saved, text) }),
    });
  });
  const draft = usePolicyDraft(text, { roleArn: person.arn });
  const ready = draft.isPolicy && text !== saved;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void save.run();
      }}
    >
      <Stack>
        {person.trust === undefined ? (
          <Text>It trusts nobody: a seed made it without a trust policy. This one would trust its account.</Text>
        ) : null}
        <PolicyField label="Trust policy" hideLabel type="trust" value={text} onChange={setText} draft={draft} />
        {save.error ? <ErrorNotice error={save.error} /> : null}
        <Group justify="space-between">
          <Group gap="xs">
            <Button type="submit" disabled={!ready} loading={save.busy}>
              Save trust policy
            </Button>
            {saved !== '' && text !== saved ? (
              <Button variant="default" onClick={() => setText(saved)}>
                Discard changes
              </Button>
            ) : null}
          </Group>
          <ShowIam operation="UpdateAssumeRolePolicy" input={input} />
        </Group>
      </Stack>
    </form>
  );
}

function SessionForm({ person }: { person: Person }) {
  const name = person.name ?? '';
  const saved = (person.maxSession ?? HOUR_S) / HOUR_S;
  const [hours, setHours] = useState<string | number>(saved);
  const length = Number(hours);
  const ok = length >= sessionHours.min && length <= sessionHours.max;
  const input = { RoleName: name, MaxSessionDuration: Math.round((ok ? length : saved) * HOUR_S) };
  const save = useAction(async () => {
    const answer = await iam('UpdateRole', input, asRootOf(person.accountId));
    notifySuccess('It holds for sessions that begin from now on.', 'Longest session saved', {
      answer,
      undo: undoLongestSession(person, saved * HOUR_S, input.MaxSessionDuration),
    });
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ok && length !== saved) void save.run();
      }}
    >
      <Stack>
        <Group align="flex-end" justify="space-between">
          <Group align="flex-end" gap="xs">
            <NumberInput
              label="A session lasts at most, in hours"
              {...sessionHours}
              clampBehavior="none"
              value={hours}
              onChange={setHours}
              error={ok ? null : `From ${sessionHours.min} to ${sessionHours.max}.`}
            />
            <Button type="submit" variant="default" disabled={!ok || length === saved} loading={save.busy}>
              Save
            </Button>
          </Group>
          <ShowIam operation="UpdateRole" input={input} />
        </Group>
        {save.error ? <ErrorNotice error={save.error} /> : null}
      </Stack>
    </form>
  );
}

function AssumeCommand({ person }: { person: Person }) {
  const region = useSession((session) => session.region);
  const { data: endpoint } = useLoad('endpoint', () => invoke('endpoint.status', {}), ['endpoint.changed']);
  const url = endpoint ? (endpoint.url ?? `http://127.0.0.1:${endpoint.port}`) : 'http://127.0.0.1:PORT';
  return (
    <Stack gap="xs">
      <ShowAsTabs
        calls={[
          {
            service: 'sts',
            operation: 'AssumeRole',
            input: { RoleArn: person.arn, RoleSessionName: 'my-session' },
          },
        ]}
        region={region}
        endpoint={url}
      />
      {endpoint && !endpoint.url ? (
        <Text size="sm" c="dimmed">
          The local endpoint is off; it is switched on in Settings, Local endpoint.
        </Text>
      ) : null}
    </Stack>
  );
}
