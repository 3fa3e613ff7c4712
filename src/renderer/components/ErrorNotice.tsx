import { Alert, Button, Text } from '@mantine/core';
import { IconAlertTriangle, IconLock } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { refusalOf } from '../lib/decisions.ts';
import { asCofferError } from '../lib/errors.ts';
import { retryOf } from '../lib/retries.ts';
import { RefusalDetails } from './decision/RefusalDetails.tsx';

/**
 * A failure where it happened: the sentence a person can act on, and the code to look it up by. A call that was refused for
 * want of permission is an answer rather than a fault: it looks calm, and says which statements made it so.
 */
export function ErrorNotice({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { code, message } = asCofferError(error);
  const refusal = refusalOf(error);
  const denied = code === 'AccessDeniedException';
  const Icon = denied ? IconLock : IconAlertTriangle;
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // In a long dialog it would come up out of sight, below the part that is scrolled to.
    if (notice.current?.closest('[role="dialog"]')) notice.current.scrollIntoView({ block: 'nearest' });
  }, []);
  return (
    <Alert
      ref={notice}
      role="alert"
      color={denied ? 'yellow' : 'red'}
      variant="light"
      icon={<Icon size={18} aria-hidden />}
      title={code}
    >
      <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
        {message}
      </Text>
      {refusal ? <RefusalDetails refusal={refusal} onRetry={onRetry ?? retryOf(error)} /> : null}
      {onRetry ? (
        <Button mt="xs" size="compact-sm" variant="default" onClick={onRetry}>
          Try again
        </Button>
      ) : null}
    </Alert>
  );
}
