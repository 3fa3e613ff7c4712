import { Anchor, Box, Collapse, Modal, NumberInput, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { roleArn, rootArn } from '../../../shared/iam/arn.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { FormActions } from '../../components/FormActions.tsx';
import { ShowIamCalls } from '../../components/ShowIam.tsx';
import { iam } from '../../lib/api.ts';
import { notifyError, notifySuccess } from '../../lib/notify.tsx';
import { navigate } from '../../lib/route.ts';
import { useAction } from '../../lib/use-call.ts';
import { useMounted } from '../../lib/use-mounted.ts';
import { AccountSelect, useAccountChoice } from './AccountSelect.tsx';
import { FirstPolicy } from './FirstPolicy.tsx';
import { personWords } from './looks.ts';
import { type AccountPeople, asRootOf, personPath } from './model.ts';
import { NameField, nameProblem } from './NameField.tsx';
import { PolicyField, usePolicyDraft } from './PolicyField.tsx';
import { templates } from './templates.ts';
import { sessionHours, trustPolicy } from './trust.ts';

const HOUR_S = 3600;

interface Props {
  readonly onClose: () => void;
  readonly accounts: readonly AccountPeople[];
}

/** Makes a role: whom it trusts, how long a session lasts, and a first policy if one is chosen. */
export function CreateRole({ opened, ...props }: Props & { opened: boolean }) {
  return (
    <Modal opened={opened} onClose={props.onClose} title="Create a role" size="xl">
      <Body {...props} />
    </Modal>
  );
}

/** Whom a role can trust from the first: an account, or one of the users. */
function trustable(accounts: readonly AccountPeople[], own: string) {
  return accounts.flatMap(({ accountId, people }) =>
    people
      .filter(({ kind }) => kind !== 'role')
      .map((person) => ({
        value: person.arn,
        label:
          person.kind === 'root'
            ? `Whom the policies of account ${accountId}${accountId === own ? ' (this one)' : ''} allow`
            : `${personWords(person)}${accountId === own ? '' : ` of account ${accountId}`}`,
      })),
  );
}

function Body({ onClose, accounts }: Props) {
  const [accountId, setAccountId] = useAccountChoice(accounts);
  const [name, setName] = useState('');
  const [trusted, setTrusted] = useState(() => rootArn(accountId));
  const [trust, setTrust] = useState(() => trustPolicy(rootArn(accountId)));
  const [asText, setAsText] = useState(false);
  const [hours, setHours] = useState<string | number>(sessionHours.min);
  const [templateId, setTemplateId] = useState<string | null>('use');
  const template = templates.find(({ id }) => id === templateId);
  const problem = nameProblem(name);
  const length = Number(hours);
  const lengthOk = Number.isInteger(length) && length >= sessionHours.min && length <= sessionHours.max;
  // Whom it trusts is looked through before the role has its name.
  const draft = usePolicyDraft(trust, { roleArn: roleArn(accountId, '/', 'new') });
  const ready = name !== '' && problem === null && draft.isPolicy && lengthOk;
  const input = {
    RoleName: name,
    AssumeRolePolicyDocument: trust,
    ...(length === sessionHours.min || !lengthOk ? {} : { MaxSessionDuration: length * HOUR_S }),
  };
  const trustOnly = (arn: string) => {
    setTrusted(arn);
    setTrust(trustPolicy(arn));
  };
  const policy = template && { RoleName: name, PolicyName: template.policyName, PolicyDocument: template.document };
  const isHere = useMounted();
  const create = useAction(async () => {
    const answer = await iam('CreateRole', input, asRootOf(accountId));
    // The role is there: without its policy it is shown all the same, and the policy can be tried again on its page.
    if (policy) await iam('PutRolePolicy', policy, asRootOf(accountId)).catch(notifyError);
    notifySuccess(`${name} can be taken on by whom it trusts.`, 'Role created', { answer });
    if (!isHere()) return;
    onClose();
    navigate(personPath(answer.Role.Arn));
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void create.run();
      }}
    >
      <Stack>
        <AccountSelect
          accounts={accounts}
          value={accountId}
          onChange={(next) => {
            setAccountId(next);
            trustOnly(rootArn(next));
          }}
        />
        <NameField
          label="Role name"
          description="What somebody is for a while, with other permissions than their own: reader, night-backup."
          value={name}
          onChange={setName}
        />
        <Select
          label="Who may take it on"
          description="An account leaves it to its own policies, which have to allow sts:AssumeRole on the role."
          data={trustable(accounts, accountId)}
          value={trusted}
          onChange={(arn) => arn && trustOnly(arn)}
          allowDeselect={false}
          searchable
        />
        <div>
          <Anchor component="button" type="button" size="sm" aria-expanded={asText} onClick={() => setAsText(!asText)}>
            {asText ? 'Hide the trust policy' : 'Show the trust policy'}
          </Anchor>
          <Collapse expanded={asText}>
            {asText ? (
              <Box mt="xs">
                <PolicyField
                  label="Trust policy"
                  hideLabel
                  type="trust"
                  value={trust}
                  onChange={setTrust}
                  draft={draft}
                />
              </Box>
            ) : null}
          </Collapse>
        </div>
        <NumberInput
          label="A session lasts at most, in hours"
          {...sessionHours}
          allowDecimal={false}
          clampBehavior="none"
          value={hours}
          onChange={setHours}
          error={lengthOk ? null : `A whole number from ${sessionHours.min} to ${sessionHours.max}.`}
          maw="18rem"
        />
        <FirstPolicy value={templateId} onChange={setTemplateId} />
        {create.error ? <ErrorNotice error={create.error} /> : null}
        <FormActions text="Create role" onCancel={onClose} disabled={!ready} busy={create.busy}>
          <ShowIamCalls
            calls={[
              { operation: 'CreateRole', input: { ...input, RoleName: name || 'NAME' } },
              ...(policy
                ? [{ operation: 'PutRolePolicy' as const, input: { ...policy, RoleName: name || 'NAME' } }]
                : []),
            ]}
          />
        </FormActions>
      </Stack>
    </form>
  );
}
