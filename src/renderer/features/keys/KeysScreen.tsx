import {
  ActionIcon,
  Button,
  CloseButton,
  Group,
  Select,
  Skeleton,
  Stack,
  Text,
  TextInput,
  Tooltip,
} from '@mantine/core';
import { IconCalendarEvent, IconKey, IconPlus, IconRefresh, IconSearch, IconServerBolt } from '@tabler/icons-react';
import { useDeferredValue, useEffect, useMemo, useState } from 'react';
import { type KeyState, keyStates } from '../../../shared/kms/enums.ts';
import { EmptyState } from '../../components/EmptyState.tsx';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { keyStateLooks } from '../../components/KeyStateBadge.tsx';
import { PageHeader } from '../../components/PageHeader.tsx';
import { Screen } from '../../components/Screen.tsx';
import { ShowAs } from '../../components/ShowAs.tsx';
import { useCommands } from '../../lib/commands.ts';
import { formatNumber, plural } from '../../lib/format.ts';
import { useNewDialog } from '../../lib/route.ts';
import { useSession } from '../../lib/session.ts';
import { BulkBar } from './bulk/BulkBar.tsx';
import { ComingUp } from './ComingUp.tsx';
import { CreateKey } from './create/CreateKey.tsx';
import { KeyTable } from './KeyTable.tsx';
import { reloadKeys, setFilter, setGrouping, setSort, useKeys, useKeysStore } from './keys-store.ts';
import { arrange, type Grouping, groupings, groupKeys, type KeyRow } from './model.ts';

/** The keys of the window's Region, and making a new one. */
export function KeysScreen() {
  const region = useSession((session) => session.region);
  const { keys: all, newest, undescribed, error, loading } = useKeys();
  const keys = all ?? newest;
  // What was used since the list was read is no change of a key, and is seen here only.
  useEffect(() => {
    if (!useKeysStore.getState().loading) void reloadKeys();
  }, []);
  const [creating, setCreating] = useNewDialog('/keys');
  useCommands([
    { id: 'keys.refresh', title: 'Refresh the keys', group: 'Keys', run: () => void reloadKeys() },
    {
      id: 'keys.filter',
      title: 'Filter the keys',
      keywords: 'search find list',
      group: 'Keys',
      run: () => document.querySelector<HTMLInputElement>('input[aria-label="Filter keys"]')?.focus(),
    },
    {
      id: 'keys.show-all',
      title: 'Show all keys',
      keywords: 'clear filter group',
      group: 'Keys',
      run: () => {
        setFilter({ text: '', state: null });
        setGrouping(null);
      },
    },
    ...groupings.map((grouping) => ({
      id: `keys.group.${grouping}`,
      title: `Group the keys ${groupingWords[grouping].toLowerCase()}`,
      group: 'Keys',
      quiet: true,
      run: () => setGrouping(grouping),
    })),
  ]);

  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      Create key
    </Button>
  );
  return (
    <Screen wide fill>
      <PageHeader
        title="Keys"
        description={
          all
            ? `${plural(all.length, 'key')} in ${region}`
            : newest
              ? `Reading the keys in ${region}…`
              : `Keys in ${region}`
        }
        actions={
          <>
            <ShowAs compact operation="ListKeys" input={{}} region={region} />
            <Tooltip label="Refresh">
              <ActionIcon
                variant="default"
                size="input-sm"
                aria-label="Refresh"
                loading={loading && keys !== null}
                onClick={() => void reloadKeys()}
              >
                <IconRefresh size={16} aria-hidden />
              </ActionIcon>
            </Tooltip>
            <Button
              component="a"
              href="#/keys/calendar"
              variant="default"
              leftSection={<IconCalendarEvent size={16} aria-hidden />}
            >
              Calendar
            </Button>
            <Button
              component="a"
              href="#/key-stores"
              variant="default"
              leftSection={<IconServerBolt size={16} aria-hidden />}
            >
              Key stores
            </Button>
            {keys?.length === 0 && undescribed === 0 ? null : create}
          </>
        }
      />
      {error ? <ErrorNotice error={error} onRetry={() => void reloadKeys()} /> : null}
      {keys ? <ComingUp keys={keys} /> : null}
      {undescribed > 0 ? (
        <Text c="dimmed" size="sm" role="note">
          {plural(undescribed, 'more key is', 'more keys are')} here that you may not see: it takes the permission
          kms:DescribeKey.
        </Text>
      ) : null}
      {keys === null ? (
        error ? null : (
          <ListSkeleton />
        )
      ) : keys.length === 0 && undescribed > 0 ? null : keys.length === 0 ? (
        <EmptyState icon={IconKey} title="No keys here yet" action={create}>
          A key encrypts text, files and the data keys of other programs. It never leaves the vault; you name it by an
          alias and use it from here, the AWS CLI or an SDK.
        </EmptyState>
      ) : (
        <KeyList keys={keys} region={region} />
      )}
      <CreateKey opened={creating} onClose={() => setCreating(false)} />
    </Screen>
  );
}

