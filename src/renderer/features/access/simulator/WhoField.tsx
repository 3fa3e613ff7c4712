import { Autocomplete, Text } from '@mantine/core';
import { useMemo } from 'react';
import { principalWords } from '../../../lib/principals.ts';
import { useKms } from '../../../lib/use-call.ts';
import { byAccount } from '../principals.ts';

interface Props {
  readonly keyId: string | null;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Why the principal cannot be asked about. */
  readonly error: string | undefined;
}

/** Who: somebody of the vault or whom the key's policy names, or any other principal by its ARN. */
export function WhoField({ keyId, value, onChange, error }: Props) {
  // Who is there is asked with one action, as it is not about what each may do.
  const { data } = useKms('ListKeyAccess', keyId === null ? null : { KeyId: keyId, ActionNames: ['kms:DescribeKey'] });
  const groups = useMemo(
    () =>
      byAccount(data?.Principals ?? []).map(({ title, principals }) => ({
        group: title,
        items: principals.map(({ PrincipalArn }) => PrincipalArn),
      })),
    [data],
  );
  const words = principalWords(value.trim());
  return (
    <Autocomplete
      label="Who"
      description={words === value.trim() ? "A principal's ARN, or the name of a service" : words}
      placeholder="arn:aws:iam::…"
      value={value}
      onChange={onChange}
      error={error}
      data={groups}
      limit={50}
      maxDropdownHeight="min(20rem, 50vh)"
      spellCheck={false}
      renderOption={({ option }) => (
        <div>
          <Text size="sm">{principalWords(option.value)}</Text>
          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
            {option.value}
          </Text>
        </div>
      )}
    />
  );
}
