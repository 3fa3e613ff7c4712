import { expect, it } from 'vitest';
import type { OperationName } from '../../../src/shared/kms/operations.ts';
import { openStoresEngine, type StoresEngine } from '../../support/key-stores.ts';
import { proxyError } from '../../support/xks-proxy.ts';
import {
  disabled,
  dryRun,
  type Ground,
  groundOf,
  manyTags,
  marker,
  NOWHERE,
  nothing,
  type Provoke,
  type Row,
  testDocumentedOn,
  usage,
} from './documented.ts';

/** Keys outside, and the ways in which what is behind a key store fails. */
type Stores = Ground & StoresEngine;

const VPC = {
  XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE',
  XksProxyVpcEndpointServiceName: 'com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcdef0',
};
/** Of the exceptions that need VPCs or a cluster in the cloud. */
const noVpc = ['XksProxyVpcEndpointServiceInUseException', 'XksProxyVpcEndpointServiceInvalidConfigurationException'];
const failing =
  (status: number, name: string): Provoke<Stores> =>
  ({ proxy }) => {
    proxy.misbehave = () => proxyError(status, name);
    return {};
  };
const noStore = () => ({ CustomKeyStoreId: 'cks-00000000000000000' });
/** Changes the token; the input that names it then. */
const tokenIs =
  (change: Partial<StoresEngine['tokens']['tokens'][number]>): Provoke<Stores> =>
  ({ tokens, token }) => {
    tokens.tokens = tokens.tokens.map((each) => ({ ...each, ...change }));
    return { ...token({ CustomKeyStoreName: 'new' }), ...without };
  };
/** Takes what describes a proxy out of an input. */
const without = {
  CustomKeyStoreType: undefined,
  XksProxyUriEndpoint: undefined,
  XksProxyUriPath: undefined,
  XksProxyAuthenticationCredential: undefined,
  XksProxyConnectivity: undefined,
};
/** An update of a disconnected token store. */
const tokenUpdate =
  (prepare: (ground: Stores) => void, changes: Record<string, unknown>): Provoke<Stores> =>
  async (ground) => {
    const CustomKeyStoreId = await ground.create(ground.token({ CustomKeyStoreName: 'to-update' }));
    prepare(ground);
    return { ...without, CustomKeyStoreId, ...changes };
  };
const copy = (ground: Stores, change: Partial<StoresEngine['tokens']['tokens'][number]>) => {
  ground.tokens.tokens = [
    ...ground.tokens.tokens,
    { slot: 1, label: 'coffer', serial: '0002', userPin: true, capable: true, ...change },
  ];
};
const inTokenStore: Provoke<Stores> = async (ground) => ({
  Origin: 'AWS_CLOUDHSM',
  CustomKeyStoreId: await ground.tokenStore(),
  XksKeyId: undefined,
});

