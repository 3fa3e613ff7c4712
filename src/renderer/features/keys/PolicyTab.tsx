import { Button, Group, Paper, Skeleton, Stack, Switch, Text, Textarea } from '@mantine/core';
import { useMemo, useState } from 'react';
import { defaultKeyPolicy } from '../../../shared/iam/default-policy.ts';
import { limits } from '../../../shared/kms/limits.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { CopyBlock, ShowAs } from '../../components/ShowAs.tsx';
import { kms } from '../../lib/api.ts';
import { formatNumber } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';
import { useAction, useKms } from '../../lib/use-call.ts';
import { type KeyDetail, refusal } from './model.ts';
import { toUtf8 } from './text.ts';

interface Props {
  readonly detail: KeyDetail;
  readonly region: string;
}

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

/** The key policy, to read and to edit as text. */
export function PolicyTab({ detail, region }: Props) {
  const { data, error, reload } = useKms('GetKeyPolicy', { KeyId: detail.KeyId, PolicyName: 'default' });
  if (data) return <Policy detail={detail} region={region} policy={data.Policy} />;
  return error ? <ErrorNotice error={error} onRetry={reload} /> : <Skeleton h={180} />;
}

function Policy({ detail, region, policy }: Props & { readonly policy: string }) {
  const accountId = useSession((session) => session.accountId);
  const text = useMemo(() => pretty(policy), [policy]);
  const [editing, setEditing] = useState(false);
  const isDefault = text === pretty(defaultKeyPolicy(accountId));
  const says =
    detail.KeyManager === 'AWS'
      ? 'It is managed by AWS: its policy is to read only.'
      : refusal('PutKeyPolicy', detail.KeyState);
  return (
    <Paper withBorder p="md" component="section" aria-label="Policy of the key">
      {editing ? (
        <Edit detail={detail} region={region} text={text} onClose={() => setEditing(false)} />
      ) : (
        <Stack gap="sm">
          <Group justify="space-between" align="flex-start">
            <Text c="dimmed" maw="40rem">
              {isDefault
                ? "The default policy: the account's root principal may do everything with this key, everyone else is refused."
                : 'Who may do what with this key. What no statement allows is refused.'}
            </Text>
            <Group gap="xs">
              <ShowAs operation="GetKeyPolicy" input={{ KeyId: detail.KeyId, PolicyName: 'default' }} region={region} />
              <Button variant="default" disabled={says !== null} onClick={() => setEditing(true)}>
                Edit policy
              </Button>
            </Group>
          </Group>
          {says ? <Text c="dimmed">{says}</Text> : null}
          <CopyBlock text={text} label="Key policy" />
        </Stack>
      )}
    </Paper>
  );
}

/** Why the text cannot be sent, or `null`; what the statements say is judged by the engine. */
function policyProblem(text: string): string | null {
  const bytes = toUtf8(text).length;
  if (bytes > limits.policyBytes)
    return `${formatNumber(bytes)} bytes; a policy has at most ${formatNumber(limits.policyBytes)}.`;
  try {
    JSON.parse(text);
    return null;
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`;
  }
}

function Edit({ detail, region, text, onClose }: Props & { text: string; onClose: () => void }) {
  const accountId = useSession((session) => session.accountId);
  const [draft, setDraft] = useState(text);
  const [bypass, setBypass] = useState(false);
  const problem = policyProblem(draft);
  const input = {
    KeyId: detail.KeyId,
    PolicyName: 'default',
    Policy: draft,
    ...(bypass ? { BypassPolicyLockoutSafetyCheck: true } : {}),
  };
  const save = useAction(async () => {
    await kms('PutKeyPolicy', input, region);
    notifySuccess('The policy is saved and decides from now on.');
    onClose();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (problem === null) void save.run();
      }}
    >
      <Stack gap="sm">
        <Textarea
          label="Key policy"
          description="IAM policy language, JSON. It replaces the whole policy."
          value={draft}
          error={problem}
          onChange={(event) => setDraft(event.currentTarget.value)}
          autosize
          minRows={12}
          maxRows={26}
          spellCheck={false}
          autoFocus
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
        <Switch
          label="Skip the lockout check"
          description="Saves the policy even when you could not change it any more afterwards."
          checked={bypass}
          onChange={(event) => setBypass(event.currentTarget.checked)}
        />
        {save.error ? <ErrorNotice error={save.error} /> : null}
        <Group justify="space-between">
          <Group gap="xs">
            <Button type="submit" loading={save.busy} disabled={problem !== null || draft === text}>
              Save policy
            </Button>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button variant="subtle" onClick={() => setDraft(pretty(defaultKeyPolicy(accountId)))}>
              Put the default policy in
            </Button>
          </Group>
          <ShowAs operation="PutKeyPolicy" input={input} region={region} />
        </Group>
      </Stack>
    </form>
  );
}
