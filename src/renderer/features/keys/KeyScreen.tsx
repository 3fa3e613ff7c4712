import { Anchor, Button, Group, Skeleton, Stack, Tabs, Text, Title } from '@mantine/core';
import { IconKeyOff } from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { EmptyState } from '../../components/EmptyState.tsx';
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
import { GrantsTab } from './grants/GrantsTab.tsx';
import { ImportTab } from './import/ImportTab.tsx';
import { KeyActions } from './KeyActions.tsx';
import { KeyNotice } from './KeyNotice.tsx';
import { isKeyPair } from './kinds.ts';
import { LifeLine } from './LifeLine.tsx';
import { type KeyDetail, keyName, rotatesHere } from './model.ts';
import { NamesTab } from './NamesTab.tsx';
import { OverviewTab } from './OverviewTab.tsx';
import { PolicyTab } from './PolicyTab.tsx';
import { PublicKeyTab } from './PublicKeyTab.tsx';
import type { PanelProps } from './panel.tsx';
import { RotationTab } from './RotationTab.tsx';
import { RegionsTab } from './regions/RegionsTab.tsx';
import { UseTab } from './UseTab.tsx';
import { useKeyCommands } from './use-key-commands.ts';

interface Tab {
  readonly name: string;
  readonly title: string;
  readonly Panel: ComponentType<PanelProps>;
  /** Which keys have it; every key unless given. */
  readonly of?: (key: KeyDetail) => boolean;
}

const tabs: readonly Tab[] = [
  { name: 'overview', title: 'Overview', Panel: OverviewTab },
  { name: 'use', title: 'Use', Panel: UseTab },
  { name: 'public-key', title: 'Public key', Panel: PublicKeyTab, of: (key) => isKeyPair(key.KeySpec) },
  { name: 'import', title: 'Import', Panel: ImportTab, of: (key) => key.Origin === 'EXTERNAL' },
  { name: 'rotation', title: 'Rotation', Panel: RotationTab, of: rotatesHere },
  { name: 'regions', title: 'Regions', Panel: RegionsTab, of: (key) => key.MultiRegion },
  { name: 'names', title: 'Aliases & tags', Panel: NamesTab },
  { name: 'policy', title: 'Policy', Panel: PolicyTab },
  { name: 'grants', title: 'Grants', Panel: GrantsTab },
  { name: 'activity', title: 'Activity', Panel: ActivityTab },
];

/** One key: `#/keys/<keyId>/<tab>`. */
export function KeyScreen() {
  const { keyId = '', tab } = useRoute();
  const region = useSession((session) => session.region);
  const { data: key, error, reload } = useKms('GetKeyOverview', keyId === '' ? null : { KeyId: keyId });
  return (
    <Screen>
      <Anchor href="#/keys" size="sm">
        All keys
      </Anchor>
      {key ? (
        <KeyPage detail={key} wanted={tab} />
      ) : error ? (
        error.code === 'NotFoundException' ? (
          <EmptyState
            icon={IconKeyOff}
            alone
            title={`There is no such key in ${region}`}
            action={<Button onClick={() => navigate('/keys')}>Back to the keys</Button>}
          >
            Its id is {keyId}. It may be of another Region, or deleted.
          </EmptyState>
        ) : (
          <Stack mt="md" align="flex-start">
            <Title order={1} size="h2" style={{ overflowWrap: 'anywhere' }}>
              {keyId}
            </Title>
            <ErrorNotice error={error} onRetry={reload} />
          </Stack>
        )
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

function KeyPage({ detail, wanted }: { detail: KeyDetail; wanted: string | undefined }) {
  const region = useSession((session) => session.region);
  const shown = tabs.filter(({ of }) => of?.(detail) ?? true);
  const tab = shown.some(({ name }) => name === wanted) ? wanted : 'overview';
  const more = detail.Aliases.length - 1;
  useKeyCommands(detail, shown);
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
      {detail.Unseen.length > 0 ? (
        <Text c="dimmed" size="sm" role="note">
          Some of this key is not shown to you. It takes {detail.Unseen.join(', ')}.
        </Text>
      ) : null}
      {detail.Materials.length > 0 ? (
        <LifeLine detail={detail} brief={tab !== 'overview' && tab !== 'rotation'} />
      ) : null}
      <Tabs
        mt="lg"
        value={tab ?? null}
        keepMounted={false}
        onChange={(next) => next && navigate(keyPath(detail.KeyId, next), { replace: true })}
      >
        <Tabs.List aria-label="Parts of the key">
          {shown.map(({ name, title }) => (
            <Tabs.Tab key={name} value={name}>
              {title}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {shown.map(({ name, Panel }) => (
          <Tabs.Panel key={name} value={name} pt="md">
            <Panel detail={detail} region={region} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