const rows: Partial<Record<OperationName, Row<Stores>>> = {
  CreateCustomKeyStore: {
    good: ({ external }) => external(),
    keyed: false,
    answers: ['CustomKeyStoreId'],
    absent: noVpc,
    refused: {
      CloudHsmClusterInUseException: async (ground) => {
        await ground.create(ground.token());
        return { ...ground.token({ CustomKeyStoreName: 'second', CloudHsmClusterId: '0001' }), ...without };
      },
      CloudHsmClusterInvalidConfigurationException: tokenIs({ capable: false }),
      CloudHsmClusterNotActiveException: tokenIs({ userPin: false }),
      CloudHsmClusterNotFoundException: tokenIs({ label: 'other' }),
      CustomKeyStoreNameInUseException: async ({ create, token }) => {
        await create(token({ CustomKeyStoreName: 'external' }));
        return {};
      },
      IncorrectTrustAnchorException: ({ token }) => ({ ...token({ TrustAnchorCertificate: 'none' }), ...without }),
      LimitExceededException: async ({ create, external, proxy }) => {
        for (let i = 0; i < 10; i++) {
          proxy.path = `/n${i}/kms/xks/v1`;
          await create(external({ CustomKeyStoreName: `n${i}`, XksProxyUriPath: proxy.path }));
        }
        return {};
      },
      XksProxyIncorrectAuthenticationCredentialException: failing(401, 'AuthenticationFailedException'),
      XksProxyInvalidConfigurationException: failing(404, 'InvalidUriPathException'),
      XksProxyInvalidResponseException: failing(500, 'NoSuchName'),
      XksProxyUriEndpointInUseException: async ({ create, external }) => {
        await create(external({ CustomKeyStoreName: 'first' }));
        return VPC;
      },
      XksProxyUriInUseException: async ({ create, external }) => {
        await create(external({ CustomKeyStoreName: 'first' }));
        return {};
      },
      XksProxyUriUnreachableException: ({ proxy }) => {
        proxy.health = ['UNAVAILABLE'];
        return {};
      },
      XksProxyVpcEndpointServiceNotFoundException: () => VPC,
    },
  },
  DescribeCustomKeyStores: {
    good: nothing,
    keyed: false,
    answers: ['CustomKeyStores', 'Truncated'],
    refused: { CustomKeyStoreNotFoundException: noStore, InvalidMarkerException: marker },
  },
  ConnectCustomKeyStore: {
    good: async ({ create, token }) => ({ CustomKeyStoreId: await create(token()) }),
    keyed: false,
    answers: [],
    refused: {
      CloudHsmClusterInvalidConfigurationException: tokenIs({ capable: false }),
      CloudHsmClusterNotActiveException: tokenIs({ userPin: false }),
      CustomKeyStoreInvalidStateException: async ({ externalStore, proxy, call, settled }) => {
        const CustomKeyStoreId = await externalStore();
        await call('DisconnectCustomKeyStore', { CustomKeyStoreId });
        proxy.misbehave = () => proxyError(500, 'InternalException');
        await call('ConnectCustomKeyStore', { CustomKeyStoreId });
        await settled();
        return { CustomKeyStoreId };
      },
      CustomKeyStoreNotFoundException: noStore,
    },
  },
  DisconnectCustomKeyStore: {
    good: async ({ externalStore }) => ({ CustomKeyStoreId: await externalStore() }),
    keyed: false,
    answers: [],
    refused: {
      CustomKeyStoreInvalidStateException: async ({ create, token }) => ({ CustomKeyStoreId: await create(token()) }),
      CustomKeyStoreNotFoundException: noStore,
    },
  },
  UpdateCustomKeyStore: {
    good: async ({ create, external, proxy }) => ({
      CustomKeyStoreId: await create(external()),
      XksProxyUriEndpoint: proxy.endpoint,
    }),
    keyed: false,
    answers: [],
    absent: noVpc,
    refused: {
      CloudHsmClusterInvalidConfigurationException: tokenUpdate((g) => copy(g, {}), { CloudHsmClusterId: 'coffer' }),
      CloudHsmClusterNotActiveException: tokenUpdate((g) => copy(g, { userPin: false }), { CloudHsmClusterId: '0002' }),
      CloudHsmClusterNotFoundException: tokenUpdate(() => undefined, { CloudHsmClusterId: 'none' }),
      CloudHsmClusterNotRelatedException: tokenUpdate((g) => copy(g, { label: 'x' }), { CloudHsmClusterId: 'x' }),
      CustomKeyStoreInvalidStateException: async ({ tokenStore }) => ({
        ...without,
        CustomKeyStoreId: await tokenStore(),
        KeyStorePassword: 'another-pin',
      }),
      CustomKeyStoreNameInUseException: async ({ create, token }) => {
        await create(token());
        return { NewCustomKeyStoreName: 'token' };
      },
      CustomKeyStoreNotFoundException: noStore,
      XksProxyIncorrectAuthenticationCredentialException: failing(401, 'AuthenticationFailedException'),
      XksProxyInvalidConfigurationException: () => ({ XksProxyUriPath: '/other/kms/xks/v1' }),
      XksProxyInvalidResponseException: failing(200, 'a success that is none'),
      XksProxyUriEndpointInUseException: async ({ create, external, proxy }) => {
        proxy.path = '/second/kms/xks/v1';
        await create(external({ CustomKeyStoreName: 'second', XksProxyUriPath: proxy.path }));
        return VPC;
      },
      XksProxyUriInUseException: async ({ create, external, proxy }) => {
        proxy.path = '/second/kms/xks/v1';
        await create(external({ CustomKeyStoreName: 'second', XksProxyUriPath: proxy.path }));
        return { XksProxyUriPath: proxy.path };
      },
      XksProxyUriUnreachableException: failing(429, 'ThrottlingException'),
      XksProxyVpcEndpointServiceNotFoundException: () => VPC,
    },
  },
  DeleteCustomKeyStore: {
    good: async ({ create, token }) => ({ CustomKeyStoreId: await create(token()) }),
    keyed: false,
    answers: [],
    refused: {
      CustomKeyStoreHasCMKsException: async ({ externalStore, externalKey, call }) => {
        const CustomKeyStoreId = await externalStore();
        await externalKey(CustomKeyStoreId);
        await call('DisconnectCustomKeyStore', { CustomKeyStoreId });
        return { CustomKeyStoreId };
      },
      CustomKeyStoreInvalidStateException: async ({ externalStore }) => ({ CustomKeyStoreId: await externalStore() }),
      CustomKeyStoreNotFoundException: noStore,
    },
  },
  CreateKey: {
    async good({ externalStore, proxy }) {
      proxy.addKey('ext');
      return { Origin: 'EXTERNAL_KEY_STORE', CustomKeyStoreId: await externalStore(), XksKeyId: 'ext' };
    },
    keyed: false,
    answers: ['KeyMetadata'],
    // A local token has no nodes of which too few could be active; nothing else is asked of it when a key is made.
    absent: ['InvalidArnException', 'CloudHsmClusterInvalidConfigurationException'],
    refused: {
      CustomKeyStoreInvalidStateException: async ({ create, token }) => ({
        Origin: 'AWS_CLOUDHSM',
        CustomKeyStoreId: await create(token()),
        XksKeyId: undefined,
      }),
      CustomKeyStoreNotFoundException: noStore,
      DependencyTimeoutException: async (ground) => {
        const input = await inTokenStore(ground);
        ground.tokens.fails = 'TimedOut';
        return input;
      },
      LimitExceededException: manyTags,
      MalformedPolicyDocumentException: () => ({ Policy: '{}' }),
      TagException: () => ({ Tags: [{ TagKey: 'aws:x', TagValue: '' }] }),
      UnsupportedOperationException: () => ({ MultiRegion: true }),
      XksKeyAlreadyInUseException: async ({ externalKey, call }) => {
        const [store] = (await call('DescribeCustomKeyStores', {})).CustomKeyStores;
        await externalKey(store?.CustomKeyStoreId ?? '', 'ext');
        return {};
      },
      XksKeyInvalidConfigurationException: ({ proxy }) => {
        proxy.addKey('ext', { keyStatus: 'DISABLED' });
        return {};
      },
      XksKeyNotFoundException: () => ({ XksKeyId: 'nowhere' }),
    },
  },
  GenerateRandom: {
    good: async ({ tokenStore }) => ({ CustomKeyStoreId: await tokenStore(), NumberOfBytes: 8 }),
    keyed: false,
    answers: ['Plaintext'],
    refused: {
      CustomKeyStoreInvalidStateException: async ({ call, settled }) => {
        const [store] = (await call('DescribeCustomKeyStores', {})).CustomKeyStores;
        await call('DisconnectCustomKeyStore', { CustomKeyStoreId: store?.CustomKeyStoreId ?? '' });
        await settled();
        return {};
      },
      CustomKeyStoreNotFoundException: noStore,
      DependencyTimeoutException: ({ tokens }) => {
        tokens.fails = 'TimedOut';
        return {};
      },
      UnsupportedOperationException: async ({ externalStore }) => ({ CustomKeyStoreId: await externalStore() }),
    },
  },
};

