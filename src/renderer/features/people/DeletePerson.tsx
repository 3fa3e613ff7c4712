import { List, Stack, Text } from '@mantine/core';
import { ConfirmDestructive } from '../../components/ConfirmDestructive.tsx';
import { iam } from '../../lib/api.ts';
import { plural } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { navigate } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { useMounted } from '../../lib/use-mounted.ts';
import { asRootOf, type Person } from './model.ts';
import { ShowDeletion } from './ShowDeletion.tsx';

/** Asks before a user or role is deleted, naming what goes with it. */
export function DeletePerson({ person, opened, onClose }: { person: Person; opened: boolean; onClose: () => void }) {
  const acting = useSession((session) => session.acting);
  const isHere = useMounted();
  const { kind, name, accountId, policies, accessKeys, mfaDevices } = person;
  if (name === null) return null;
  const self = acting?.accountId === accountId && acting.kind === kind && acting.name === name;
  async function remove(): Promise<void> {
    if (name === null) return;
    const account = asRootOf(accountId);
    const answer =
      kind === 'user'
        ? await iam('DeleteUser', { UserName: name, Force: true }, account)
        : await iam('DeleteRole', { RoleName: name, Force: true }, account);
    notifySuccess(
      `${name} is gone; what it did stays in the trail.`,
      kind === 'user' ? 'User deleted' : 'Role deleted',
      { answer },
    );
    if (!isHere()) return;
    onClose();
    navigate('/access/people', { replace: true });
  }
  return (
    <ConfirmDestructive
      opened={opened}
      onClose={onClose}
      title={`Delete the ${kind}`}
      confirmText={`Delete ${kind}`}
      typed={name}
      onConfirm={remove}
      showAs={<ShowDeletion person={person} />}
    >
      <Stack gap="sm">
        <Text>What goes with it:</Text>
        <List size="sm" spacing={4}>
          {policies.length > 0 ? (
            <List.Item style={{ overflowWrap: 'anywhere' }}>
              {plural(policies.length, 'policy', 'policies')} of its own:{' '}
              {policies.map(({ PolicyName }) => PolicyName).join(', ')}.
            </List.Item>
          ) : null}
          {accessKeys > 0 ? (
            <List.Item>{plural(accessKeys, 'access key')}: programs that use them are refused from then on.</List.Item>
          ) : null}
          {mfaDevices > 0 ? <List.Item>{plural(mfaDevices, 'MFA device')}.</List.Item> : null}
          {kind === 'role' ? <List.Item>Sessions of the role that are under way.</List.Item> : null}
          <List.Item>
            Key policies and grants that name it stay as they are: they would mean a new {kind} of the same name.
          </List.Item>
          {self ? (
            <List.Item>You act as it: the calls of the window are refused until you act as somebody else.</List.Item>
          ) : null}
        </List>
      </Stack>
    </ConfirmDestructive>
  );
}
