import { Alert, Anchor, Button, Collapse, Group, List, Progress, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { mfaRuleText } from '../../../../shared/iam/mfa-rule.ts';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { NoticeLinks } from '../../../components/NoticeLinks.tsx';
import { Section } from '../../../components/Section.tsx';
import { CopyBlock } from '../../../components/ShowAs.tsx';
import { recordOf } from '../../../lib/api.ts';
import { plural } from '../../../lib/format.ts';
import { askForMfa } from '../../../lib/mfa.ts';
import { useSession } from '../../../lib/session.ts';
import { useAction } from '../../../lib/use-call.ts';
import { personPath } from '../model.ts';
import { applyRule, type Found, type LeftKey, lookAtKeys } from './keys-and-rule.ts';
import { ShowRule } from './ShowRule.tsx';

interface Done {
  readonly on: boolean;
  readonly changed: number;
  readonly left: readonly LeftKey[];
  /** The record of the last policy that was changed. */
  readonly record: string | undefined;
}

/** Asks for a second factor before keys are destroyed: a statement in each key's policy, and nothing besides. */
export function MfaRule() {
  const principalArn = useSession((session) => session.principalArn);
  return (
    <Section
      title="A second factor before keys are destroyed"
      lead="One statement in a key's policy refuses deleting it, disabling it, deleting its imported material and changing its policy, until an MFA code was entered. It holds for programs too."
    >
      {/* What one principal found is not shown to another. */}
      <Rule key={principalArn} />
    </Section>
  );
}

function Rule() {
  const acting = useSession((session) => session.acting);
  const regions = useSession((session) => (session.status?.state === 'open' ? session.status.regions : null));
  const [progress, setProgress] = useState<{ done: number; total: number } | null>(null);
  const [found, setFound] = useState<Found | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const [shown, setShown] = useState(false);
  const gone = useRef(new AbortController());
  useEffect(() => {
    gone.current = new AbortController();
    return () => gone.current.abort();
  }, []);
  const report = (count: number, total: number) => setProgress({ done: count, total });
  const look = async () => setFound(await lookAtKeys(regions ?? [], report, gone.current.signal));
  const looking = useAction(async () => {
    setDone(null);
    await look().finally(() => setProgress(null));
  });
  const applying = useAction(async (on: boolean) => {
    if (!found) return;
    // Whoever cannot show a code now could not take the statement out again.
    if (acting?.mfaAt === null && !(await askForMfa())) return;
    setDone(null);
    const keys = on ? found.bare : found.ruled;
    try {
      const { left, answer } = await applyRule(keys, on, report);
      setDone({ on, changed: keys.length - left.length, left, record: recordOf(answer) });
      await look();
    } finally {
      setProgress(null);
    }
  });
  if (!acting) return null;
  const hasDevice = acting.mfaDevices.length > 0;
  const busy = looking.busy || applying.busy;
  return (
    <Stack>
      {hasDevice ? null : (
        <Alert role="note" color="gray" icon={<IconAlertTriangle size={18} aria-hidden />} title="First an MFA device">
          {acting.kind === 'role' ? (
            'A role has none of its own. Act as the owner to switch this on.'
          ) : (
            <>
              Without one nobody could enter a code: these calls would be refused for good.{' '}
              <Anchor href={`#${personPath(acting.principalArn, 'mfa')}`} size="sm" underline="always">
                Add an MFA device
              </Anchor>
            </>
          )}
        </Alert>
      )}
      {found ? <State found={found} /> : null}
      {progress ? (
        <Progress
          value={progress.total === 0 ? 0 : (progress.done / progress.total) * 100}
          aria-label={`${progress.done} of ${progress.total}`}
        />
      ) : null}
      {done ? <Report done={done} /> : null}
      {looking.error ? <ErrorNotice error={looking.error} onRetry={() => void looking.run()} /> : null}
      {applying.error ? <ErrorNotice error={applying.error} /> : null}
      <Group gap="xs">
        {found && found.bare.length > 0 ? (
          <>
            <Button disabled={!hasDevice || busy} onClick={() => void applying.run(true)}>
              Add it to {plural(found.bare.length, 'key')}
            </Button>
            <ShowRule keys={found.bare} on />
          </>
        ) : null}
        {found && found.ruled.length > 0 ? (
          <>
            <Button variant="default" color="red" disabled={busy} onClick={() => void applying.run(false)}>
              Remove it from {plural(found.ruled.length, 'key')}
            </Button>
            <ShowRule keys={found.ruled} on={false} />
          </>
        ) : null}
        <Button
          variant={found ? 'subtle' : 'default'}
          loading={looking.busy}
          disabled={applying.busy}
          onClick={() => void looking.run()}
        >
          {found ? 'Look again' : 'Look at the keys'}
        </Button>
      </Group>
      <div>
        <Anchor component="button" type="button" size="sm" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? 'Hide the statement' : 'Show the statement'}
        </Anchor>
        <Collapse expanded={shown}>
          <Stack gap="xs" mt="xs">
            <CopyBlock label="Statement" text={mfaRuleText} />
            <Text size="sm" c="dimmed">
              It is in the policy for everyone to see and to edit; with the policy's other statements it is decided like
              any other. Changing the policy is among what it refuses, or it could be taken out without a code.
            </Text>
          </Stack>
        </Collapse>
      </div>
    </Stack>
  );
}

function State({ found }: { found: Found }) {
  const { ruled, bare, unread, hidden } = found;
  const all = ruled.length + bare.length;
  return (
    <div role="status">
      <Text>
        {all === 0
          ? 'There is no key whose policy you may read.'
          : bare.length === 0
            ? `${all === 1 ? 'The one key asks' : `All ${all} keys ask`} for a second factor.`
            : ruled.length === 0
              ? `${all === 1 ? 'The one key asks for no' : `None of the ${all} keys asks for a`} second factor.`
              : `${plural(ruled.length, 'key asks', 'keys ask')} for a second factor, ${plural(bare.length, 'key does', 'keys do')} not.`}{' '}
        Keys that are made later do not by themselves: choose it when you make one, or add it here.
      </Text>
      {unread.length + hidden > 0 ? (
        <Text size="sm" c="dimmed">
          {plural(unread.length + hidden, 'key')} more whose policy you may not read.
        </Text>
      ) : null}
    </div>
  );
}

const LEFT_SHOWN = 8;

function Report({ done: { on, changed, left, record } }: { done: Done }) {
  return (
    <>
      {changed > 0 ? (
        <Alert
          role="status"
          color="green"
          icon={<IconCheck size={18} aria-hidden />}
          title={`${plural(changed, 'policy', 'policies')} changed`}
        >
          {on
            ? 'Destroying these keys takes an MFA code from now on.'
            : 'Destroying these keys takes no MFA code any more.'}
          {record ? <NoticeLinks record={record} /> : null}
        </Alert>
      ) : null}
      {left.length > 0 ? (
        <Alert
          color="yellow"
          icon={<IconAlertTriangle size={18} aria-hidden />}
          title={`${plural(left.length, 'key')} could not be changed`}
        >
          <List size="sm">
            {left.slice(0, LEFT_SHOWN).map(({ keyId, region, name, error }) => (
              <List.Item key={`${region} ${keyId}`} style={{ overflowWrap: 'anywhere' }}>
                {name} in {region}: {error.message}
              </List.Item>
            ))}
            {left.length > LEFT_SHOWN ? <List.Item>and {left.length - LEFT_SHOWN} more</List.Item> : null}
          </List>
        </Alert>
      ) : null}
    </>
  );
}
