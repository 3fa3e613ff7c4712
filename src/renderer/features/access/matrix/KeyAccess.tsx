import { Button, Group, Loader, Switch, Text, TextInput } from '@mantine/core';
import { IconCopy, IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { copyText } from '../../../lib/clipboard.ts';
import { plural } from '../../../lib/format.ts';
import { notifyAside, notifyInfo } from '../../../lib/notify.tsx';
import { navigate, useRoute } from '../../../lib/route.ts';
import { useKms } from '../../../lib/use-call.ts';
import { type KeyRow, KeySelect } from '../../keys/index.ts';
import { actionGroups, tellingGroups } from '../action-groups.ts';
import { NoKey } from '../NoKey.tsx';
import { byAccount, reachesBy, sifted, toCsv } from '../principals.ts';
import { change, useSimulation } from '../simulator/simulation.ts';
import { useChosenKey } from '../use-chosen-key.ts';
import { Matrix } from './Matrix.tsx';
import classes from './matrix.module.css';
import { reachFacts } from './reach.ts';

const everyKey = () => true;

/** Who can use a key: every principal, and what each may do. */
export function KeyAccess() {
  const { query } = useRoute();
  const linked = query.get('key');
  useEffect(() => {
    if (linked === null) return;
    change({ keyId: linked, actions: [] });
    navigate('/access/key', { replace: true });
  }, [linked]);
  const { key, missing, error } = useChosenKey(useSimulation(({ keyId }) => keyId));
  if (missing) return <NoKey missing={missing} />;
  if (error) return <ErrorNotice error={error} />;
  return key ? <Who chosen={key} /> : <Loader size="sm" aria-label="Reading the keys" />;
}

function Who({ chosen }: { chosen: KeyRow }) {
  const [all, setAll] = useState(false);
  const [text, setText] = useState('');
  const [withAccess, setWithAccess] = useState(false);
  const columns = useMemo(() => (all ? actionGroups : tellingGroups(chosen.KeyUsage)), [all, chosen.KeyUsage]);
  const actions = useMemo(() => columns.flatMap((group) => group.actions), [columns]);
  const { data, error, loading, reload } = useKms('ListKeyAccess', { KeyId: chosen.KeyId, ActionNames: [...actions] });
  const shown = useMemo(() => sifted(data?.Principals ?? [], { text, withAccess }), [data, text, withAccess]);
  const groups = useMemo(() => byAccount(shown), [shown]);
  const reachOf = useMemo(() => reachesBy(data?.ActionNames ?? []), [data]);

  async function copy(): Promise<void> {
    const copied = await copyText(toCsv(actions, shown, reachOf));
    if (copied) notifyAside(`${plural(shown.length, 'principal')} copied as comma-separated values.`);
    else notifyInfo('The clipboard cannot be written.');
  }
  return (
    <>
      <div className={classes.bar}>
        <KeySelect
          label="Key"
          value={chosen.KeyId}
          onChange={(keyId) => change({ keyId, actions: [] })}
          accepts={everyKey}
        />
        <TextInput
          label="Principals"
          placeholder="Any name or account"
          leftSection={<IconSearch size={14} aria-hidden />}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group gap="md" className={classes.switches}>
          <Switch
            size="xs"
            label="Only who can do any of it"
            checked={withAccess}
            onChange={(event) => setWithAccess(event.currentTarget.checked)}
          />
          <Switch
            size="xs"
            label="All actions"
            checked={all}
            onChange={(event) => setAll(event.currentTarget.checked)}
          />
        </Group>
      </div>
      {error ? <ErrorNotice error={error} onRetry={reload} /> : null}
      {data && groups.length > 0 ? (
        <Matrix keyId={chosen.KeyId} columns={columns} groups={groups} reachOf={reachOf} />
      ) : data ? (
        <EmptyState icon={IconSearch} title="Nobody fits">
          {withAccess ? 'Nobody of that name can do any of it.' : 'No principal has that name.'}
        </EmptyState>
      ) : loading ? (
        <Loader size="sm" aria-label="Asking for everybody" />
      ) : null}
      {data ? (
        <Group justify="space-between" gap="xs" mt="sm">
          <Legend />
          <Group gap="sm">
            <Text size="xs" c="dimmed" role="status">
              {plural(shown.length, 'principal')}
            </Text>
            <Button
              variant="subtle"
              size="compact-sm"
              leftSection={<IconCopy size={14} aria-hidden />}
              disabled={shown.length === 0}
              onClick={() => void copy()}
            >
              Copy as CSV
            </Button>
          </Group>
        </Group>
      ) : null}
    </>
  );
}

function Legend() {
  return (
    <ul className={classes.legend} aria-label="What the words mean">
      {Object.entries(reachFacts).map(([reach, { word, means, Icon }]) => (
        <li key={reach} data-reach={reach}>
          <Icon size={14} aria-hidden />
          <span className={classes.word}>{word}</span>
          <span className={classes.means}>{means}</span>
        </li>
      ))}
    </ul>
  );
}
