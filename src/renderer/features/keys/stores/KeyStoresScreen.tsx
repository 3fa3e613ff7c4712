import { Anchor, Button, Paper, Skeleton, Stack, Text, Title } from '@mantine/core';
import { IconPlus, IconServerBolt } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { EmptyState } from '../../../components/EmptyState.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { PageHeader } from '../../../components/PageHeader.tsx';
import { Screen } from '../../../components/Screen.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { plural } from '../../../lib/format.ts';
import { useNewDialog } from '../../../lib/route.ts';
import { useSession } from '../../../lib/session.ts';
import { useLoad } from '../../../lib/use-call.ts';
import { useKeys } from '../keys-store.ts';
import { CreateStore } from './CreateStore.tsx';
import { EditStore } from './EditStore.tsx';
import { DeleteStore, DisconnectStore } from './LeaveStore.tsx';
import { StoreCard } from './StoreCard.tsx';
import { allKeyStores, type KeyStore } from './stores.ts';
import { TokenModule } from './TokenModule.tsx';
import { useTokenModule } from './use-token-module.ts';

type Dialog = { readonly of: 'disconnect' | 'edit' | 'delete'; readonly store: KeyStore };

/** The custom key stores of the window's Region: `#/key-stores`. */
export function KeyStoresScreen() {
  const region = useSession((session) => session.region);
  const principalArn = useSession((session) => session.principalArn);
  const { data, error, reload } = useLoad(
    region === '' ? null : `key stores ${region} ${principalArn}`,
    () => allKeyStores(region),
    ['kms.changed', 'people.changed'],
  );
  const { keys } = useKeys();
  const module = useTokenModule();
  const [creating, setCreating] = useNewDialog('/key-stores');
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  const about = (of: Dialog['of']) => (dialog?.of === of ? dialog.store : undefined);
  const keysIn = (store: KeyStore | undefined) =>
    keys?.filter((key) => key.CustomKeyStoreId === store?.CustomKeyStoreId) ?? null;
  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      Create key store
    </Button>
  );
  const leaving = about('disconnect');
  return (
    <Screen>
      <Anchor href="#/keys" size="sm">
        All keys
      </Anchor>
      <PageHeader
        title="Key stores"
        description={
          data ? `${plural(data.length, 'custom key store')} in ${region}` : `Custom key stores in ${region}`
        }
        actions={
          <>
            <ShowAs compact operation="DescribeCustomKeyStores" input={{}} region={region} />
            {data?.length === 0 ? null : create}
          </>
        }
      />
      <Stack>
        {error ? <ErrorNotice error={error} onRetry={reload} /> : null}
        {data ? (
          <Stores>
            {data.map((store) => (
              <StoreCard
                key={store.CustomKeyStoreId}
                store={store}
                keys={keysIn(store)}
                region={region}
                onDisconnect={() => setDialog({ of: 'disconnect', store })}
                onEdit={() => setDialog({ of: 'edit', store })}
                onDelete={() => setDialog({ of: 'delete', store })}
              />
            ))}
          </Stores>
        ) : error ? null : (
          <Skeleton height={220} role="status" aria-label="Loading the key stores" />
        )}
        {data?.length === 0 ? (
          <EmptyState icon={IconServerBolt} title="No key stores here yet" action={create}>
            A custom key store keeps the material of keys outside of the vault: in a PKCS#11 token such as a smart card
            or an HSM, or in a key manager of your own behind an external key store proxy. You use such keys as any
            other, while their material stays where you put it.
          </EmptyState>
        ) : null}
        <Paper withBorder p="md" component="section" aria-label="PKCS#11 module of this computer">
          <Title order={2} size="h4">
            PKCS#11 module
          </Title>
          <Text c="dimmed" mb="sm">
            The library that key stores with a token reach it by. It is this computer's, for every vault.
          </Text>
          <TokenModule state={module} />
        </Paper>
      </Stack>
      <CreateStore opened={creating} onClose={() => setCreating(false)} region={region} module={module} />
      <EditStore store={about('edit')} onClose={close} region={region} tokens={module.tokens.data ?? []} />
      <DisconnectStore store={leaving} keys={keysIn(leaving) ?? []} onClose={close} region={region} />
      <DeleteStore store={about('delete')} onClose={close} region={region} />
    </Screen>
  );
}

function Stores({ children }: { children: readonly ReactNode[] }) {
  if (children.length === 0) return null;
  return (
    <Stack component="ul" aria-label="Key stores" m={0} p={0} style={{ listStyle: 'none' }}>
      {children}
    </Stack>
  );
}
