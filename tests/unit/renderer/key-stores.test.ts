import { expect, it } from 'vitest';
import {
  createInput,
  draftOf,
  emptyDraft,
  isComplete,
  problemsOf,
  type StoreDraft,
  updateInput,
  withoutSecrets,
} from '../../../src/renderer/features/keys/stores/draft.ts';
import { errorWords, type KeyStore } from '../../../src/renderer/features/keys/stores/stores.ts';
import { connectionErrorCodes } from '../../../src/shared/kms/enums.ts';
import { keyStores as schemas } from '../../../src/shared/kms/schemas/key-stores.ts';
import { CREDENTIAL, XKS_PATH } from '../../support/xks-proxy.ts';

const token: StoreDraft = { ...emptyDraft, name: ' desk ', clusterId: 'label ', pin: ' 1234 ' };
const proxy: StoreDraft = {
  ...emptyDraft,
  type: 'EXTERNAL_KEY_STORE',
  name: 'far',
  uriEndpoint: ' https://xks.example.com ',
  uriPath: XKS_PATH,
  accessKeyId: CREDENTIAL.AccessKeyId,
  secret: CREDENTIAL.RawSecretAccessKey,
};
const made = {
  CustomKeyStoreId: 'cks-1234567890abcdef0',
  CustomKeyStoreName: 'far',
  CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
  ConnectionState: 'CONNECTED',
  CreationDate: new Date(0),
  XksProxyConfiguration: {
    Connectivity: 'PUBLIC_ENDPOINT',
    AccessKeyId: CREDENTIAL.AccessKeyId,
    UriEndpoint: 'https://xks.example.com',
    UriPath: XKS_PATH,
  },
} satisfies KeyStore;

it('a complete form is an input that the engine takes, with the secrets as they were typed', () => {
  for (const draft of [token, proxy]) {
    expect(isComplete(draft)).toBe(true);
    expect(schemas.CreateCustomKeyStore.input.safeParse(createInput(draft)).success).toBe(true);
  }
  expect(createInput(token)).toEqual({
    CustomKeyStoreName: 'desk',
    CustomKeyStoreType: 'AWS_CLOUDHSM',
    CloudHsmClusterId: 'label ',
    KeyStorePassword: ' 1234 ',
  });
  expect(createInput(proxy).XksProxyUriEndpoint).toBe('https://xks.example.com');
});

it('what is missing or malformed keeps the form from being sent', () => {
  for (const changes of [{ name: '' }, { clusterId: '' }, { pin: '' }, { pin: '123' }, { clusterId: 'x'.repeat(33) }])
    expect(isComplete({ ...token, ...changes })).toBe(false);
  for (const changes of [
    { uriEndpoint: 'http://xks.example.com' },
    { uriEndpoint: 'https://xks.example.com/path' },
    { uriPath: '/kms/xks' },
    { accessKeyId: 'short' },
    { secret: '' },
    { secret: 'short' },
  ])
    expect(isComplete({ ...proxy, ...changes })).toBe(false);
  // A field that is still empty is not wrong yet.
  expect(problemsOf(emptyDraft)).toEqual({});
  expect(Object.keys(problemsOf({ ...proxy, secret: 'short' }))).toEqual(['secret']);
});

it('an edit sends what changed and nothing else; a new access key needs its secret', () => {
  const before = draftOf(made);
  expect(updateInput(made, before)).toEqual({ CustomKeyStoreId: made.CustomKeyStoreId });
  expect(updateInput(made, { ...before, name: 'near' })).toEqual({
    CustomKeyStoreId: made.CustomKeyStoreId,
    NewCustomKeyStoreName: 'near',
  });
  const other = { ...before, accessKeyId: 'ZYXWVUTSRQPONMLK5432' };
  expect(isComplete(other, made)).toBe(false);
  expect(isComplete({ ...other, secret: proxy.secret }, made)).toBe(true);
  expect(updateInput(made, { ...before, secret: proxy.secret })).toEqual({
    CustomKeyStoreId: made.CustomKeyStoreId,
    XksProxyAuthenticationCredential: CREDENTIAL,
  });
});

it('no secret is in what is shown', () => {
  const shown = JSON.stringify([token, proxy].map((draft) => createInput(withoutSecrets(draft))));
  expect(shown).not.toContain(token.pin);
  expect(shown).not.toContain(CREDENTIAL.RawSecretAccessKey);
  expect(shown).toContain('THE-PIN');
});

it('every connection error has words for a token and for a proxy', () => {
  for (const code of connectionErrorCodes)
    for (const type of ['AWS_CLOUDHSM', 'EXTERNAL_KEY_STORE'] as const)
      expect(errorWords(code, type)).toMatch(/[a-z]{3}.*[.?]$/);
});
