import { Button, Combobox, Group, Text, UnstyledButton, useCombobox } from '@mantine/core';
import { IconArrowBackUp, IconCheck, IconChevronDown, IconShieldCheck, IconShieldLock } from '@tabler/icons-react';
import { useState } from 'react';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { invoke } from '../../lib/api.ts';
import { useCommands } from '../../lib/commands.ts';
import { navigate } from '../../lib/route.ts';
import { type Acting, useSession } from '../../lib/session.ts';
import { useLoad } from '../../lib/use-call.ts';
import classes from './acting.module.css';
import { kindLooks, type Principal, personWords } from './looks.ts';
import { backToOwner, enterCode, switchTo } from './switch-to.ts';

/** More than these are found by typing in the menu; the palette would be nothing but names. */
const COMMANDS_MAX = 20;

const usePrincipals = () => {
  const loaded = useLoad('principals', () => invoke('people.principals', {}), ['people.changed']);
  return loaded.data?.principals ?? [];
};

/** As whom every click is made, and who else it could be. */
export function ActingAs() {
  const acting = useSession((session) => session.acting);
  const principals = usePrincipals();
  const combobox = useCombobox({
    onDropdownOpen: () => combobox.focusSearchInput(),
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setSearch('');
    },
  });
  const [search, setSearch] = useState('');
  const chosen = acting?.exists ? principals.find((principal) => isSame(principal, acting)) : undefined;
  const others = principals.filter((principal) => !principal.owner && principal !== chosen);
  const groups = accountsOf(principals, search);
  const close = () => {
    combobox.closeDropdown();
    combobox.focusTarget();
  };
  const back = () => {
    close();
    void backToOwner();
  };
  useCommands([
    {
      id: 'people.act-as',
      title: 'Act as somebody else…',
      keywords: 'principal user role switch impersonate',
      group: 'Acting as',
      run: () => combobox.openDropdown(),
    },
    ...(acting && !acting.owner
      ? [
          {
            id: 'people.owner',
            title: "Back to the vault's owner",
            keywords: 'act as root principal',
            group: 'Acting as',
            run: back,
          },
        ]
      : []),
    ...(acting && acting.mfaDevices.length > 0
      ? [
          {
            id: 'people.mfa',
            title: 'Enter MFA code',
            keywords: 'second factor totp authenticator prove',
            group: 'Acting as',
            run: () => void enterCode(),
          },
        ]
      : []),
    ...(others.length <= COMMANDS_MAX ? others : []).map((principal) => ({
      id: `people.act-as.${principal.principalArn}`,
      title: `Act as ${personWords(principal)}`,
      keywords: `${principal.accountId} principal switch`,
      group: 'Acting as',
      run: () => void switchTo(principal.principalArn),
    })),
  ]);
  if (!acting) return null;
  const Icon = kindLooks[acting.kind].icon;
  return (
    <Combobox
      store={combobox}
      width="min(23rem, 92vw)"
      position="bottom-start"
      withinPortal
      keepMounted={false}
      onOptionSubmit={(principalArn) => {
        close();
        void switchTo(principalArn);
      }}
    >
      <Combobox.Target withAriaAttributes={false} withKeyboardNavigation={false} targetType="button">
        <UnstyledButton
          className={classes.button}
          aria-haspopup="dialog"
          aria-expanded={combobox.dropdownOpened}
          aria-label={`Acting as ${personWords(acting)} of account ${acting.accountId}`}
          title={acting.principalArn}
          onClick={() => combobox.toggleDropdown()}
        >
          <Text component="span" size="xs" c="dimmed" className={classes.word}>
            acting as
          </Text>
          <Icon size={16} stroke={1.7} className={classes.icon} aria-hidden />
          <span className={classes.name}>{acting.name ?? 'root'}</span>
          {acting.mfaAt === null ? null : <IconShieldCheck size={15} className={classes.icon} aria-hidden />}
          <IconChevronDown size={14} className={classes.icon} aria-hidden />
        </UnstyledButton>
      </Combobox.Target>
      <Combobox.Dropdown
        onKeyDown={(event) => {
          if (event.key === 'Escape') close();
        }}
      >
        <div role="dialog" aria-label="Acting as">
          <Combobox.Search
            aria-label="Find a user or role"
            placeholder="Find a user or role"
            value={search}
            onChange={(event) => {
              setSearch(event.currentTarget.value);
              combobox.updateSelectedOptionIndex();
            }}
          />
          <Combobox.Options className={classes.options} aria-label="Users, roles and roots">
            {groups.map(({ accountId, members }) => (
              <Combobox.Group key={accountId} label={`Account ${accountId}`}>
                {members.map((principal) => (
                  <PrincipalOption key={principal.principalArn} principal={principal} chosen={principal === chosen} />
                ))}
              </Combobox.Group>
            ))}
            {groups.length === 0 ? <Combobox.Empty>Nobody has that name.</Combobox.Empty> : null}
          </Combobox.Options>
          <Combobox.Footer>
            <MfaLine acting={acting} onEnter={close} />
            <Group gap="xs" justify="space-between">
              {acting.owner ? (
                <span />
              ) : (
                <Button
                  size="compact-sm"
                  variant="light"
                  leftSection={<IconArrowBackUp size={15} aria-hidden />}
                  onClick={back}
                >
                  Back to the owner
                </Button>
              )}
              <Button
                size="compact-sm"
                variant="subtle"
                onClick={() => {
                  close();
                  navigate('/access/people');
                }}
              >
                All people
              </Button>
            </Group>
          </Combobox.Footer>
        </div>
      </Combobox.Dropdown>
    </Combobox>
  );
}

