import { Alert, Autocomplete, Group, Modal, Skeleton, Stack, Switch, Text, Title } from '@mantine/core';
import { IconInfoCircle, IconShare } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { parseArn } from '../../../../shared/iam/arn.ts';
import { formatPolicy } from '../../../../shared/iam/policy-document.ts';
import { isFormatPair } from '../../../../shared/message-context.ts';
import { ContextEditor } from '../../../components/ContextEditor.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { FormActions } from '../../../components/FormActions.tsx';
import { CopyBlock, ShowCalls } from '../../../components/ShowAs.tsx';
import { invoke, kms } from '../../../lib/api.ts';
import { accountIdOf } from '../../../lib/principals.ts';
import { useAction, useLoad } from '../../../lib/use-call.ts';
import { type Tell, useTold } from '../../../lib/use-told.ts';
import { LineDiff, pretty } from '../../access/policy/index.ts';
import { share, shareCalls } from './deeds.ts';
import { Shared } from './Shared.tsx';
import { SharedNow } from './SharedNow.tsx';
import { identityPolicyFor, statementFor, type Target, targetOf, targetWords, withShare } from './sharing.ts';

interface Props {
  readonly keyArn: string;
  /** The encryption context of the file it is about. */
  readonly context?: Readonly<Record<string, string>> | undefined;
  readonly onClose: () => void;
}

/** Pairs that say something of the file; the others are the format's own. */
const speaking = (context: Props['context'] = {}) =>
  Object.fromEntries(Object.entries(context).filter(([name]) => !isFormatPair(name)));

/** Lets another account, user or role open what is encrypted under a key, and takes that back. */
export function ShareDialog({ keyArn, context, onClose }: Props) {
  const region = parseArn(keyArn)?.region ?? '';
  const { data, error, reload } = useLoad(
    `share ${keyArn}`,
    () => kms('GetKeyPolicy', { KeyId: keyArn, PolicyName: 'default' }, region),
    ['kms.changed'],
  );
  const [done, setDone] = useState<Target>();
  const { tell, close } = useTold(onClose);
  const policy = useMemo(() => (data ? pretty(data.Policy) : undefined), [data]);
  return (
    <Modal opened onClose={close} title="Share what this key encrypts" size="xl">
      {error ? <ErrorNotice error={error} onRetry={reload} /> : null}
      {policy === undefined ? (
        error ? null : (
          <Skeleton h={220} />
        )
      ) : (
        <Stack gap="lg">
          {done ? (
            <Shared keyArn={keyArn} target={done} onClose={close} onMore={() => setDone(undefined)} />
          ) : (
            <Form
              keyArn={keyArn}
              region={region}
              policy={policy}
              context={speaking(context)}
              onClose={close}
              onShared={setDone}
              onTell={tell}
            />
          )}
          <SharedNow keyArn={keyArn} region={region} policy={policy} onTell={tell} />
        </Stack>
      )}
    </Modal>
  );
}

interface FormProps {
  readonly keyArn: string;
  readonly region: string;
  readonly policy: string;
  readonly context: Readonly<Record<string, string>>;
  readonly onClose: () => void;
  readonly onShared: (target: Target) => void;
  readonly onTell: Tell;
}

function Form({ keyArn, region, policy, context: given, onClose, onShared, onTell }: FormProps) {
  const home = accountIdOf(keyArn);
  const { data: known } = useLoad('principals', () => invoke('people.principals', {}), ['people.changed']);
  const [typed, setTyped] = useState('');
  const [bound, setBound] = useState(false);
  const [context, setContext] = useState<Record<string, string>>(given);
  const target = targetOf(typed);
  const limits = bound ? context : {};
  const names = useMemo(
    () =>
      (known?.principals ?? [])
        .filter(({ kind, accountId }) => kind !== 'root' || accountId !== home)
        .map(({ principalArn, kind, accountId }) => (kind === 'root' ? accountId : principalArn)),
    [known, home],
  );
  const inVault = target !== null && names.includes(target.kind === 'account' ? target.accountId : target.arn);
  const foreign = target !== null && target.accountId !== home;
  const bothSides = foreign && inVault && target.kind !== 'account';
  const statement = target && statementFor(target, limits);
  const after = statement && withShare(policy, statement);
  const problem =
    typed.trim() === '' || target
      ? target?.kind === 'account' && !foreign
        ? 'That is the key’s own account: name one of its users or roles.'
        : null
      : 'An account has 12 digits; a user or role is named by its ARN.';
  const ready = after !== null && problem === null && (!bound || Object.keys(context).length > 0);
  const act = useAction(async () => {
    if (!target || !after) return;
    const change = { keyArn, region, before: policy, policy: after, target, context: limits, bothSides };
    const { answer, undo } = await share(change);
    onTell(`What the key encrypts opens for ${targetWords(target)} from now on.`, 'Key shared', {
      answer,
      undo,
    });
    onShared(target);
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void act.run();
      }}
    >
      <Stack>
        <Autocomplete
          label="With"
          description="An account, or the ARN of a user or role"
          placeholder="444455556666"
          value={typed}
          onChange={setTyped}
          data={names}
          limit={20}
          error={problem}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
        />
        <Switch
          checked={bound}
          onChange={(event) => setBound(event.currentTarget.checked)}
          label="Only files with certain pairs in their encryption context"
          description="Without this, everything that this key encrypts can be opened: files, texts and data keys."
        />
        {bound ? <ContextEditor value={context} onChange={setContext} /> : null}
        {target && after && problem === null ? (
          <>
            <section>
              <Title order={3} size="h5" mb="xs">
                What changes in the key’s policy
              </Title>
              <LineDiff before={policy} after={after} label="Changes of the key policy" />
            </section>
            {foreign ? <OtherSide target={target} keyArn={keyArn} limits={limits} bothSides={bothSides} /> : null}
          </>
        ) : null}
        {act.error ? <ErrorNotice error={act.error} /> : null}
        <FormActions text="Share" onCancel={onClose} busy={act.busy} disabled={!ready || target === null}>
          {ready && target && after ? (
            <ShowCalls
              calls={shareCalls({ keyArn, policy: after, target, context: limits, bothSides })}
              region={region}
              {...(bothSides ? { note: `The call of IAM is one of account ${target.accountId}.` } : {})}
            />
          ) : (
            <Group gap={6} c="dimmed">
              <IconShare size={16} aria-hidden />
              <Text size="sm">It may decrypt, and nothing else.</Text>
            </Group>
          )}
        </FormActions>
      </Stack>
    </form>
  );
}

interface OtherSideProps {
  readonly target: Target;
  readonly keyArn: string;
  readonly limits: Readonly<Record<string, string>>;
  readonly bothSides: boolean;
}

/** Another account's own policy must allow it as well. */
function OtherSide({ target, keyArn, limits, bothSides }: OtherSideProps) {
  return (
    <section>
      <Title order={3} size="h5" mb="xs">
        {bothSides ? `What ${targetWords(target)} gets` : 'What the other side needs'}
      </Title>
      <Alert color="gray" variant="light" role="note" icon={<IconInfoCircle size={18} aria-hidden />} mb="xs">
        {bothSides
          ? 'A key’s policy alone reaches into no other account: this policy is put on the other side in the same step.'
          : 'A key’s policy alone reaches into no other account: a user or role there also needs this policy. Hand it over.'}
      </Alert>
      <CopyBlock text={formatPolicy(identityPolicyFor(keyArn, limits))} label="policy of the other side" />
    </section>
  );
}
