import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { limits } from '../../../../shared/kms/limits.ts';
import { RefusalDetails } from '../../../components/decision/RefusalDetails.tsx';
import { refusalOf } from '../../../lib/decisions.ts';
import type { Unfinished } from './create-key.ts';

interface Props {
  readonly unfinished: Unfinished;
  readonly alias: string;
  readonly onAlias: (alias: string) => void;
  readonly aliasError: string | null;
  readonly busy: boolean;
  readonly onRetry: () => void;
  readonly onLeave: () => void;
}

/** The key is there, a later step is not: says which, and lets it be tried again or left. */
export function UnfinishedKey({ unfinished, alias, onAlias, aliasError, busy, onRetry, onLeave }: Props) {
  const { missing, error } = unfinished;
  const refusal = refusalOf(error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (missing === 'rotation' || aliasError === null) onRetry();
      }}
    >
      <Stack>
        <Alert
          role="alert"
          color="yellow"
          icon={<IconAlertTriangle size={18} aria-hidden />}
          title={
            missing === 'alias'
              ? 'The key was created, but it has no alias yet'
              : 'The key was created, but it does not rotate yet'
          }
        >
          <Text style={{ overflowWrap: 'anywhere' }}>{error.message}</Text>
          {refusal ? <RefusalDetails refusal={refusal} onRetry={onRetry} /> : null}
        </Alert>
        {missing === 'alias' ? (
          <TextInput
            label="Alias"
            value={alias}
            error={aliasError}
            maxLength={limits.aliasName}
            onChange={(event) => onAlias(event.currentTarget.value)}
            data-autofocus
          />
        ) : null}
        <Group justify="space-between">
          <Button variant="default" onClick={onLeave}>
            Leave it and open the key
          </Button>
          <Button type="submit" loading={busy}>
            Try again
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
