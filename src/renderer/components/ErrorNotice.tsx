import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { refusalOf } from '../lib/decisions.ts';
import { asCofferError } from '../lib/errors.ts';
import { RefusalDetails } from './decision/RefusalDetails.tsx';

/**
 * A failure where it happened: the sentence a person can act on, and the code to look it up by. A call that was refused for
 * want of permission says which statements made it so.
 */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { code, message } = asCofferError(error);
  const refusal = refusalOf(error);
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle size={18} aria-hidden />} title={code}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {message}
      </Text>
      {refusal ? <RefusalDetails refusal={refusal} onRetry={onRetry} /> : null}
      {onRetry ? (
        <Button mt="xs" size="compact-sm" variant="default" onClick={onRetry}>
          Try again
        </Button>
      ) : null}
    </Alert>
  );
}
