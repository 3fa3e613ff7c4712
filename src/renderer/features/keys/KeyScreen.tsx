import { Anchor, Button, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { Identifier } from '../../components/Identifier.tsx';
import { KeyStateBadge } from '../../components/KeyStateBadge.tsx';
import { PageHeader } from '../../components/PageHeader.tsx';
import { Screen } from '../../components/Screen.tsx';
import { plural } from '../../lib/format.ts';
import { keyPath, navigate, useRoute } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { useKms } from '../../lib/use-call.ts';
import { ActivityTab } from './ActivityTab.tsx';
import { KeyActions } from './KeyActions.tsx';
import { KeyNotice } from './KeyNotice.tsx';
import { LifeLine } from './LifeLine.tsx';
import { type KeyDetail, keyName } from './model.ts';
import { NamesTab } from './NamesTab.tsx';
import { OverviewTab } from './OverviewTab.tsx';
import { PolicyTab } from './PolicyTab.tsx';
import { RotationTab } from './RotationTab.tsx';
import { UseTab } from './UseTab.tsx';

const tabs = [
  ['overview', 'Overview'],
  ['use', 'Use'],
  ['rotation', 'Rotation'],
  ['names', 'Aliases & tags'],
  ['policy', 'Policy'],
  ['activity', 'Activity'],
] as const;
type TabName = (typeof tabs)[number][0];

const isTab = (name: string | undefined): name is TabName => tabs.some(([known]) => known === name);

/** One key: `#/keys/<keyId>/<tab>`. */
export function KeyScreen() {
  const { keyId = '', tab } = useRoute();
  const { data: key, error, reload } = useKms('GetKeyOverview', keyId === '' ? null : { KeyId: keyId });
  return (
    <Screen>
      <Anchor href="#/keys" size="sm">
        All keys
      </Anchor>
      {key ? (
        <KeyPage detail={key} tab={isTab(tab) ? tab : 'overview'} />
      ) : error ? (
        <Stack mt="md" align="flex-start">
          <ErrorNotice error={error} onRetry={reload} />
          <Button variant="default" onClick={() => navigate('/keys')}>
            Back to the keys
          </Button>
        </Stack>
      ) : (
        <Stack mt="md" role="status" aria-label="Loading the key">
          <Skeleton height={36} width="min(20rem, 100%)" />
          <Skeleton height={90} />
          <Skeleton height={240} />
        </Stack>
      )}
    </Screen>
  );
}

function KeyPage({ detail, tab }: { detail: KeyDetail; tab: TabName }) {
  const region = useSession((session) => session.region);
  const more = detail.Aliases.length - 1;
  return (
    <>
      <PageHeader
        title={keyName(detail)}
        description={
          detail.Description ? (
            <Text span c="dimmed" lineClamp={2} title={detail.Description}>
              {detail.Description}
            </Text>
          ) : null
        }
        actions={<KeyActions detail={detail} region={region} />}
      >
        <Group gap="md" mt="xs">
          <KeyStateBadge state={detail.KeyState} />
          <Identifier value={detail.KeyId} label={detail.KeyId} />
          <Identifier value={detail.Arn} label="ARN" />
          {more > 0 ? (
            <Anchor href={`#${keyPath(detail.KeyId, 'names')}`} size="sm">
              and {plural(more, 'more alias', 'more aliases')}
            </Anchor>
          ) : null}
        </Group>
      </PageHeader>
      <KeyNotice detail={detail} region={region} />
      <LifeLine detail={detail} brief={tab !== 'overview' && tab !== 'rotation'} />
      <Tabs
        mt="lg"
        value={tab}
        keepMounted={false}
        onChange={(next) => next && navigate(keyPath(detail.KeyId, next), { replace: true })}
      >
        <Tabs.List aria-label="Parts of the key">
          {tabs.map(([name, title]) => (
            <Tabs.Tab key={name} value={name}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="overview" pt="md">
          <OverviewTab detail={detail} region={region} />
        </Tabs.Panel>
        <Tabs.Panel value="use" pt="md">
          <UseTab detail={detail} region={region} />
        </Tabs.Panel>
        <Tabs.Panel value="rotation" pt="md">
          <RotationTab detail={detail} region={region} />
        </Tabs.Panel>
        <Tabs.Panel value="names" pt="md">
          <NamesTab detail={detail} region={region} />
        </Tabs.Panel>
        <Tabs.Panel value="policy" pt="md">
          <PolicyTab detail={detail} region={region} />
        </Tabs.Panel>
        <Tabs.Panel value="activity" pt="md">
          <ActivityTab detail={detail} region={region} />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