function PrincipalOption({ principal, chosen }: { principal: Principal; chosen: boolean }) {
  const Icon = kindLooks[principal.kind].icon;
  return (
    <Combobox.Option value={principal.principalArn} active={chosen}>
      <span className={classes.option}>
        <Icon size={16} stroke={1.7} className={classes.icon} aria-hidden />
        <span className={classes.optionName}>{principal.name ?? 'root'}</span>
        <Text component="span" size="xs" c="dimmed">
          {principal.owner ? "the vault's owner" : principal.kind}
        </Text>
        {chosen ? <IconCheck size={15} aria-label="chosen" /> : null}
      </span>
    </Combobox.Option>
  );
}

/** What is known of the second factor, and proving it. */
function MfaLine({ acting, onEnter }: { acting: Acting; onEnter: () => void }) {
  if (acting.mfaDevices.length === 0)
    return (
      <Text size="xs" c="dimmed" mb={6}>
        {acting.kind === 'role' ? 'A role has no MFA device of its own.' : 'It has no MFA device.'}
      </Text>
    );
  return (
    <Group gap="xs" justify="space-between" mb={6} wrap="nowrap">
      <Text size="xs" c="dimmed" component="div">
        {acting.mfaAt === null ? (
          'No MFA code was entered yet.'
        ) : (
          <>
            MFA code entered <RelativeTime value={acting.mfaAt} />.
          </>
        )}
      </Text>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconShieldLock size={15} aria-hidden />}
        onClick={() => {
          onEnter();
          void enterCode();
        }}
      >
        Enter MFA code
      </Button>
    </Group>
  );
}

/** Records name a role by its session, the list by itself. */
const isSame = (principal: Principal, { accountId, kind, name }: Acting): boolean =>
  principal.accountId === accountId && principal.kind === kind && principal.name === name;

function accountsOf(principals: readonly Principal[], search: string) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Principal[]>();
  for (const principal of principals) {
    const text = `${principal.name ?? 'root'} ${principal.kind} ${principal.accountId}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const members = groups.get(principal.accountId);
    if (members) members.push(principal);
    else groups.set(principal.accountId, [principal]);
  }
  return [...groups].map(([accountId, members]) => ({ accountId, members }));
}
