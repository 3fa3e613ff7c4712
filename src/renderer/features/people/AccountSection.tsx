import { ActionIcon, Anchor, Badge, Button, Group, Text, Title, Tooltip } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { ConfirmRemoval } from '../../components/ConfirmRemoval.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import classes from '../../components/list.module.css';
import { ShowAs } from '../../components/ShowAs.tsx';
import { iam } from '../../lib/api.ts';
import { plural } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { useSession } from '../../lib/session.ts';
import { kindLooks, personWords } from './looks.ts';
import { type AccountPeople, type Person, personPath } from './model.ts';
import { switchTo } from './switch-to.ts';

/** One account: its root, users and roles. */
export function AccountSection({ account }: { account: AccountPeople }) {
  const { accountId, owner, people, keys } = account;
  const mayDelete = useSession((session) => session.acting?.owner ?? false) && !owner;
  const [leaving, setLeaving] = useState(false);
  return (
    <section aria-label={`Account ${accountId}`}>
      <Group gap="sm" mb="xs">
        <Title order={2} size="h4">
          Account <Identifier value={accountId} whole />
        </Title>
        {owner ? <Badge variant="light">the vault's owner</Badge> : null}
        {keys === undefined ? null : (
          <Text size="xs" c="dimmed">
            {plural(keys, 'key')}
          </Text>
        )}
        {mayDelete ? (
          <Tooltip label="Delete the account">
            <ActionIcon
              ml="auto"
              variant="subtle"
              color="red"
              aria-label={`Delete account ${accountId}`}
              onClick={() => setLeaving(true)}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        ) : null}
      </Group>
      <ul className={classes.list} aria-label={`People of account ${accountId}`}>
        {people.map((person) => (
          <PersonRow key={person.arn} person={person} />
        ))}
      </ul>
      <DeleteAccount accountId={leaving ? accountId : null} onClose={() => setLeaving(false)} />
    </section>
  );
}

/** What somebody has, in a few words. */
function has({ kind, policies, accessKeys, mfaDevices }: Person): string {
  const parts = [
    kind === 'root'
      ? 'everything its keys let the account do'
      : policies.length === 0
        ? 'no policy'
        : plural(policies.length, 'policy', 'policies'),
    ...(accessKeys > 0 ? [plural(accessKeys, 'access key')] : []),
    ...(mfaDevices > 0 ? [plural(mfaDevices, 'MFA device')] : []),
  ];
  return parts.join(', ');
}

function PersonRow({ person }: { person: Person }) {
  const acting = useSession((session) => session.acting);
  const { icon: Icon, word } = kindLooks[person.kind];
  const self = acting?.accountId === person.accountId && acting.kind === person.kind && acting.name === person.name;
  return (
    <li className={classes.row}>
      <Icon size={20} stroke={1.7} aria-hidden />
      <div className={classes.words}>
        <Anchor href={`#${personPath(person.arn)}`} fw={550}>
          {person.name ?? 'root'}
        </Anchor>
        <Text size="xs" c="dimmed">
          {person.kind === 'root' ? '' : `${word}, `}
          {has(person)}
        </Text>
      </div>
      {self ? (
        <Badge variant="light" color={acting.owner ? 'petrol' : 'brass'}>
          acting
        </Badge>
      ) : (
        <Button
          size="xs"
          variant="default"
          aria-label={`Act as ${personWords(person)} of account ${person.accountId}`}
          onClick={() => void switchTo(person.arn)}
        >
          Act as
        </Button>
      )}
    </li>
  );
}

function DeleteAccount({ accountId, onClose }: { accountId: string | null; onClose: () => void }) {
  const remove = async () => {
    if (accountId === null) return;
    const answer = await iam('DeleteAccount', { AccountId: accountId });
    notifySuccess(`Account ${accountId} is gone.`, 'Account deleted', { answer });
  };
  return (
    <ConfirmRemoval
      opened={accountId !== null}
      onClose={onClose}
      title="Delete the account"
      onConfirm={remove}
      showAs={
        <ShowAs
          service="organizations"
          operation="CloseAccount"
          input={{ AccountId: accountId ?? '' }}
          region=""
          note="The nearest that AWS has, for who runs an organization: it closes the account with all that is in it, and can open it again for 90 days."
        />
      }
    >
      Account {accountId} goes with its root. Only an empty account can go: its users, roles and keys have to be deleted
      first. What it did stays in the trail.
    </ConfirmRemoval>
  );
}
