import { TextInput } from '@mantine/core';
import type { ConnectionState } from '../../../../shared/kms/enums.ts';
import { importable } from '../../../../shared/kms/importing.ts';
import { type Choice, Choices } from '../../../components/Choices.tsx';
import { ErrorNotice } from '../../../components/ErrorNotice.tsx';
import { useLoad } from '../../../lib/use-call.ts';
import { allKeyStores, type KeyStore } from '../stores/stores.ts';
import { madeHere, type StepProps } from './draft.ts';

const XKS_KEY_ID_MAX = 128;

const made: readonly Choice<string>[] = [
  {
    value: 'AWS_KMS',
    title: 'Coffer makes it',
    code: 'AWS_KMS',
    line: 'Random, made inside the vault. It never leaves it.',
  },
  {
    value: 'EXTERNAL',
    title: 'I import my own',
    code: 'EXTERNAL',
    line: 'You keep the original. The key can be used once its material is imported.',
  },
];

const stateWords: Readonly<Record<Exclude<ConnectionState, 'CONNECTED'>, string>> = {
  CONNECTING: 'It is being connected.',
  FAILED: 'It could not be connected.',
  DISCONNECTED: 'It is not connected.',
  DISCONNECTING: 'It is being disconnected.',
};

/** A key store as a choice; only a connected one can take a key. */
const inStore = (store: KeyStore): Choice<string> => ({
  value: store.CustomKeyStoreId,
  title: `In ${store.CustomKeyStoreName}`,
  code: store.CustomKeyStoreType,
  line:
    store.ConnectionState !== 'CONNECTED'
      ? stateWords[store.ConnectionState]
      : store.CustomKeyStoreType === 'AWS_CLOUDHSM'
        ? `Made inside the token ${store.CloudHsmClusterId ?? ''}. It never leaves it.`
        : 'A key that is kept behind your proxy. It never comes here.',
  disabled: store.ConnectionState !== 'CONNECTED',
});

/** Where the material comes from. Key stores keep symmetric keys of one Region only. */
export function MaterialChoice({ draft, change }: StepProps) {
  const fits = draft.spec === 'SYMMETRIC_DEFAULT';
  const { data = [], error } = useLoad(fits ? `key stores ${draft.region}` : null, () => allKeyStores(draft.region));
  function choose(value: string): void {
    const store = data.find(({ CustomKeyStoreId }) => CustomKeyStoreId === value);
    if (store)
      change({ ...madeHere, origin: store.CustomKeyStoreType, keyStoreId: store.CustomKeyStoreId, multiRegion: false });
    else change({ ...madeHere, origin: value === 'EXTERNAL' ? 'EXTERNAL' : 'AWS_KMS' });
  }
  return (
    <>
      <Choices
        label="Key material"
        value={draft.keyStoreId ?? draft.origin}
        onChange={choose}
        choices={[
          ...made.filter(({ value }) => value !== 'EXTERNAL' || importable(draft.spec)),
          ...(fits ? data.map(inStore) : []),
        ]}
      />
      {error ? <ErrorNotice error={error} /> : null}
      {draft.origin === 'EXTERNAL_KEY_STORE' ? (
        <TextInput
          label="Key id at the proxy"
          description="The name by which your external key manager knows the key"
          value={draft.xksKeyId}
          maxLength={XKS_KEY_ID_MAX}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => change({ xksKeyId: event.currentTarget.value })}
        />
      ) : null}
    </>
  );
}
