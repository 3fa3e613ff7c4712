import { Select } from '@mantine/core';
import { useMemo } from 'react';
import { useKeys } from './keys-store.ts';
import { type KeyRow, keyName } from './model.ts';

/** Enough to choose from; typing finds the others. */
const SHOWN = 50;

interface Props {
  readonly label: string;
  readonly description?: string;
  /** A key id. */
  readonly value: string | null;
  readonly onChange: (keyId: string | null) => void;
  readonly accepts: (key: KeyRow) => boolean;
}

/** Chooses one of the Region's keys by alias or id. */
export function KeySelect({ label, description, value, onChange, accepts }: Props) {
  const { keys } = useKeys();
  const data = useMemo(
    () =>
      (keys ?? []).filter(accepts).map((key) => ({
        value: key.KeyId,
        label: key.Aliases.length > 0 ? `${keyName(key)} (${key.KeyId.slice(0, 8)})` : key.KeyId,
      })),
    [keys, accepts],
  );
  return (
    <Select
      label={label}
      description={description}
      placeholder="Alias or id"
      searchable
      limit={SHOWN}
      nothingFoundMessage="No key matches"
      data={data}
      value={value}
      onChange={onChange}
    />
  );
}
