import { Modal, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { iamLimits } from '../../../shared/iam/limits.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { FormActions } from '../../components/FormActions.tsx';
import { ShowIam } from '../../components/ShowIam.tsx';
import { notifySuccess } from '../../lib/notify.tsx';
import { useAction } from '../../lib/use-call.ts';
import { pretty } from '../access/policy/index.ts';
import type { Person } from './model.ts';
import { PolicyField, usePolicyDraft } from './PolicyField.tsx';
import { putPolicy, undoPolicySaved } from './undo.ts';

export interface EditedPolicy {
  readonly name: string;
  readonly document: string;
  readonly isNew: boolean;
}

interface Props {
  readonly person: Person;
  readonly onClose: () => void;
}

/** Writes or rewrites a policy of somebody's own. */
export function PolicyDialog({ policy, ...props }: Props & { policy: EditedPolicy | null }) {
  return (
    <Modal
      opened={policy !== null}
      onClose={props.onClose}
      title={policy?.isNew ? 'Add a policy' : 'Edit the policy'}
      size="72rem"
      closeOnClickOutside={false}
      closeOnEscape={false}
    >
      {policy ? <Body {...props} policy={policy} /> : null}
    </Modal>
  );
}

function nameProblem(name: string, { isNew }: EditedPolicy, { policies }: Person): string | null {
  if (!isNew) return null;
  if (name === '') return 'A policy needs a name.';
  if (name.length > iamLimits.policyName) return `At most ${iamLimits.policyName} characters.`;
  if (!/^[\w+=,.@-]+$/.test(name)) return 'Only letters, digits and + = , . @ _ - are allowed.';
  return policies.some(({ PolicyName }) => PolicyName === name) ? 'There is one of that name already.' : null;
}

function Body({ person, policy, onClose }: Props & { policy: EditedPolicy }) {
  const { kind } = person;
  const owner = person.name ?? '';
  const [name, setName] = useState(policy.name);
  const [text, setText] = useState(() => pretty(policy.document));
  const problem = nameProblem(name, policy, person);
  const draft = usePolicyDraft(text);
  const ready = problem === null && draft.isPolicy;
  const what = { PolicyName: name, PolicyDocument: text };
  const save = useAction(async () => {
    const answer = await putPolicy(person, what);
    notifySuccess(`It decides for ${owner} from now on.`, 'Policy saved', {
      answer,
      undo: undoPolicySaved(person, name, policy.isNew ? undefined : policy.document, text),
    });
    onClose();
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void save.run();
      }}
    >
      <Stack>
        {policy.isNew ? (
          <TextInput
            label="Name"
            value={name}
            error={problem}
            onChange={(event) => setName(event.currentTarget.value.trim())}
            autoComplete="off"
            spellCheck={false}
          />
        ) : null}
        <PolicyField
          label={policy.isNew ? 'Policy' : policy.name}
          description={`It names no principal: it is about ${owner}.`}
          type="identity"
          draft={draft}
          wide
          value={text}
          onChange={setText}
        />
        {save.error ? <ErrorNotice error={save.error} /> : null}
        <FormActions text="Save policy" onCancel={onClose} disabled={!ready} busy={save.busy}>
          {kind === 'user' ? (
            <ShowIam operation="PutUserPolicy" input={{ UserName: owner, ...what }} />
          ) : (
            <ShowIam operation="PutRolePolicy" input={{ RoleName: owner, ...what }} />
          )}
        </FormActions>
      </Stack>
    </form>
  );
}
