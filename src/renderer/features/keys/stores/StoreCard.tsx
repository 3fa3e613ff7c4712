import { Alert, Anchor, Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { Identifier } from '../../../components/Identifier.tsx';
import { RelativeTime } from '../../../components/RelativeTime.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { useCommands } from '../../../lib/commands.ts';
import { plural } from '../../../lib/format.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { keyPath } from '../../../lib/route.ts';
import { useAction } from '../../../lib/use-call.ts';
import { Fact, Facts } from '../Facts.tsx';
import { type KeyRow, keyName } from '../model.ts';
import { ConnectionBadge } from './ConnectionBadge.tsx';
import { errorWords, type KeyStore, takes, typeWords } from './stores.ts';

const KEYS_SHOWN = 5;

interface Props {
  readonly store: KeyStore;
  /** The Region's keys in it; `null` while they are not known. */
  readonly keys: readonly KeyRow[] | null;
  readonly region: string;
  readonly onDisconnect: () => void;
  readonly onEdit: () => void;
  readonly onDelete: () => void;
}

/** One key store: what is behind it, how its connection is, and what can be done with it. */
export function StoreCard({ store, keys, region, onDisconnect, onEdit, onDelete }: Props) {
  const { CustomKeyStoreId, CustomKeyStoreName: name, ConnectionState: state } = store;
  const input = { CustomKeyStoreId };
  const connect = useAction(async () => {
    const answer = await kms('ConnectCustomKeyStore', input, region);
    notifySuccess('Its keys can be used once it is connected.', `Connecting ${name}`, { answer });
  });
  const idle = state === 'DISCONNECTED' || state === 'DISCONNECTING';
  const stays = keptBy(store, keys);
  const command = (id: string, title: string, run: () => void) => ({
    id: `key-store.${id}.${CustomKeyStoreId}`,
    title: `${title}: ${name}`,
    keywords: 'custom key store',
    group: 'Key stores',
    run,
  });
  useCommands([
    ...(idle && takes('ConnectCustomKeyStore', state)
      ? [command('connect', 'Connect the key store', () => void connect.run())]
      : []),
    ...(!idle && takes('DisconnectCustomKeyStore', state)
      ? [command('disconnect', 'Disconnect the key store', onDisconnect)]
      : []),
    ...(takes('UpdateConnected', state) ? [command('edit', 'Edit the key store', onEdit)] : []),
    ...(takes('DeleteCustomKeyStore', state) ? [command('delete', 'Delete the key store', onDelete)] : []),
  ]);
  return (
    <Paper withBorder p="md" component="li" aria-label={name}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Group gap="sm" style={{ minWidth: 0 }}>
          <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>
            {name}
          </Title>
          <ConnectionBadge state={state} />
        </Group>
        <Group gap="xs">
          <ShowAs
            operation={idle ? 'ConnectCustomKeyStore' : 'DescribeCustomKeyStores'}
            input={input}
            region={region}
            compact
          />
          {idle ? (
            <Button
              disabled={!takes('ConnectCustomKeyStore', state)}
              loading={connect.busy}
              aria-label={`Connect ${name}`}
              onClick={() => void connect.run()}
            >
              Connect
            </Button>
          ) : (
            <Button
              variant="default"
              disabled={!takes('DisconnectCustomKeyStore', state)}
              aria-label={`Disconnect ${name}`}
              onClick={onDisconnect}
            >
              Disconnect
            </Button>
          )}
          <Button
            variant="default"
            disabled={!takes('UpdateConnected', state)}
            aria-label={`Edit ${name}`}
            onClick={onEdit}
          >
            Edit
          </Button>
          <Button
            variant="subtle"
            color="red"
            disabled={stays !== null}
            aria-label={`Delete ${name}`}
            onClick={onDelete}
          >
            Delete
          </Button>
        </Group>
      </Group>
      <Stack gap="sm" mt="sm">
        {state === 'FAILED' ? (
          <Alert
            color="red"
            icon={<IconAlertTriangle size={18} aria-hidden />}
            title={store.ConnectionErrorCode ?? 'It could not be connected'}
          >
            {store.ConnectionErrorCode ? errorWords(store.ConnectionErrorCode, store.CustomKeyStoreType) : null} After
            that disconnect the key store and connect it again; a change by Edit comes between the two.
          </Alert>
        ) : null}
        {connect.error ? <ErrorNotice error={connect.error} /> : null}
        <SimpleGrid
          type="container"
          cols={{ base: 1, '52rem': 2 }}
          spacing="xl"
          verticalSpacing={0}
          style={{ alignItems: 'start' }}
        >
          <Facts>
            <Fact name="Type">
              {typeWords[store.CustomKeyStoreType].name} ({store.CustomKeyStoreType})
            </Fact>
            <Behind store={store} />
          </Facts>
          <Facts>
            <Fact name="Keys">
              <Keys keys={keys} />
            </Fact>
            <Fact name="Region">{region}</Fact>
            <Fact name="Id">
              <Identifier value={CustomKeyStoreId} whole />
            </Fact>
            <Fact name="Created">
              <RelativeTime value={store.CreationDate} />
            </Fact>
          </Facts>
        </SimpleGrid>
        {stays ? (
          <Text size="xs" c="dimmed">
            {stays}
          </Text>
        ) : null}
      </Stack>
    </Paper>
  );
}

/** Why the key store cannot be deleted now, or `null`. */
function keptBy({ ConnectionState: state }: KeyStore, keys: readonly KeyRow[] | null): string | null {
  if (keys === null) return 'It can be deleted once it is known to hold no keys.';
  if (keys.length > 0)
    return 'It can be deleted once it holds no keys: schedule their deletion, and wait for it. Then disconnect it.';
  return takes('DeleteCustomKeyStore', state) ? null : 'It can be deleted while it is disconnected.';
}

function Behind({ store }: { store: KeyStore }) {
  const proxy = store.XksProxyConfiguration;
  if (!proxy)
    return (
      <>
        <Fact name="Token">
          <Identifier value={store.CloudHsmClusterId ?? ''} whole />
        </Fact>
        {store.TrustAnchorCertificate ? <Fact name="Trust anchor">a certificate is kept with it</Fact> : null}
      </>
    );
  return (
    <>
      <Fact name="Proxy">
        <Identifier value={`${proxy.UriEndpoint}${proxy.UriPath}`} whole />
      </Fact>
      <Fact name="Access key ID">
        <Identifier value={proxy.AccessKeyId} whole />
      </Fact>
      <Fact name="Connectivity">{proxy.Connectivity}</Fact>
    </>
  );
}

function Keys({ keys }: { keys: readonly KeyRow[] | null }) {
  if (keys === null) return 'not known yet';
  if (keys.length === 0) return 'none';
  return (
    <>
      {plural(keys.length, 'key')}:{' '}
      {keys.slice(0, KEYS_SHOWN).map((key, index) => (
        <span key={key.KeyId}>
          {index > 0 ? ', ' : null}
          <Anchor href={`#${keyPath(key.KeyId)}`}>{keyName(key)}</Anchor>
        </span>
      ))}
      {keys.length > KEYS_SHOWN ? ` and ${plural(keys.length - KEYS_SHOWN, 'more')}` : null}
    </>
  );
}
