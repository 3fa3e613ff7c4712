import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconInfoCircle, IconPlus, IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { ShowIam } from '../../components/ShowIam.tsx';
import { useCommands } from '../../lib/commands.ts';
import { useRoute } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { AccountSection } from './AccountSection.tsx';
import { CreateAccount } from './CreateAccount.tsx';
import { CreateRole } from './CreateRole.tsx';
import { CreateUser } from './CreateUser.tsx';
import { personWords } from './looks.ts';
import { type AccountPeople, useAccounts } from './model.ts';
import { PersonPage } from './PersonPage.tsx';
import { MfaRule } from './rule/MfaRule.tsx';
import { backToOwner } from './switch-to.ts';

type Dialog = 'user' | 'role' | 'account';

/** The accounts of the vault with their users and roles: `#/access/people`, and one of them at `?who=<ARN>`. */
export function PeopleTab() {
  const { query } = useRoute();
  const who = query.get('who');
  const { data, error, reload } = useAccounts();
  if (error && !data) return <Refused error={error} onRetry={reload} />;
  if (!data)
    return (
      <Stack role="status" aria-label="Loading the people">
        <Skeleton height={36} width="min(20rem, 100%)" />
        <Skeleton height={160} />
      </Stack>
    );
  if (who !== null) return <PersonPage key={who} accounts={data} arn={who} part={query.get('part')} />;
  return <Everybody accounts={data} />;
}

/** Most principals may not look at people. */
function Refused({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const acting = useSession((session) => session.acting);
  return (
    <Stack align="flex-start">
      <ErrorNotice error={error} onRetry={onRetry} />
      {acting && !acting.owner ? (
        <Button variant="default" onClick={() => void backToOwner()}>
          Back to the owner
        </Button>
      ) : null}
    </Stack>
  );
}

function Everybody({ accounts }: { accounts: readonly AccountPeople[] }) {
  const acting = useSession((session) => session.acting);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const close = () => setDialog(null);
  const owner = acting?.owner ?? false;
  const nobody = accounts.length === 1 && accounts[0]?.people.length === 1;
  const command = (id: Dialog, title: string) => ({
    id: `${id}.create`,
    title,
    keywords: 'new make iam person program',
    group: 'Actions',
    run: () => setDialog(id),
  });
  useCommands([
    command('user', 'Create a user'),
    command('role', 'Create a role'),
    ...(owner ? [command('account', 'Create an account')] : []),
  ]);
  const buttons = (
    <Group gap="xs">
      <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setDialog('user')}>
        Create user
      </Button>
      <Button variant="default" onClick={() => setDialog('role')}>
        Create role
      </Button>
      {owner ? (
        <Button variant="default" onClick={() => setDialog('account')}>
          Create account
        </Button>
      ) : null}
      <ShowIam compact operation="GetAccountAuthorizationDetails" input={{}} />
    </Group>
  );
  return (
    <Stack gap="lg">
      {acting && !owner ? (
        <Alert role="note" color="gray" icon={<IconInfoCircle size={18} aria-hidden />} title="One account">
          You act as {personWords(acting)}: this is what account {acting.accountId} lets it see.
        </Alert>
      ) : null}
      {nobody ? (
        <EmptyState icon={IconUsers} title="Nobody but you yet" action={buttons}>
          A vault of your own has people too: a program that may decrypt and nothing else, a student who is to meet
          “access denied”, somebody in the family who may open a few files. Each is a user or a role with policies of
          its own, and you can act as any of them to see what they can do.
        </EmptyState>
      ) : (
        <Group justify="space-between" align="flex-start">
          <Text c="dimmed" maw="40rem" flex="1 1 18rem">
            Users and roles have no password here: programs call as them with access keys, and whoever opened the vault
            can act as any of them.
          </Text>
          {buttons}
        </Group>
      )}
      {accounts.map((account) => (
        <AccountSection key={account.accountId} account={account} />
      ))}
      <MfaRule />
      <CreateUser opened={dialog === 'user'} onClose={close} accounts={accounts} />
      <CreateRole opened={dialog === 'role'} onClose={close} accounts={accounts} />
      <CreateAccount opened={dialog === 'account'} onClose={close} />
    </Stack>
  );
}
