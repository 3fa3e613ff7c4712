import { Alert, Button, Code, Modal, Stack, Switch, Text, Title } from '@mantine/core';
import { IconLockOpen, IconShieldCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { useAction } from '../../../lib/use-call.ts';
import { LineDiff } from './LineDiff.tsx';
import { countFindings } from './PolicyEditor.tsx';
import classes from './policy.module.css';
import { pretty } from './policy-text.ts';
import type { LintAnswer } from './use-policy-lint.ts';

interface Props {
  readonly keyId: string;
  readonly region: string;
  readonly principalArn: string;
  /** The policy as it is, and as it is to be. */
  readonly before: string;
  readonly after: string;
  readonly lint: LintAnswer;
  readonly onClose: () => void;
  /** Told with the call's answer. */
  readonly onSaved: (answer: unknown) => void;
}

/** What saving would change and whether it can be changed again; then PutKeyPolicy. */
export function ReviewPolicy({ keyId, region, principalArn, before, after, lint, onClose, onSaved }: Props) {
  const [bypass, setBypass] = useState(false);
  const locksOut = lint.canChangeAgain === false;
  const input = {
    KeyId: keyId,
    PolicyName: 'default',
    Policy: after,
    ...(locksOut && bypass ? { BypassPolicyLockoutSafetyCheck: true } : {}),
  };
  const save = useAction(async () => {
    onSaved(await kms('PutKeyPolicy', input, region));
  });
  const others = lint.findings.filter(({ rule }) => rule !== 'lockout');
  return (
    <Modal opened onClose={onClose} title="Review the new policy" size="xl">
      <Stack gap="md" className={classes.frame ?? ''}>
        <section>
          <Title order={3} size="h4" mb="xs">
            What changes
          </Title>
          <LineDiff before={pretty(before)} after={pretty(after)} label="Changes of the policy" />
        </section>
        <section aria-label="Lockout check">
          {locksOut ? (
            <LockedOut principalArn={principalArn} bypass={bypass} onBypass={setBypass} />
          ) : (
            <Alert
              color="green"
              variant="light"
              role="note"
              icon={<IconShieldCheck size={18} aria-hidden />}
              title="You can change this policy again"
            >
              A statement without conditions lets <Code>{principalArn}</Code> do <Code>kms:PutKeyPolicy</Code>.
            </Alert>
          )}
        </section>
        {others.length > 0 ? (
          <Text size="sm">What is left: {countFindings(others)}. The policy can be saved all the same.</Text>
        ) : null}
        {save.error ? <ErrorNotice error={save.error} /> : null}
        <DialogFoot aside={<ShowAs operation="PutKeyPolicy" input={input} region={region} />}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Keep editing
          </Button>
          <Button
            {...(locksOut ? { color: 'red' } : {})}
            loading={save.busy}
            disabled={locksOut && !bypass}
            onClick={() => void save.run()}
          >
            Save policy
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}

function LockedOut({
  principalArn,
  bypass,
  onBypass,
}: {
  principalArn: string;
  bypass: boolean;
  onBypass: (bypass: boolean) => void;
}) {
  return (
    <Alert
      color="red"
      variant="light"
      role="note"
      icon={<IconLockOpen size={18} aria-hidden />}
      title="You could not change this policy again"
    >
      <Stack gap="xs">
        <Text size="sm" className={classes.say}>
          Under it, no statement without conditions lets <Code>{principalArn}</Code> do <Code>kms:PutKeyPolicy</Code>{' '}
          with this key, or one takes that away. A key nobody can manage any more stays so. KMS refuses such a policy
          unless the check is skipped.
        </Text>
        <Switch
          label="Skip the lockout check"
          description="BypassPolicyLockoutSafetyCheck: saves the policy although you may never change it again."
          checked={bypass}
          onChange={(event) => onBypass(event.currentTarget.checked)}
        />
      </Stack>
    </Alert>
  );
}
