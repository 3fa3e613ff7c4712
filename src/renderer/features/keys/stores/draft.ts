import type { CustomKeyStoreType } from '../../../../shared/kms/enums.ts';
import { keyStoreRules } from '../../../../shared/kms/key-store-rules.ts';
import type { OperationInput } from '../../../../shared/kms/operations.ts';
import type { KeyStore } from './stores.ts';

/** What is typed into the form of a key store; the secrets live as long as the form. */
export interface StoreDraft {
  readonly type: CustomKeyStoreType;
  readonly name: string;
  readonly clusterId: string;
  readonly pin: string;
  readonly trustAnchor: string;
  readonly uriEndpoint: string;
  readonly uriPath: string;
  readonly accessKeyId: string;
  readonly secret: string;
}

export const emptyDraft: StoreDraft = {
  type: 'AWS_CLOUDHSM',
  name: '',
  clusterId: '',
  pin: '',
  trustAnchor: '',
  uriEndpoint: '',
  uriPath: '/kms/xks/v1',
  accessKeyId: '',
  secret: '',
};

/** A key store as the form shows it: its secret cannot be read back. */
export function draftOf(store: KeyStore): StoreDraft {
  const proxy = store.XksProxyConfiguration;
  return {
    ...emptyDraft,
    type: store.CustomKeyStoreType,
    name: store.CustomKeyStoreName,
    clusterId: store.CloudHsmClusterId ?? '',
    ...(proxy ? { uriEndpoint: proxy.UriEndpoint, uriPath: proxy.UriPath, accessKeyId: proxy.AccessKeyId } : undefined),
  };
}

/** The same with words in place of the secrets: for the commands that are shown. */
export const withoutSecrets = (draft: StoreDraft): StoreDraft => ({
  ...draft,
  pin: draft.pin && 'THE-PIN',
  secret: draft.secret && 'THE-SECRET-ACCESS-KEY',
});

export function createInput(draft: StoreDraft): OperationInput<'CreateCustomKeyStore'> {
  const named = { CustomKeyStoreName: draft.name.trim(), CustomKeyStoreType: draft.type };
  if (draft.type === 'AWS_CLOUDHSM')
    return {
      ...named,
      CloudHsmClusterId: draft.clusterId,
      KeyStorePassword: draft.pin,
      ...(draft.trustAnchor.trim() ? { TrustAnchorCertificate: draft.trustAnchor.trim() } : {}),
    };
  return {
    ...named,
    XksProxyConnectivity: 'PUBLIC_ENDPOINT',
    XksProxyUriEndpoint: draft.uriEndpoint.trim(),
    XksProxyUriPath: draft.uriPath.trim(),
    XksProxyAuthenticationCredential: {
      AccessKeyId: draft.accessKeyId.trim(),
      RawSecretAccessKey: draft.secret,
    },
  };
}

/** What an edited form changes of a key store, and nothing else: some of it can be changed while it is connected. */
export function updateInput(store: KeyStore, draft: StoreDraft): OperationInput<'UpdateCustomKeyStore'> {
  const before = draftOf(store);
  const name = draft.name.trim();
  const uriEndpoint = draft.uriEndpoint.trim();
  const uriPath = draft.uriPath.trim();
  const accessKeyId = draft.accessKeyId.trim();
  return {
    CustomKeyStoreId: store.CustomKeyStoreId,
    ...(name === before.name ? {} : { NewCustomKeyStoreName: name }),
    ...(draft.clusterId === before.clusterId ? {} : { CloudHsmClusterId: draft.clusterId }),
    ...(draft.pin ? { KeyStorePassword: draft.pin } : {}),
    ...(uriEndpoint === before.uriEndpoint ? {} : { XksProxyUriEndpoint: uriEndpoint }),
    ...(uriPath === before.uriPath ? {} : { XksProxyUriPath: uriPath }),
    ...(accessKeyId === before.accessKeyId && !draft.secret
      ? {}
      : { XksProxyAuthenticationCredential: { AccessKeyId: accessKeyId, RawSecretAccessKey: draft.secret } }),
  };
}

/** Whether the proxy's secret has to be typed: it goes with its access key ID, and is not known here. */
export const needsSecret = (draft: StoreDraft, store?: KeyStore): boolean =>
  draft.type === 'EXTERNAL_KEY_STORE' && (!store || draft.accessKeyId.trim() !== draftOf(store).accessKeyId);

export type Field = Exclude<keyof StoreDraft, 'type'>;
export type Problems = Readonly<Partial<Record<Field, string>>>;

interface Rule {
  readonly min: number;
  readonly max: number;
  readonly pattern?: RegExp;
}

const rules: Readonly<Record<Field, readonly [Rule, string]>> = {
  name: [keyStoreRules.name, 'At most 256 characters.'],
  clusterId: [keyStoreRules.clusterId, 'At most 32 letters, digits, spaces and signs.'],
  pin: [keyStoreRules.password, 'A PIN has at least 4 characters.'],
  trustAnchor: [keyStoreRules.trustAnchor, 'At most 5,000 characters.'],
  uriEndpoint: [
    keyStoreRules.uriEndpoint,
    'https:// and a host, without a path; http:// only for this computer, as http://127.0.0.1:8080.',
  ],
  uriPath: [keyStoreRules.uriPath, 'A path that ends with /kms/xks/v1.'],
  accessKeyId: [keyStoreRules.accessKeyId, '20 to 30 characters: A to Z and 2 to 7.'],
  secret: [keyStoreRules.secretAccessKey, '43 to 64 characters: letters, digits, / + and =.'],
};

const fieldsOf: Readonly<Record<CustomKeyStoreType, readonly Field[]>> = {
  AWS_CLOUDHSM: ['name', 'clusterId', 'pin', 'trustAnchor'],
  EXTERNAL_KEY_STORE: ['name', 'uriEndpoint', 'uriPath', 'accessKeyId', 'secret'],
};

// Spaces belong to a secret that is typed, and to a token's label; around anything else they are an accident.
const sent = (draft: StoreDraft, field: Field): string =>
  field === 'pin' || field === 'secret' || field === 'clusterId' ? draft[field] : draft[field].trim();

/** What is wrong with what was typed; a field that is still empty is not wrong yet. */
export function problemsOf(draft: StoreDraft): Problems {
  const problems: Partial<Record<Field, string>> = {};
  for (const field of fieldsOf[draft.type]) {
    const text = sent(draft, field);
    const [{ min, max, pattern }, says] = rules[field];
    if (text !== '' && (text.length < min || text.length > max || pattern?.test(text) === false))
      problems[field] = says;
  }
  return problems;
}

/** Whether everything that has to be there is, and is well-formed. `store` is the one that is edited. */
export function isComplete(draft: StoreDraft, store?: KeyStore): boolean {
  const optional: readonly Field[] = [
    'trustAnchor',
    ...(store ? (['pin'] as const) : []),
    ...(needsSecret(draft, store) ? [] : (['secret'] as const)),
  ];
  const filled = fieldsOf[draft.type].every((field) => optional.includes(field) || sent(draft, field) !== '');
  return filled && Object.keys(problemsOf(draft)).length === 0;
}