/** Operations on a key in the token. */
const outside: Partial<Record<OperationName, readonly [Record<string, unknown>, readonly string[]]>> = {
  Encrypt: [{ Plaintext: new Uint8Array(1) }, ['CiphertextBlob', 'EncryptionAlgorithm', 'KeyId']],
  GenerateDataKey: [{ KeySpec: 'AES_256' }, ['CiphertextBlob', 'KeyId', 'KeyMaterialId', 'Plaintext']],
  GenerateDataKeyWithoutPlaintext: [{ KeySpec: 'AES_128' }, ['CiphertextBlob', 'KeyId', 'KeyMaterialId']],
};
for (const [name, [input, answers]] of Object.entries(outside))
  rows[name as OperationName] = {
    good: async ({ tokenStore, tokenKey }) => ({ KeyId: (await tokenKey(await tokenStore())).id, ...input }),
    keyed: false,
    answers,
    refused: {
      InvalidGrantTokenException: () => ({ GrantTokens: ['x'] }),
      NotFoundException: () => ({ KeyId: NOWHERE }),
      KMSInvalidStateException: async ({ proxy, externalStore, externalKey }) => {
        const { id } = await externalKey(await externalStore());
        proxy.misbehave = () => proxyError(403, 'AccessDeniedException');
        return { KeyId: id };
      },
      DisabledException: async (ground) => ({ ...(await disabled(ground)), KeyId: ground.KeyId }),
      InvalidKeyUsageException: async (ground) => ({ ...(await usage(ground)), KeyId: ground.KeyId }),
      DryRunOperationException: dryRun,
      KeyUnavailableException: ({ tokens }) => {
        tokens.tokens = [];
        return {};
      },
      DependencyTimeoutException: ({ tokens }) => {
        tokens.fails = 'TimedOut';
        return {};
      },
    },
  };

it('covers the operations of key stores and on the keys in them', () => {
  expect(Object.keys(rows).length).toBe(11);
});

testDocumentedOn<Stores>(rows, async () => groundOf(await openStoresEngine()), /^KMSInternal/);
