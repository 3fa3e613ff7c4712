import { Modal, Stack } from '@mantine/core';
import { useState } from 'react';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { FormActions } from '../../components/FormActions.tsx';
import { ShowIamTabs } from '../../components/ShowIam.tsx';
import { iam } from '../../lib/api.ts';
import { notifyError, notifySuccess } from '../../lib/notify.tsx';
import { navigate } from '../../lib/route.ts';
import { useAction } from '../../lib/use-call.ts';
import { useMounted } from '../../lib/use-mounted.ts';
import { AccountSelect, useAccountChoice } from './AccountSelect.tsx';
import { FirstPolicy } from './FirstPolicy.tsx';
import { type AccountPeople, asRootOf, personPath } from './model.ts';
import { NameField, nameProblem } from './NameField.tsx';
import classes from './people.module.css';
import { templates } from './templates.ts';

interface Props {
  readonly onClose: () => void;
  readonly accounts: readonly AccountPeople[];
}

/** Makes a user, with a first policy if one is chosen. */
export function CreateUser({ opened, ...props }: Props & { opened: boolean }) {
  return (
    <Modal opened={opened} onClose={props.onClose} title="Create a user" size="lg">
      <Body {...props} />
    </Modal>
  );
}

function Body({ onClose, accounts }: Props) {
  const [accountId, setAccountId] = useAccountChoice(accounts);
  const [name, setName] = useState('');
  const [templateId, setTemplateId] = useState<string | null>('use');
  const template = templates.find(({ id }) => id === templateId);
  const problem = nameProblem(name);
  const policy = template && {
    UserName: name,
    PolicyName: template.policyName,
    PolicyDocument: template.document,
  };
  const isHere = useMounted();
  const create = useAction(async () => {
    const answer = await iam('CreateUser', { UserName: name }, asRootOf(accountId));
    // The user is there: without its policy it is shown all the same, and the policy can be tried again on its page.
    if (policy) await iam('PutUserPolicy', policy, asRootOf(accountId)).catch(notifyError);
    notifySuccess(`${name} can be acted as, and can have access keys.`, 'User created', { answer });
    if (!isHere()) return;
    onClose();
    navigate(personPath(answer.User.Arn));
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== '' && problem === null) void create.run();
      }}
    >
      <Stack>
        <AccountSelect accounts={accounts} value={accountId} onChange={setAccountId} />
        <NameField
          label="User name"
          description="Of a person or a program: ada, backup-job."
          value={name}
          onChange={setName}
        />
        <FirstPolicy value={templateId} onChange={setTemplateId} />
        <div className={classes.commands}>
          <ShowIamTabs
            calls={[
              { operation: 'CreateUser', input: { UserName: name || 'NAME' } },
              ...(policy
                ? [{ operation: 'PutUserPolicy' as const, input: { ...policy, UserName: name || 'NAME' } }]
                : []),
            ]}
          />
        </div>
        {create.error ? <ErrorNotice error={create.error} /> : null}
        <FormActions
          text="Create user"
          onCancel={onClose}
          disabled={name === '' || problem !== null}
          busy={create.busy}
        />
      </Stack>
    </form>
  );
}
