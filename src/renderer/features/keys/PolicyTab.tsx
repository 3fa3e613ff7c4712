import { Alert, Button, Group, Modal, Paper, Skeleton, Stack, Text } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { parseArn } from '../../../shared/iam/arn.ts';
import { defaultKeyPolicy } from '../../../shared/iam/default-policy.ts';
import { DialogFoot } from '../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { invoke } from '../../lib/api.ts';
import { useCommands } from '../../lib/commands.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { useRoute } from '../../lib/route.ts';
import { useAction, useKms, useLoad } from '../../lib/use-call.ts';
import {
  type LintAnswer,
  PolicyEditor,
  PolicyView,
  pretty,
  ReviewPolicy,
  Templates,
  useKnownPrincipals,
  usePolicyLint,
} from '../access/policy/index.ts';
import { type KeyDetail, keyName, refusal } from './model.ts';
import type { PanelProps } from './panel.tsx';
import { dropDraft, keepDraft, usePolicyDrafts } from './policy-drafts.ts';
import { undoPolicy } from './undo.ts';

const LABEL = 'Key policy';

const accountOf = ({ Arn }: KeyDetail): string => parseArn(Arn)?.accountId ?? '';

/** The statement the address asks for: `…/policy?statement=0`. */
function useHighlight(): { readonly index: number } | undefined {
  const asked = useRoute().query.get('statement');
  return useMemo(() => (asked !== null && /^\d{1,4}$/.test(asked) ? { index: Number(asked) } : undefined), [asked]);
}

/** The key policy, to read and to edit. */
export function PolicyTab({ detail, region }: PanelProps) {
  const { data, error, reload } = useKms('GetKeyPolicy', { KeyId: detail.KeyId, PolicyName: 'default' });
  if (data) return <Policy detail={detail} region={region} policy={data.Policy} />;
  return error ? <ErrorNotice error={error} onRetry={reload} /> : <Skeleton h={180} />;
}

function Policy({ detail, region, policy }: PanelProps & { readonly policy: string }) {
  const accountId = accountOf(detail);
  const draft = usePolicyDrafts(({ texts }) => texts[detail.Arn]);
  const text = useMemo(() => pretty(policy), [policy]);
  const highlight = useHighlight();
  const isDefault = text === pretty(defaultKeyPolicy(accountId));
  const says =
    detail.KeyManager === 'AWS'
      ? 'AWS manages this key: its policy is to read only, and says which service may use it for whom.'
      : refusal('PutKeyPolicy', detail.KeyState);
  useCommands(
    says === null
      ? [
          {
            id: 'policy.edit',
            title: `Edit the policy: ${keyName(detail)}`,
            keywords: 'permission PutKeyPolicy statement',
            group: 'This key',
            run: () => draft === undefined && keepDraft(detail.Arn, text),
          },
        ]
      : [],
  );
  return (
    <Paper withBorder p="md" component="section" aria-label="Policy of the key">
      {draft !== undefined && says === null ? (
        <Edit detail={detail} region={region} saved={text} draft={draft} highlight={highlight} />
      ) : (
        <Stack gap="md">
          <Group justify="space-between" align="flex-start">
            <Text c="dimmed" maw="40rem">
              {isDefault
                ? 'The default policy: the account may do everything with this key, and its users and roles what their own policies allow.'
                : 'Who may do what with this key. What no statement allows is refused; a Deny overrules every Allow.'}
            </Text>
            <Group gap="xs">
              <ShowAs operation="GetKeyPolicy" input={{ KeyId: detail.KeyId, PolicyName: 'default' }} region={region} />
              <Button variant="default" disabled={says !== null} onClick={() => keepDraft(detail.Arn, text)}>
                Edit policy
              </Button>
            </Group>
          </Group>
          {says ? (
            <Alert color="gray" variant="light" icon={<IconInfoCircle size={18} aria-hidden />}>
              {says}
            </Alert>
          ) : null}
          <PolicyView label={LABEL} text={text} facts={{ accountId, keyArn: detail.Arn }} highlight={highlight} />
        </Stack>
      )}
    </Paper>
  );
}

interface EditProps extends PanelProps {
  /** The policy as it is, and as it is being written. */
  readonly saved: string;
  readonly draft: string;
  readonly highlight: { readonly index: number } | undefined;
}

function Edit({ detail, region, saved, draft, highlight }: EditProps) {
  const { Arn, KeyId, KeySpec, KeyUsage } = detail;
  const acting = useLoad('acting', () => invoke('people.whoAmI', {}), ['people.changed']).data;
  const principals = useKnownPrincipals();
  const facts = useMemo(() => ({ type: 'resource', principals, keyArn: Arn }) as const, [principals, Arn]);
  const lint = usePolicyLint(draft, { keyArn: Arn });
  const [leaving, setLeaving] = useState(false);
  const [reviewed, setReviewed] = useState<{ text: string; lint: LintAnswer }>();
  const review = useAction(async () => {
    const answer = await lint.now();
    if (answer.canChangeAgain !== null) setReviewed({ text: draft, lint: answer });
  });
  const isChanged = draft !== saved;
  const unready = lint.findings !== undefined && lint.canChangeAgain === null;
  return (
    <Stack gap="sm">
      <PolicyEditor
        label={LABEL}
        text={draft}
        onChange={(text) => keepDraft(Arn, text)}
        facts={facts}
        lint={lint}
        highlight={highlight}
        tools={
          <Templates
            facts={{ accountId: accountOf(detail), region, keySpec: KeySpec, keyUsage: KeyUsage }}
            principals={principals}
            onChoose={(text) => keepDraft(Arn, text)}
          />
        }
      >
        <Button disabled={!isChanged || unready} loading={review.busy} onClick={() => void review.run()}>
          Review and save
        </Button>
        <Button variant="default" onClick={() => (isChanged ? setLeaving(true) : dropDraft(Arn))}>
          Cancel
        </Button>
        <Text size="sm" c="dimmed" role="status">
          {unready
            ? 'It cannot be saved yet: the findings say why.'
            : isChanged
              ? 'Not saved yet.'
              : 'Nothing is changed.'}
        </Text>
      </PolicyEditor>
      {review.error ? <ErrorNotice error={review.error} /> : null}
      {reviewed ? (
        <ReviewPolicy
          keyId={KeyId}
          region={region}
          principalArn={acting?.principalArn ?? ''}
          before={saved}
          after={reviewed.text}
          lint={reviewed.lint}
          onClose={() => setReviewed(undefined)}
          onSaved={(answer) => {
            notifySuccess('The policy is saved and decides from now on.', undefined, {
              answer,
              undo: undoPolicy(detail, saved, reviewed.text, region),
            });
            dropDraft(Arn);
          }}
        />
      ) : null}
      <Discard opened={leaving} onClose={() => setLeaving(false)} onDiscard={() => dropDraft(Arn)} />
    </Stack>
  );
}

function Discard({ opened, onClose, onDiscard }: { opened: boolean; onClose: () => void; onDiscard: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Discard the changes?">
      <Stack>
        <Text>What you have written is lost; the key keeps the policy it has.</Text>
        <DialogFoot>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep editing
          </Button>
          <Button color="red" onClick={onDiscard}>
            Discard
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}
