import type { z } from 'zod';
import { KmsError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import type { keyStores as schemas } from '../../shared/kms/schemas/key-stores.ts';
import { checkConnection, findKeyStore, noKeyStore } from './custom-keys.ts';
import { type NewStoreWork, prepareConnect, prepareStore, prepareUpdate, type StoreWork } from './key-store-backing.ts';
import { type KeyStoreRecord, keyStoreByName, keyStoresOf, setConnection } from './key-store-rows.ts';
import { type Context, onAccount } from './operation.ts';
import { afterMarker, cutPage } from './paging.ts';

type Described = z.output<typeof schemas.DescribeCustomKeyStores.output>['CustomKeyStores'][number];

/** `cks-` and 17 hexadecimal digits. */
const newId = ({ random }: Context) => `cks-${Buffer.from(random.bytes(9)).toString('hex').slice(0, 17)}`;

/** @throws KmsError `CustomKeyStoreNameInUseException` */
function checkName({ tx, caller }: Context, name: string, storeId?: string): void {
  const taken = keyStoreByName(tx, caller.accountId, caller.region, name);
  if (taken && taken.storeId !== storeId)
    throw new KmsError('CustomKeyStoreNameInUseException', `A custom key store in this Region has the name ${name}.`);
}

function checkQuota({ tx, caller }: Context): void {
  const here = keyStoresOf(tx, caller.accountId).filter(({ region }) => region === caller.region);
  if (here.length >= limits.keyStoresPerRegion)
    throw new KmsError(
      'LimitExceededException',
      `The account has ${limits.keyStoresPerRegion} custom key stores in this Region, the most it may have.`,
    );
}

const createCustomKeyStore = onAccount({
  name: 'CreateCustomKeyStore',
  readOnly: false,
  plan(context, input) {
    checkName(context, input.CustomKeyStoreName);
    checkQuota(context);
    return prepareStore(context, input);
  },
  run(context, input, work: NewStoreWork) {
    const { tx, caller, now, keyStores } = context;
    checkName(context, input.CustomKeyStoreName);
    checkQuota(context);
    work.check(context);
    const storeId = newId(context);
    tx.run(
      `INSERT INTO key_stores (store_id, account_id, region, name, type, settings, sealed, connection, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'DISCONNECTED', ?)`,
      [
        storeId,
        caller.accountId,
        caller.region,
        input.CustomKeyStoreName,
        input.CustomKeyStoreType ?? 'AWS_CLOUDHSM',
        JSON.stringify(work.settings),
        keyStores.seal(storeId, work.secret),
        now,
      ],
    );
    return { CustomKeyStoreId: storeId };
  },
  audit: {
    // Neither the password nor any part of the credential.
    request: [
      'CustomKeyStoreName',
      'CustomKeyStoreType',
      'CloudHsmClusterId',
      'XksProxyUriEndpoint',
      'XksProxyUriPath',
      'XksProxyConnectivity',
      'XksProxyVpcEndpointServiceName',
      'XksProxyVpcEndpointServiceOwner',
    ],
    response: ({ CustomKeyStoreId }) => ({ customKeyStoreId: CustomKeyStoreId }),
  },
});

/** A store as DescribeCustomKeyStores shows it: nothing secret. */
function shownStore(store: KeyStoreRecord): Described {
  return {
    CustomKeyStoreId: store.storeId,
    CustomKeyStoreName: store.name,
    CustomKeyStoreType: store.type,
    ConnectionState: store.connection,
    ...(store.error ? { ConnectionErrorCode: store.error } : {}),
    CreationDate: new Date(store.createdAt),
    ...(store.type === 'AWS_CLOUDHSM'
      ? {
          CloudHsmClusterId: store.settings.clusterId,
          ...(store.settings.trustAnchor === undefined ? {} : { TrustAnchorCertificate: store.settings.trustAnchor }),
        }
      : {
          XksProxyConfiguration: {
            Connectivity: 'PUBLIC_ENDPOINT',
            AccessKeyId: store.settings.accessKeyId,
            UriEndpoint: store.settings.uriEndpoint,
            UriPath: store.settings.uriPath,
          },
        }),
  };
}

const describeCustomKeyStores = onAccount({
  name: 'DescribeCustomKeyStores',
  readOnly: true,
  run(context, input) {
    const { tx, caller } = context;
    const { CustomKeyStoreId: id, CustomKeyStoreName: name } = input;
    if (id !== undefined && name !== undefined)
      throw new KmsError('ValidationException', 'Specify either CustomKeyStoreId or CustomKeyStoreName, not both.');
    const after = afterMarker('DescribeCustomKeyStores', input.Marker) ?? '';
    if (id !== undefined) return { CustomKeyStores: [shownStore(findKeyStore(context, id))], Truncated: false };
    if (name !== undefined) {
      const store = keyStoreByName(tx, caller.accountId, caller.region, name);
      if (!store) throw noKeyStore(name);
      return { CustomKeyStores: [shownStore(store)], Truncated: false };
    }
    const limit = input.Limit ?? limits.pages.keyStores.default;
    const found = keyStoresOf(tx, caller.accountId).filter(
      ({ region, storeId }) => region === caller.region && storeId > after,
    );
    const { rows, end } = cutPage('DescribeCustomKeyStores', found.slice(0, limit + 1), limit, (row) => row.storeId);
    return { CustomKeyStores: rows.map(shownStore), ...end };
  },
  audit: { request: ['CustomKeyStoreId', 'CustomKeyStoreName', 'Limit', 'Marker'] },
});

const connectCustomKeyStore = onAccount({
  name: 'ConnectCustomKeyStore',
  readOnly: false,
  plan(context, input) {
    const store = findKeyStore(context, input.CustomKeyStoreId);
    checkConnection(store, 'ConnectCustomKeyStore');
    return prepareConnect(context, store);
  },
  run(context, input) {
    const store = findKeyStore(context, input.CustomKeyStoreId);
    checkConnection(store, 'ConnectCustomKeyStore');
    // One that is connected, or about to be, is left to it.
    if (store.connection === 'DISCONNECTED') {
      setConnection(context.tx, store.storeId, 'CONNECTING');
      context.keyStores.connect(store);
    }
    return {};
  },
  audit: { request: ['CustomKeyStoreId'] },
});

const disconnectCustomKeyStore = onAccount({
  name: 'DisconnectCustomKeyStore',
  readOnly: false,
  run(context, input) {
    const store = findKeyStore(context, input.CustomKeyStoreId);
    checkConnection(store, 'DisconnectCustomKeyStore');
    // A proxy holds nothing that would have to be let go.
    if (store.type === 'EXTERNAL_KEY_STORE') setConnection(context.tx, store.storeId, 'DISCONNECTED');
    else {
      setConnection(context.tx, store.storeId, 'DISCONNECTING');
      context.keyStores.disconnect(store);
    }
    return {};
  },
  audit: { request: ['CustomKeyStoreId'] },
});

const updateCustomKeyStore = onAccount({
  name: 'UpdateCustomKeyStore',
  readOnly: false,
  plan(context, input) {
    const store = findKeyStore(context, input.CustomKeyStoreId);
    if (input.NewCustomKeyStoreName) checkName(context, input.NewCustomKeyStoreName, store.storeId);
    return prepareUpdate(context, input, store);
  },
  run(context, input, work: StoreWork | undefined) {
    const { tx, keyStores } = context;
    const store = findKeyStore(context, input.CustomKeyStoreId);
    // The checks of the store's state once more: it may have changed while the new backing was tried.
    prepareUpdate(context, input, store);
    if (input.NewCustomKeyStoreName) {
      checkName(context, input.NewCustomKeyStoreName, store.storeId);
      tx.run('UPDATE key_stores SET name = ? WHERE store_id = ?', [input.NewCustomKeyStoreName, store.storeId]);
    }
    if (!work) return {};
    work.check(context);
    tx.run('UPDATE key_stores SET settings = ? WHERE store_id = ?', [JSON.stringify(work.settings), store.storeId]);
    if (work.secret !== undefined)
      tx.run('UPDATE key_stores SET sealed = ? WHERE store_id = ?', [
        keyStores.seal(store.storeId, work.secret),
        store.storeId,
      ]);
    return {};
  },
  audit: {
    request: [
      'CustomKeyStoreId',
      'NewCustomKeyStoreName',
      'CloudHsmClusterId',
      'XksProxyUriEndpoint',
      'XksProxyUriPath',
      'XksProxyConnectivity',
      'XksProxyVpcEndpointServiceName',
      'XksProxyVpcEndpointServiceOwner',
    ],
  },
});

const deleteCustomKeyStore = onAccount({
  name: 'DeleteCustomKeyStore',
  readOnly: false,
  run(context, input) {
    const { tx } = context;
    const store = findKeyStore(context, input.CustomKeyStoreId);
    const { storeId } = store;
    if (tx.get('SELECT 1 FROM keys WHERE key_store = ?', [storeId]))
      throw new KmsError(
        'CustomKeyStoreHasCMKsException',
        `The custom key store ${storeId} contains KMS keys. Schedule their deletion, and wait for it.`,
      );
    checkConnection(store, 'DeleteCustomKeyStore');
    tx.run('DELETE FROM key_stores WHERE store_id = ?', [storeId]);
    return {};
  },
  audit: { request: ['CustomKeyStoreId'] },
});

export const keyStoreOperations = [
  createCustomKeyStore,
  describeCustomKeyStores,
  connectCustomKeyStore,
  disconnectCustomKeyStore,
  updateCustomKeyStore,
  deleteCustomKeyStore,
];
