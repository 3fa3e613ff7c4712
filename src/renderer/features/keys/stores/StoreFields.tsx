import { Autocomplete, PasswordInput, Stack, Textarea, TextInput } from '@mantine/core';
import { Choices } from '../../../components/Choices.tsx';
import { type Field, needsSecret, problemsOf, type StoreDraft } from './draft.ts';
import type { KeyStore } from './stores.ts';
import type { Token } from './use-token-module.ts';

export interface FieldsProps {
  readonly draft: StoreDraft;
  readonly change: (changes: Partial<StoreDraft>) => void;
  /** The key store that is edited; undefined for a new one. */
  readonly store?: KeyStore;
  readonly tokens: readonly Token[];
}

const DISCONNECT_FIRST = 'It can be changed while the key store is disconnected.';

/** The name of a key store and what is behind it. */
export function StoreFields(props: FieldsProps) {
  const { draft, change } = props;
  return (
    <Stack gap="sm">
      <TextInput
        label="Name"
        value={draft.name}
        error={problemsOf(draft).name}
        spellCheck={false}
        autoComplete="off"
        data-autofocus={props.store ? true : undefined}
        onChange={(event) => change({ name: event.currentTarget.value })}
      />
      {draft.type === 'AWS_CLOUDHSM' ? <TokenFields {...props} /> : <ProxyFields {...props} />}
    </Stack>
  );
}

function TokenFields({ draft, change, store, tokens }: FieldsProps) {
  const problems = problemsOf(draft);
  const connected = store?.ConnectionState === 'CONNECTED';
  // Tokens of one label are told apart by their serial numbers.
  const names = tokens
    .filter(({ userPin, capable }) => userPin && capable)
    .map(({ label, serial }, _index, all) =>
      all.filter((other) => other.label === label).length > 1 ? serial : label,
    );
  return (
    <>
      <Autocomplete
        label="Token"
        description={
          connected
            ? DISCONNECT_FIRST
            : store
              ? 'Its label or serial number. Another one has to be a copy, with the same keys and label.'
              : 'Its label or serial number'
        }
        data={[...new Set(names.filter(Boolean))]}
        value={draft.clusterId}
        error={problems.clusterId}
        disabled={connected}
        spellCheck={false}
        autoComplete="off"
        onChange={(clusterId) => change({ clusterId })}
      />
      <PasswordInput
        label={store ? 'New PIN' : "PIN of the token's user"}
        description={
          connected
            ? DISCONNECT_FIRST
            : store
              ? 'Empty leaves the PIN as it is. It changes what Coffer logs in with, not the token.'
              : 'Kept sealed in the vault. Coffer logs in with it when the key store is connected and used.'
        }
        value={draft.pin}
        error={problems.pin}
        disabled={connected}
        autoComplete="off"
        onChange={(event) => change({ pin: event.currentTarget.value })}
      />
      {store ? null : (
        <Textarea
          label="Trust anchor certificate"
          description="PEM text of the HSM cluster's certificate. A local token has none: leave it empty."
          value={draft.trustAnchor}
          error={problems.trustAnchor}
          autosize
          minRows={2}
          maxRows={6}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
          onChange={(event) => change({ trustAnchor: event.currentTarget.value })}
        />
      )}
    </>
  );
}

function ProxyFields({ draft, change, store }: FieldsProps) {
  const problems = problemsOf(draft);
  const connected = store?.ConnectionState === 'CONNECTED';
  const text = (field: Field, label: string, description: string, disabled = false) => (
    <TextInput
      label={label}
      description={disabled ? DISCONNECT_FIRST : description}
      value={draft[field]}
      error={problems[field]}
      disabled={disabled}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => change({ [field]: event.currentTarget.value })}
    />
  );
  return (
    <>
      {store ? null : (
        <Choices
          label="Connectivity"
          value="PUBLIC_ENDPOINT"
          onChange={() => undefined}
          choices={[
            {
              value: 'PUBLIC_ENDPOINT',
              title: 'Directly',
              code: 'PUBLIC_ENDPOINT',
              line: 'Coffer calls the address itself, on this computer or over the network.',
            },
            {
              value: 'VPC_ENDPOINT_SERVICE',
              title: 'Through a VPC',
              code: 'VPC_ENDPOINT_SERVICE',
              line: 'AWS only: there is no VPC around this computer.',
              disabled: true,
            },
          ]}
        />
      )}
      {text(
        'uriEndpoint',
        'URI endpoint',
        'Where the proxy is: https://xks.example.com, or http://127.0.0.1:8080',
        connected,
      )}
      {text('uriPath', 'URI path', 'Ends with /kms/xks/v1')}
      {text('accessKeyId', 'Access key ID', "The proxy's, that Coffer signs its requests with")}
      <PasswordInput
        label={store ? 'New secret access key' : 'Secret access key'}
        description={
          needsSecret(draft, store)
            ? 'It belongs to the access key ID, and is kept sealed in the vault.'
            : 'Empty leaves it as it is.'
        }
        value={draft.secret}
        error={problems.secret}
        autoComplete="off"
        onChange={(event) => change({ secret: event.currentTarget.value })}
      />
    </>
  );
}
