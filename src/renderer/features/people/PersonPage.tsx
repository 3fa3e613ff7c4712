import { Anchor, Badge, Button, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { IconUserOff } from '@tabler/icons-react';
import { type ComponentType, useState } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { useCommands } from '../../lib/commands.ts';
import { navigate } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { DeletePerson } from './DeletePerson.tsx';
import { kindLooks } from './looks.ts';
import { MfaPanel } from './mfa/MfaPanel.tsx';
import { type AccountPeople, type PartProps, type Person, personPath } from './model.ts';
import { Permissions } from './Permissions.tsx';
import { PersonKeys } from './PersonKeys.tsx';
import { PersonTags } from './PersonTags.tsx';
import classes from './people.module.css';
import { switchTo } from './switch-to.ts';
import { TrustPanel } from './TrustPanel.tsx';

interface Part {
  readonly id: string;
  readonly title: string;
  readonly Body: ComponentType<PartProps>;
  readonly of: readonly Person['kind'][];
}

const parts: readonly Part[] = [
  { id: 'permissions', title: 'Permissions', Body: Permissions, of: ['root', 'user', 'role'] },
  { id: 'trust', title: 'Trust and sessions', Body: TrustPanel, of: ['role'] },
  { id: 'keys', title: 'Access keys', Body: PersonKeys, of: ['root', 'user', 'role'] },
  { id: 'mfa', title: 'Second factor', Body: MfaPanel, of: ['root', 'user'] },
  { id: 'tags', title: 'Tags', Body: PersonTags, of: ['user', 'role'] },
];

interface Props {
  readonly accounts: readonly AccountPeople[];
  readonly arn: string;
  readonly part: string | null;
}

/** One user, role or root: what it may do, and what it proves itself with. */
export function PersonPage({ accounts, arn, part }: Props) {
  const person = accounts.flatMap(({ people }) => people).find((each) => each.arn === arn);
  return (
    <Stack gap="xs">
      <Anchor href="#/access/people" size="sm">
        All people
      </Anchor>
      {person ? (
        <Found person={person} part={part} />
      ) : (
        <EmptyState
          icon={IconUserOff}
          title="Nobody is here"
          action={<Button onClick={() => navigate('/access/people', { replace: true })}>All people</Button>}
        >
          There is no user or role {arn}.
        </EmptyState>
      )}
    </Stack>
  );
}

function Found({ person, part }: { person: Person; part: string | null }) {
  const acting = useSession((session) => session.acting);
  const [leaving, setLeaving] = useState(false);
  const { icon: Icon, word } = kindLooks[person.kind];
  const shown = parts.filter(({ of }) => of.includes(person.kind));
  const current = shown.find(({ id }) => id === part) ?? shown[0];
  const self = acting?.accountId === person.accountId && acting.kind === person.kind && acting.name === person.name;
  const called = person.name ?? `root of ${person.accountId}`;
  const command = (id: string, title: string, run: () => void) => ({
    id: `person.${id}`,
    title: `${title}: ${called}`,
    keywords: 'user role iam',
    group: 'This person',
    run,
  });
  useCommands([
    ...shown.map(({ id, title }) => command(`part.${id}`, title, () => navigate(personPath(person.arn, id)))),
    ...(self ? [] : [command('act-as', 'Act as', () => void switchTo(person.arn))]),
    ...(person.kind === 'root' ? [] : [command('delete', 'Delete', () => setLeaving(true))]),
  ]);
  return (
    <>
      <Group justify="space-between" align="flex-start" gap="md">
        <div className={classes.head}>
          <Group gap="sm" wrap="nowrap">
            <Icon size={24} stroke={1.6} aria-hidden />
            <Title order={2} size="h3" className="coffer-truncate">
              {person.name ?? `Root of account ${person.accountId}`}
            </Title>
            {person.kind === 'root' ? null : <Badge variant="light">{word}</Badge>}
          </Group>
          <Text size="sm" c="dimmed" component="div">
            <Identifier value={person.arn} keep={28} />
            {person.created ? (
              <>
                {' '}
                ·{' '}
                <span style={{ whiteSpace: 'nowrap' }}>
                  created <RelativeTime value={person.created} />
                </span>
              </>
            ) : null}
          </Text>
        </div>
        <Group gap="xs">
          {self ? (
            <Badge variant="light" color={acting.owner ? 'petrol' : 'brass'} size="lg">
              acting
            </Badge>
          ) : (
            <Button variant="default" onClick={() => void switchTo(person.arn)}>
              Act as {person.name ?? 'root'}
            </Button>
          )}
          {person.kind === 'root' ? null : (
            <Button variant="subtle" color="red" onClick={() => setLeaving(true)}>
              Delete
            </Button>
          )}
        </Group>
      </Group>
      <Tabs
        mt="xs"
        value={current?.id ?? null}
        keepMounted={false}
        onChange={(id) => id && navigate(personPath(person.arn, id), { replace: true })}
      >
        <Tabs.List aria-label={`Parts of ${person.name ?? 'root'}`} mb="md">
          {shown.map(({ id, title }) => (
            <Tabs.Tab key={id} value={id}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {shown.map(({ id, Body }) => (
          <Tabs.Panel key={id} value={id} className={classes.panel}>
            <Body person={person} />
          </Tabs.Panel>
        ))}
      </Tabs>
      <DeletePerson person={person} opened={leaving} onClose={() => setLeaving(false)} />
    </>
  );
}
