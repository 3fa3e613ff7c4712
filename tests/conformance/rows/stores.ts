import {
  ConnectCustomKeyStoreCommand,
  CreateCustomKeyStoreCommand,
  type CreateCustomKeyStoreRequest,
  DeleteCustomKeyStoreCommand,
  DescribeCustomKeyStoresCommand,
  DisconnectCustomKeyStoreCommand,
  UpdateCustomKeyStoreCommand,
} from '@aws-sdk/client-kms';
import { expect } from 'vitest';
import { CREDENTIAL, proxyError } from '../../support/xks-proxy.ts';
import { type Ground, type Provoke, row } from '../support/table.ts';
import { foreignMarker, utf8 } from './common.ts';

const VPC = {
  XksProxyConnectivity: 'VPC_ENDPOINT_SERVICE',
  XksProxyVpcEndpointServiceName: 'com.amazonaws.vpce.eu-central-1.vpce-svc-0123456789abcdef0',
};
/** Members of a store of a proxy, which one of a token has not. */
const noProxy: Partial<CreateCustomKeyStoreRequest> = {
  CustomKeyStoreType: undefined,
  XksProxyUriEndpoint: undefined,
  XksProxyUriPath: undefined,
  XksProxyAuthenticationCredential: undefined,
  XksProxyConnectivity: undefined,
};
/** What an update of a store of a token does not say. */
const withoutProxy = { XksProxyUriEndpoint: undefined };
const noStore: Provoke = () => ({ CustomKeyStoreId: 'cks-00000000000000000' });
const failing =
  (status: number, name: string): Provoke =>
  ({ service }) => {
    service.backing.spareProxy.misbehave = () => proxyError(status, name);
    return undefined;
  };

/** A new store of the spare proxy or token, the ones of before gone. */
async function external({ kms, service: { backing } }: Ground) {
  await backing.tidy(kms);
  return backing.create(kms, backing.external());
}
async function token({ kms, service: { backing } }: Ground) {
  await backing.tidy(kms);
  return backing.create(kms, backing.token('spare'));
}
const asToken =
  (label: string, changes: Partial<CreateCustomKeyStoreRequest> = {}): Provoke =>
  ({ service: { backing } }) => ({ ...noProxy, ...backing.token(label, changes) });
const shown = async ({ kms }: Ground, CustomKeyStoreId: string | undefined) =>
  (await kms.describeCustomKeyStores({ CustomKeyStoreId })).CustomKeyStores?.[0];
/** Another store of the spare proxy, at a path of its own. */
const second = async ({ kms, service: { backing } }: Ground) => {
  const input = backing.external();
  await backing.create(kms, input);
  return input;
};

const noVpc = {
  XksProxyVpcEndpointServiceInUseException: 'There are no VPCs on a desktop.',
  XksProxyVpcEndpointServiceInvalidConfigurationException: 'There are no VPCs on a desktop.',
};

const noSuchToken = {
  CloudHsmClusterNotActiveException:
    'SoftHSM’s tool makes no token whose user has no PIN; documented-stores.test.ts has.',
};