const groupingWords: Readonly<Record<Grouping, string>> = {
  state: 'By state',
  spec: 'By spec',
  usage: 'By usage',
  rotation: 'By rotation',
  region: 'By Regions',
  origin: 'By origin',
};

function KeyList({ keys, region }: { keys: readonly KeyRow[]; region: string }) {
  const filter = useKeysStore((store) => store.filter);
  const sort = useKeysStore((store) => store.sort);
  const grouping = useKeysStore((store) => store.grouping);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  // Typing stays quick over ten thousand rows: the list follows the text when there is time.
  const text = useDeferredValue(filter.text);
  const shown = useMemo(() => arrange(keys, { text, state: filter.state }, sort), [keys, text, filter.state, sort]);
  const groups = useMemo(
    () => (grouping === null ? [{ title: '', keys: shown }] : groupKeys(shown, grouping)),
    [shown, grouping],
  );
  const chosen = useMemo(() => keys.filter((key) => selected.has(key.KeyId)), [keys, selected]);
  const hidden = useMemo(() => {
    const here = new Set(shown);
    return chosen.filter((key) => !here.has(key)).length;
  }, [chosen, shown]);
  const states = useMemo(() => {
    const present = new Set(keys.map((key) => key.KeyState));
    if (filter.state) present.add(filter.state);
    return keyStates.filter((state) => present.has(state));
  }, [keys, filter.state]);
  return (
    <Stack gap="sm" flex={1} mih="14rem">
      <Group gap="sm">
        <TextInput
          aria-label="Filter keys"
          placeholder="Filter by alias, id or description"
          flex="1 1 12rem"
          maw="28rem"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={filter.text}
          onChange={(event) => setFilter({ text: event.currentTarget.value })}
          rightSection={
            filter.text ? (
              <CloseButton size="sm" aria-label="Clear the filter" onClick={() => setFilter({ text: '' })} />
            ) : null
          }
        />
        <Select
          aria-label="State"
          placeholder="Every state"
          clearable
          w="10.5rem"
          data={states.map((state) => ({ value: state, label: keyStateLooks[state].word }))}
          value={filter.state}
          onChange={(state) => setFilter({ state: state as KeyState | null })}
        />
        <Select
          aria-label="Group"
          placeholder="Not grouped"
          clearable
          w="9.5rem"
          data={groupings.map((value) => ({ value, label: groupingWords[value] }))}
          value={grouping}
          onChange={(value) => setGrouping(value as Grouping | null)}
        />
        <Text size="sm" c="dimmed" role="status">
          {shown.length === keys.length ? '' : `${formatNumber(shown.length)} of ${plural(keys.length, 'key')}`}
        </Text>
      </Group>
      {chosen.length > 0 ? <BulkBar keys={chosen} hidden={hidden} region={region} onSelect={setSelected} /> : null}
      {shown.length === 0 ? (
        <EmptyState
          icon={IconSearch}
          title="No key matches"
          action={
            <Button variant="default" onClick={() => setFilter({ text: '', state: null })}>
              Show all keys
            </Button>
          }
        >
          The filter looks at aliases, ids, descriptions and specs.
        </EmptyState>
      ) : (
        <KeyTable groups={groups} sort={sort} onSort={setSort} selected={selected} onSelect={setSelected} />
      )}
    </Stack>
  );
}

function ListSkeleton() {
  return (
    <Stack gap="xs" role="status" aria-label="Loading the keys">
      <Skeleton height={36} width="min(28rem, 100%)" />
      {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((row) => (
        <Skeleton key={row} height={40} />
      ))}
    </Stack>
  );
}
