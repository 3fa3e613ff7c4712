import { Button, Group, Menu, Stack, Text } from '@mantine/core';
import { IconChevronDown, IconFileText } from '@tabler/icons-react';
import { useState } from 'react';
import { iamLimits } from '../../../shared/iam/limits.ts';
import { ConfirmRemoval } from '../../components/ConfirmRemoval.tsx';
import classes from '../../components/list.module.css';
import { ShowIam } from '../../components/ShowIam.tsx';
import { formatNumber } from '../../lib/format.ts';
import { notifySuccess } from '../../lib/notify.tsx';
import { type NamedPolicy, type PartProps, type Person, policySize } from './model.ts';
import { type EditedPolicy, PolicyDialog } from './PolicyDialog.tsx';
import { templates } from './templates.ts';
import { deletePolicy, undoPolicyDeleted } from './undo.ts';

/** The policies of somebody's own. */
export function Permissions({ person }: PartProps) {
  if (person.kind === 'root')
    return (
      <Stack gap="xs">
        <Text maw="42rem">
          A root has no policies of its own and needs none: what a key's policy lets its account do, the root may do. A
          policy that denies it counts all the same.
        </Text>
        <Text c="dimmed" maw="42rem">
          That is why programs are better off as users or roles, with what they need and nothing else.
        </Text>
      </Stack>
    );
  return <Policies person={person} />;
}

/** The first free name that begins with `name`. */
function freeName(name: string, policies: readonly NamedPolicy[]): string {
  const taken = new Set(policies.map(({ PolicyName }) => PolicyName));
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}${n}`;
  return free;
}

const nothingYet = JSON.stringify(
  { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: [], Resource: '*' }] },
  null,
  2,
);

function Policies({ person }: { person: Person }) {
  const { policies, kind } = person;
  const [edited, setEdited] = useState<EditedPolicy | null>(null);
  const [leaving, setLeaving] = useState<NamedPolicy | null>(null);
  const used = policies.reduce((sum, { PolicyDocument }) => sum + policySize(PolicyDocument), 0);
  const most = kind === 'user' ? iamLimits.userPolicies : iamLimits.rolePolicies;
  const add = (name: string, document: string) => setEdited({ name: freeName(name, policies), document, isNew: true });
  return (
    <Stack>
      <Text c="dimmed" maw="42rem">
        They speak for keys whose policy lets the account decide, as the default policy does. What no policy allows is
        refused, and what one denies stays refused.
      </Text>
      {policies.length === 0 ? (
        <Text>It has no policy: it may do what key policies and grants that name it allow, and nothing else.</Text>
      ) : (
        <ul className={classes.list} aria-label="Policies">
          {policies.map((policy) => (
            <li key={policy.PolicyName} className={classes.row}>
              <IconFileText size={20} stroke={1.7} aria-hidden />
              <div className={classes.words}>
                <Text fw={550} style={{ overflowWrap: 'anywhere' }}>
                  {policy.PolicyName}
                </Text>
                <Text size="xs" c="dimmed" lineClamp={2}>
                  {summary(policy.PolicyDocument)}
                </Text>
              </div>
              <Group gap="xs">
                <Button
                  size="xs"
                  variant="default"
                  aria-label={`Edit: ${policy.PolicyName}`}
                  onClick={() => setEdited({ name: policy.PolicyName, document: policy.PolicyDocument, isNew: false })}
                >
                  Edit
                </Button>
                <Button
                  size="xs"
                  variant="subtle"
                  color="red"
                  aria-label={`Delete: ${policy.PolicyName}`}
                  onClick={() => setLeaving(policy)}
                >
                  Delete
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
      <Group justify="space-between">
        <Menu position="bottom-start" width={320}>
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={16} aria-hidden />}>
              Add a policy
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {templates.map(({ id, title, line, policyName, document }) => (
              <Menu.Item key={id} onClick={() => add(policyName, document)}>
                <Text fw={550}>{title}</Text>
                <Text size="xs" c="dimmed">
                  {line}
                </Text>
              </Menu.Item>
            ))}
            <Menu.Divider />
            <Menu.Item onClick={() => add('Policy', nothingYet)}>
              <Text fw={550}>Write one</Text>
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
        <Text size="xs" c="dimmed">
          {formatNumber(used)} of {formatNumber(most)} characters
        </Text>
      </Group>
      <PolicyDialog person={person} policy={edited} onClose={() => setEdited(null)} />
      <DeletePolicy person={person} policy={leaving} onClose={() => setLeaving(null)} />
    </Stack>
  );
}

/** What a policy's statements are about: their effects and actions. */
function summary(document: string): string {
  try {
    const { Statement } = JSON.parse(document) as { Statement: unknown };
    const statements = (Array.isArray(Statement) ? Statement : [Statement]) as {
      Effect?: string;
      Action?: string | string[];
      NotAction?: string | string[];
    }[];
    return statements
      .map(({ Effect = '', Action, NotAction }) => {
        const actions = [Action ?? NotAction ?? []].flat();
        return `${Effect} ${NotAction ? 'all but ' : ''}${actions.join(', ')}`;
      })
      .join('; ');
  } catch {
    return '';
  }
}

function DeletePolicy({
  person,
  policy,
  onClose,
}: {
  person: Person;
  policy: NamedPolicy | null;
  onClose: () => void;
}) {
  const { kind } = person;
  const name = person.name ?? '';
  const PolicyName = policy?.PolicyName ?? '';
  const remove = async () => {
    const answer = await deletePolicy(person, PolicyName);
    notifySuccess(`${name} has it no more.`, 'Policy deleted', {
      answer,
      ...(policy ? { undo: undoPolicyDeleted(person, policy) } : {}),
    });
  };
  return (
    <ConfirmRemoval
      opened={policy !== null}
      onClose={onClose}
      title="Delete the policy"
      onConfirm={remove}
      showAs={
        kind === 'user' ? (
          <ShowIam operation="DeleteUserPolicy" input={{ UserName: name, PolicyName }} />
        ) : (
          <ShowIam operation="DeleteRolePolicy" input={{ RoleName: name, PolicyName }} />
        )
      }
    >
      From then on {name} may do only what its other policies, key policies and grants allow.
    </ConfirmRemoval>
  );
}
