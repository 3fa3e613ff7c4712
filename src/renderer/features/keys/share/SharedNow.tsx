import { Button, Collapse, Group, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { ShowCalls } from '../../../components/ShowAs.tsx';
import { accountIdOf } from '../../../lib/principals.ts';
import { useAction } from '../../../lib/use-call.ts';
import type { Tell } from '../../../lib/use-told.ts';
import { LineDiff } from '../../access/policy/index.ts';
import { stopCalls, stopSharing } from './deeds.ts';
import { type Share, sharesIn, targetWords, withoutShare } from './sharing.ts';

interface Props {
  readonly keyArn: string;
  readonly region: string;
  readonly policy: string;
  readonly onTell: Tell;
}

/** With whom a key is shared, and the way back. */
export function SharedNow(props: Props) {
  const shares = sharesIn(props.policy);
  if (shares.length === 0) return null;
  return (
    <section aria-label="Shared with">
      <Title order={3} size="h5" mb="xs">
        Shared with
      </Title>
      <Stack gap="xs">
        {shares.map((share) => (
          <One key={share.target.arn} share={share} {...props} />
        ))}
      </Stack>
    </section>
  );
}

function One({ share, keyArn, region, policy, onTell }: Props & { share: Share }) {
  const [asked, setAsked] = useState(false);
  const who = targetWords(share.target);
  const after = withoutShare(policy, share);
  const pairs = Object.entries(share.context).map(([name, value]) => `${name}=${value}`);
  const { target } = share;
  // Whether its own policy was put as well: it may have none, or be of another vault.
  const bothSides = target.kind !== 'account' && target.accountId !== accountIdOf(keyArn);
  const stop = useAction(async () => {
    if (after === null) return;
    const done = await stopSharing({ keyArn, region, before: policy, policy: after, target, bothSides });
    onTell(`What only this allowed to ${who} is refused from now on.`, 'No longer shared', done);
  });
  return (
    <div>
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          {who}
          {pairs.length > 0 ? ` (only with ${pairs.join(', ')})` : ''}
        </Text>
        <Button
          size="compact-sm"
          variant="subtle"
          color="red"
          flex="none"
          disabled={after === null}
          aria-expanded={asked}
          aria-label={`Stop sharing with ${who}`}
          onClick={() => setAsked(!asked)}
        >
          Stop sharing
        </Button>
      </Group>
      <Collapse expanded={asked}>
        {asked && after !== null ? (
          <Stack gap="xs" mt="xs">
            <Text size="sm">What only this allowed is refused then; what they opened and kept stays with them.</Text>
            <LineDiff before={policy} after={after} label={`What changes when ${who} loses it`} />
            {stop.error ? <ErrorNotice error={stop.error} /> : null}
            <Group justify="space-between">
              <ShowCalls
                calls={stopCalls({ keyArn, policy: after, target, bothSides })}
                region={region}
                {...(bothSides
                  ? { note: `The call of IAM is one of account ${target.accountId}, where that policy is there.` }
                  : {})}
              />
              <Group gap="xs">
                <Button variant="default" size="compact-md" onClick={() => setAsked(false)}>
                  Keep it
                </Button>
                <Button color="red" size="compact-md" loading={stop.busy} onClick={() => void stop.run()}>
                  Stop now
                </Button>
              </Group>
            </Group>
          </Stack>
        ) : null}
      </Collapse>
    </div>
  );
}
