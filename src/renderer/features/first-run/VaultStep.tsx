import { Button, Group, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { useState } from 'react';
import { regions } from '../../../shared/kms/regions.ts';
import { ErrorNotice } from '../../components/ErrorNotice.tsx';
import { NewPassphrase } from '../../components/NewPassphrase.tsx';
import { PathField } from '../../components/PathField.tsx';
import { invoke } from '../../lib/api.ts';
import { inNewFolder } from '../../lib/paths.ts';
import { useAction } from '../../lib/use-call.ts';
import { useFirstRun } from './flow.ts';
import { nearbyRegion } from './nearby-region.ts';

interface Props {
  readonly path: string;
  readonly keychain: { readonly available: boolean; readonly reason?: string | undefined };
}

/** Name, place, passphrase, keychain and Region of a new vault. */
export function VaultStep({ path: initialPath, keychain }: Props) {
  const [name, setName] = useState('My vault');
  const [path, setPath] = useState(initialPath);
  const [passphrase, setPassphrase] = useState<string | null>(null);
  const [wanted, setWanted] = useState(true);
  // It may answer after this step is shown.
  const useKeychain = wanted && keychain.available;
  const [region, setRegion] = useState<string>(nearbyRegion());
  const make = useAction(async () => {
    if (passphrase === null) return;
    // The vault opens before its recovery code arrives here: the steps must hold the window until then.
    useFirstRun.setState({ active: true });
    try {
      const { recoveryCode } = await invoke('vault.create', {
        path,
        name: name.trim(),
        passphrase,
        useKeychain,
        region,
      });
      useFirstRun.setState({ code: recoveryCode });
    } catch (error) {
      useFirstRun.setState({ active: false });
      throw error;
    }
  });
  const complete = name.trim() !== '' && path.trim() !== '' && passphrase !== null;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (complete) void make.run();
      }}
    >
      <Stack>
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label="Name"
            value={name}
            maxLength={100}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Select
            label="Region"
            description="Simulated: nothing leaves this computer"
            inputWrapperOrder={['label', 'input', 'description']}
            data={regions}
            value={region}
            allowDeselect={false}
            searchable
            onChange={(next) => next && setRegion(next)}
          />
        </SimpleGrid>
        <PathField
          label="Folder"
          description="A new or empty folder"
          value={path}
          onChange={setPath}
          pick="folder"
          pickTitle="Where should the vault live?"
          fromPicked={(picked) => inNewFolder(picked, 'coffer-vault')}
        />
        <NewPassphrase onChange={setPassphrase} />
        <Switch
          label="Also open it with this computer's keychain"
          description={
            keychain.available
              ? 'While you are logged in, one click opens the vault. The passphrase goes on working.'
              : (keychain.reason ?? 'This computer offers no keychain. The passphrase opens the vault.')
          }
          disabled={!keychain.available}
          checked={useKeychain}
          onChange={(event) => setWanted(event.currentTarget.checked)}
        />
        {make.error ? <ErrorNotice error={make.error} /> : null}
        <Group justify="flex-end">
          <Button type="submit" disabled={!complete} loading={make.busy}>
            Make the vault
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