export const rows = [
  row(CreateCustomKeyStoreCommand, {
    async good({ kms, service: { backing } }) {
      await backing.tidy(kms);
      return backing.external();
    },
    async check({ CustomKeyStoreId }, ground, input) {
      expect(CustomKeyStoreId).toMatch(/^cks-[0-9a-f]{17}$/);
      expect(await shown(ground, CustomKeyStoreId)).toEqual({
        CustomKeyStoreId,
        CustomKeyStoreName: input.CustomKeyStoreName,
        CustomKeyStoreType: 'EXTERNAL_KEY_STORE',
        ConnectionState: 'DISCONNECTED',
        CreationDate: expect.any(Date),
        XksProxyConfiguration: {
          AccessKeyId: CREDENTIAL.AccessKeyId,
          Connectivity: 'PUBLIC_ENDPOINT',
          UriEndpoint: input.XksProxyUriEndpoint,
          UriPath: input.XksProxyUriPath,
        },
      });
    },
    refused: {
      async CloudHsmClusterInUseException({ kms, service: { backing } }) {
        await backing.create(kms, backing.token('spare'));
        return { ...noProxy, ...backing.token('spare') };
      },
      CloudHsmClusterInvalidConfigurationException: asToken('twin'),
      // Where the tokens were, the module fails.
      async CloudHsmClusterNotActiveException({ service: { backing } }) {
        await backing.unplug();
        return { ...noProxy, ...backing.token('spare') };
      },
      CloudHsmClusterNotFoundException: asToken('nobody'),
      CustomKeyStoreNameInUseException: async (ground) => ({
        CustomKeyStoreName: (await second(ground)).CustomKeyStoreName,
      }),
      IncorrectTrustAnchorException: asToken('spare', { TrustAnchorCertificate: 'no certificate' }),
      async LimitExceededException({ kms, service: { backing } }) {
        // Those that stay are of the ten, too.
        await backing.tokenStore(kms);
        await backing.externalStore(kms);
        for (let i = 0; i < 8; i++) await backing.create(kms, backing.external());
        return backing.external();
      },
      XksProxyIncorrectAuthenticationCredentialException: failing(401, 'AuthenticationFailedException'),
      XksProxyInvalidConfigurationException: failing(404, 'InvalidUriPathException'),
      XksProxyInvalidResponseException: failing(500, 'NoSuchName'),
      XksProxyUriEndpointInUseException: async (ground) => {
        await second(ground);
        return VPC;
      },
      XksProxyUriInUseException: async (ground) => ({ XksProxyUriPath: (await second(ground)).XksProxyUriPath }),
      XksProxyUriUnreachableException: ({ service }) => {
        service.backing.spareProxy.health = ['UNAVAILABLE'];
        return undefined;
      },
      XksProxyVpcEndpointServiceNotFoundException: () => VPC,
    },
    uncovered: noVpc,
  }),
  row(DescribeCustomKeyStoresCommand, {
    good: async (ground) => ({ CustomKeyStoreId: await token(ground) }),
    check({ CustomKeyStores, Truncated }, _ground, { CustomKeyStoreId }) {
      expect(Truncated).toBe(false);
      expect(CustomKeyStores).toMatchObject([
        {
          CustomKeyStoreId,
          CloudHsmClusterId: 'spare',
          ConnectionState: 'DISCONNECTED',
          CustomKeyStoreType: 'AWS_CLOUDHSM',
        },
      ]);
    },
    refused: {
      CustomKeyStoreNotFoundException: noStore,
      InvalidMarkerException: async (ground, input) => ({
        ...(await foreignMarker(ground, input)),
        CustomKeyStoreId: undefined,
      }),
    },
  }),
  row(ConnectCustomKeyStoreCommand, {
    good: async (ground) => ({ CustomKeyStoreId: await token(ground) }),
    async check(_output, ground, { CustomKeyStoreId }) {
      await expect
        .poll(async () => (await shown(ground, CustomKeyStoreId))?.ConnectionState, { timeout: 30_000 })
        .toBe('CONNECTED');
      const { Plaintext } = await ground.kms.generateRandom({ CustomKeyStoreId, NumberOfBytes: 16 });
      expect(Plaintext?.length).toBe(16);
      // Of the stores that stay, as a store with a key can not be deleted.
      const { kms, service } = ground;
      const EncryptionContext = { sealed: 'outside' };
      for (const KeyId of [await service.backing.tokenKey(kms), await service.backing.externalKey(kms)]) {
        const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: utf8('sealed'), EncryptionContext });
        expect((await kms.decrypt({ CiphertextBlob, EncryptionContext })).Plaintext).toEqual(utf8('sealed'));
      }
    },
    refused: {
      async CustomKeyStoreInvalidStateException(ground, input) {
        // One that could not be connected is to be disconnected first.
        const CustomKeyStoreId = await external(ground);
        await failing(500, 'InternalException')(ground, input);
        await ground.service.backing.connect(ground.kms, CustomKeyStoreId);
        return { CustomKeyStoreId };
      },
      CustomKeyStoreNotFoundException: noStore,
    },
    uncovered: {
      ...noSuchToken,
      CloudHsmClusterInvalidConfigurationException: 'A SoftHSM token can always do what a store needs.',
    },
  }),
  row(DisconnectCustomKeyStoreCommand, {
    async good(ground) {
      const { kms, service } = ground;
      return { CustomKeyStoreId: await service.backing.connect(kms, await external(ground)) };
    },
    async check(_output, ground, { CustomKeyStoreId }) {
      await expect
        .poll(async () => (await shown(ground, CustomKeyStoreId))?.ConnectionState, { timeout: 30_000 })
        .toBe('DISCONNECTED');
    },
    refused: {
      CustomKeyStoreInvalidStateException: async (ground) => ({ CustomKeyStoreId: await external(ground) }),
      CustomKeyStoreNotFoundException: noStore,
    },
  }),
  row(UpdateCustomKeyStoreCommand, {
    good: async (ground) => ({
      CustomKeyStoreId: await external(ground),
      NewCustomKeyStoreName: 'renamed',
      XksProxyUriEndpoint: ground.service.backing.spareProxy.endpoint,
    }),
    async check(_output, ground, { CustomKeyStoreId }) {
      expect((await shown(ground, CustomKeyStoreId))?.CustomKeyStoreName).toBe('renamed');
    },
    refused: {
      CloudHsmClusterInvalidConfigurationException: async (ground) => ({
        ...withoutProxy,
        CustomKeyStoreId: await token(ground),
        CloudHsmClusterId: 'twin',
      }),
      async CloudHsmClusterNotActiveException(ground) {
        const CustomKeyStoreId = await token(ground);
        await ground.service.backing.unplug();
        return { ...withoutProxy, CustomKeyStoreId, CloudHsmClusterId: 'spare' };
      },
      CloudHsmClusterNotFoundException: async (ground) => ({
        ...withoutProxy,
        CustomKeyStoreId: await token(ground),
        CloudHsmClusterId: 'nobody',
      }),
      CloudHsmClusterNotRelatedException: async (ground) => ({
        ...withoutProxy,
        CustomKeyStoreId: await token(ground),
        CloudHsmClusterId: 'coffer',
      }),
      async CustomKeyStoreInvalidStateException({ kms, service: { backing } }, { CustomKeyStoreId = '' }) {
        await backing.connect(kms, CustomKeyStoreId);
        return undefined;
      },
      CustomKeyStoreNameInUseException: async (ground) => ({
        NewCustomKeyStoreName: (await second(ground)).CustomKeyStoreName,
      }),
      CustomKeyStoreNotFoundException: noStore,
      XksProxyIncorrectAuthenticationCredentialException: failing(401, 'AuthenticationFailedException'),
      XksProxyInvalidConfigurationException: () => ({ XksProxyUriPath: '/elsewhere/kms/xks/v1' }),
      XksProxyInvalidResponseException: failing(200, 'a success that is none'),
      XksProxyUriEndpointInUseException: async (ground) => {
        await second(ground);
        return VPC;
      },
      XksProxyUriInUseException: async (ground) => ({ XksProxyUriPath: (await second(ground)).XksProxyUriPath }),
      XksProxyUriUnreachableException: failing(429, 'ThrottlingException'),
      XksProxyVpcEndpointServiceNotFoundException: () => VPC,
    },
    uncovered: noVpc,
  }),
  row(DeleteCustomKeyStoreCommand, {
    good: async (ground) => ({ CustomKeyStoreId: await token(ground) }),
    async check(_output, { kms }, { CustomKeyStoreId }) {
      const { CustomKeyStores = [] } = await kms.describeCustomKeyStores({});
      expect(CustomKeyStores.map((store) => store.CustomKeyStoreId)).not.toContain(CustomKeyStoreId);
    },
    refused: {
      async CustomKeyStoreHasCMKsException({ kms, service: { backing } }) {
        await backing.externalKey(kms);
        return { CustomKeyStoreId: await backing.disconnect(kms, await backing.externalStore(kms)) };
      },
      async CustomKeyStoreInvalidStateException({ kms, service: { backing } }, { CustomKeyStoreId = '' }) {
        await backing.connect(kms, CustomKeyStoreId);
        return undefined;
      },
      CustomKeyStoreNotFoundException: noStore,
    },
  }),
];
