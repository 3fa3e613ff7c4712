import { Alert, Button, Checkbox, Modal, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { GrantOperation } from '../../../../shared/kms/enums.ts';
import { limits } from '../../../../shared/kms/limits.ts';
import { ContextEditor } from '../../../components/ContextEditor.tsx';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { CopyBlock, ShowAs } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { useSession } from '../../../lib/session.ts';
import { useAction } from '../../../lib/use-call.ts';
import { type Tell, useTold } from '../../../lib/use-told.ts';
import type { KeyDetail } from '../model.ts';
import { undoGrant } from '../undo.ts';
import { forService, type Grant, type GrantWish, inputOf, operationsFor } from './grants.ts';

interface Props {
  readonly detail: KeyDetail;
  readonly region: string;
  /** The grants there are; undefined while they cannot be read. */
  readonly known: readonly Grant[] | undefined;
  readonly onClose: () => void;
}

const nothing: GrantWish = {
  grantee: '',
  retiring: '',
  operations: [],
  name: '',
  match: 'none',
  context: {},
  sourceArn: '',
};

/** Makes a grant: for whom, what, and when it counts. */
export function CreateGrant({ opened, onClose, ...props }: Props & { opened: boolean }) {
  const { tell, close } = useTold(onClose, opened);
  return (
    <Modal opened={opened} onClose={close} title="Create a grant" size="lg" keepMounted={false}>
      <Form {...props} onClose={close} onTell={tell} />
    </Modal>
  );
}

function Form({ detail, region, known, onClose, onTell }: Props & { onTell: Tell }) {
  const accountId = useSession((session) => session.accountId);
  const [wish, setWish] = useState(nothing);
  const [token, setToken] = useState<string>();
  const change = (changes: Partial<GrantWish>) => setWish((old) => ({ ...old, ...changes }));
  const input = inputOf(detail.KeyId, wish);
  const ready =
    wish.grantee.trim() !== '' &&
    wish.operations.length > 0 &&
    (wish.match === 'none' || Object.keys(wish.context).length > 0);
  const make = useAction(async () => {
    const answer = await kms('CreateGrant', input, region);
    setToken(answer.GrantToken);
    // The same grant under the same name is not made twice: the one that was there before is not for this act to revoke.
    const isNew = input.Name === undefined || known?.every(({ GrantId }) => GrantId !== answer.GrantId) === true;
    onTell('It counts at once.', 'Grant created', {
      answer,
      ...(isNew ? { undo: undoGrant(detail, answer.GrantId, region) } : {}),
    });
  });
  if (token !== undefined)
    return (
      <Stack>
        <Alert color="green" role="status" title="The grant is made">
          <Text>It counts at once. Programs written for AWS may pass its token along, as AWS asks them to.</Text>
        </Alert>
        <CopyBlock text={token} label="Grant token" />
        <DialogFoot>
          <Button onClick={onClose} data-autofocus>
            Done
          </Button>
        </DialogFoot>
      </Stack>
    );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void make.run();
      }}
    >
      <Stack>
        <TextInput
          label="For"
          description="The ARN of a user or role, or the name of a service"
          placeholder={`arn:aws:iam::${accountId}:user/ada`}
          value={wish.grantee}
          maxLength={limits.principal}
          spellCheck={false}
          autoComplete="off"
          data-autofocus
          onChange={(event) => change({ grantee: event.currentTarget.value })}
        />
        <Checkbox.Group
          label="May call"
          value={[...wish.operations]}
          onChange={(operations) => change({ operations: operations as GrantOperation[] })}
        >
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing={6} mt={6}>
            {operationsFor(detail).map((operation) => (
              <Checkbox key={operation} value={operation} label={operation} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        {detail.KeySpec === 'SYMMETRIC_DEFAULT' ? (
          <Select
            label="Only when"
            value={wish.match}
            allowDeselect={false}
            data={[
              { value: 'none', label: 'Always' },
              { value: 'subset', label: 'The encryption context has these pairs' },
              { value: 'equals', label: 'The encryption context is exactly this' },
            ]}
            onChange={(match) => change({ match: (match ?? 'none') as GrantWish['match'] })}
          />
        ) : null}
        {wish.match === 'none' ? null : (
          <ContextEditor value={wish.context} onChange={(context) => change({ context })} />
        )}
        {forService(wish) ? (
          <TextInput
            label="On behalf of"
            description="ARN of the resource the service works for (SourceArn)"
            value={wish.sourceArn}
            spellCheck={false}
            onChange={(event) => change({ sourceArn: event.currentTarget.value })}
          />
        ) : null}
        <TextInput
          label="May be retired by"
          description={forService(wish) ? 'A grant for a service needs one' : 'If someone besides you may end it'}
          value={wish.retiring}
          maxLength={limits.principal}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => change({ retiring: event.currentTarget.value })}
        />
        <TextInput
          label="Name"
          description="So that the same grant is not made twice"
          value={wish.name}
          maxLength={limits.grantName}
          autoComplete="off"
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {make.error ? <ErrorNotice error={make.error} /> : null}
        <DialogFoot aside={<ShowAs operation="CreateGrant" input={input} region={region} />}>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.busy} disabled={!ready}>
            Create grant
          </Button>
        </DialogFoot>
      </Stack>
    </form>
  );
}
