import { Select } from '@mantine/core';
import { useState } from 'react';
import { useSession } from '../../lib/session.ts';
import type { AccountPeople } from './model.ts';

/** The account something new is made in; the acting principal's own at first. */
export function useAccountChoice(accounts: readonly AccountPeople[]) {
  const own = useSession((session) => session.accountId);
  return useState(accounts.some(({ accountId }) => accountId === own) ? own : (accounts[0]?.accountId ?? own));
}

/** Lets one choose the account, where there are several. */
export function AccountSelect({
  accounts,
  value,
  onChange,
}: {
  accounts: readonly AccountPeople[];
  value: string;
  onChange: (accountId: string) => void;
}) {
  if (accounts.length < 2) return null;
  return (
    <Select
      label="Account"
      data={accounts.map(({ accountId, owner }) => ({
        value: accountId,
        label: owner ? `${accountId} (the vault's owner)` : accountId,
      }))}
      value={value}
      onChange={(next) => next && onChange(next)}
      allowDeselect={false}
    />
  );
}
