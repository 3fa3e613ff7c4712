import { Anchor, Button, List, Modal, Stack, Text } from '@mantine/core';
import { ConfirmDestructive } from '../../../components/ConfirmDestructive.tsx';
import { DialogFoot } from '../../../components/DialogFoot.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { RelativeTime } from '../../../components/RelativeTime.tsx';
import { ShowAs } from '../../../components/ShowAs.tsx';
import { kms } from '../../../lib/api.ts';
import { plural } from '../../../lib/format.ts';
import { notifySuccess } from '../../../lib/notify.tsx';
import { keyPath } from '../../../lib/route.ts';
import { useAction } from '../../../lib/use-call.ts';
import { type KeyRow, keyName } from '../model.ts';
import type { KeyStore } from './stores.ts';

interface Props {
  /** The key store it is about; undefined closes the dialog. */
  readonly store: KeyStore | undefined;
  readonly region: string;
  readonly onClose: () => void;
}

const KEYS_SHOWN = 8;

/** Asks before a key store is disconnected, naming the keys that cannot be used then. */
export function DisconnectStore({ store, keys, region, onClose }: Props & { keys: readonly KeyRow[] }) {
  const input = { CustomKeyStoreId: store?.CustomKeyStoreId ?? '' };
  const disconnect = useAction(async () => {
    const answer = await kms('DisconnectCustomKeyStore', input, region);
    notifySuccess('Its keys cannot be used until it is connected again.', 'Key store disconnected', { answer });
    onClose();
  }, store !== undefined);
  return (
    <Modal
      opened={store !== undefined}
      onClose={onClose}
      title={`Disconnect ${store?.CustomKeyStoreName ?? ''}`}
      size="lg"
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      <Stack>
        {keys.length === 0 ? (
          <Text>It holds no keys: nothing stops working. New keys can be made in it once it is connected again.</Text>
        ) : (
          <>
            <Text>
              {keys.length === 1 ? 'Its key becomes' : `Its ${plural(keys.length, 'key')} become`} unavailable: nothing
              is encrypted with {keys.length === 1 ? 'it' : 'them'}, and no text, file or data key encrypted under{' '}
              {keys.length === 1 ? 'it' : 'them'} opens, until the key store is connected again. Nothing is lost.
            </Text>
            <List aria-label="Keys that become unavailable">
              {keys.slice(0, KEYS_SHOWN).map((key) => (
                <List.Item key={key.KeyId} style={{ overflowWrap: 'anywhere' }}>
                  <Anchor href={`#${keyPath(key.KeyId)}`}>{keyName(key)}</Anchor>,{' '}
                  {key.LastUsedDate ? (
                    <>
                      last used <RelativeTime value={key.LastUsedDate} />
                    </>
                  ) : (
                    'never used'
                  )}
                </List.Item>
              ))}
            </List>
            {keys.length > KEYS_SHOWN ? <Text>and {plural(keys.length - KEYS_SHOWN, 'more key')}</Text> : null}
          </>
        )}
        {disconnect.error ? <ErrorNotice error={disconnect.error} /> : null}
        <DialogFoot aside={<ShowAs operation="DisconnectCustomKeyStore" input={input} region={region} />}>
          <Button variant="default" onClick={onClose} data-autofocus>
            Leave it connected
          </Button>
          <Button loading={disconnect.busy} onClick={() => void disconnect.run()}>
            Disconnect
          </Button>
        </DialogFoot>
      </Stack>
    </Modal>
  );
}

/** Asks before a key store is deleted: only one without keys is ever offered. */
export function DeleteStore({ store, region, onClose }: Props) {
  const input = { CustomKeyStoreId: store?.CustomKeyStoreId ?? '' };
  return (
    <ConfirmDestructive
      opened={store !== undefined}
      onClose={onClose}
      title="Delete the key store"
      confirmText="Delete key store"
      typed={store?.CustomKeyStoreName ?? ''}
      onConfirm={async () => {
        const answer = await kms('DeleteCustomKeyStore', input, region);
        notifySuccess('The key store is deleted.', undefined, { answer });
        onClose();
      }}
      showAs={<ShowAs operation="DeleteCustomKeyStore" input={input} region={region} />}
    >
      <Text>
        Coffer forgets how to reach{' '}
        {store?.CustomKeyStoreType === 'AWS_CLOUDHSM'
          ? 'the token, and its PIN. The token itself, and whatever else is on it, stays as it is.'
          : 'the proxy, and its secret access key. The proxy and the keys behind it stay as they are.'}{' '}
        No key of this vault is in it, so nothing stops working.
      </Text>
    </ConfirmDestructive>
  );
}
