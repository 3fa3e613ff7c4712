import type { ConnectionState, KeyState } from './enums.ts';
import type { OperationName } from './operations.ts';

/** Why a state refuses an operation: the exception's code and how its message goes on after the key's ARN. */
export interface StateRefusal {
  readonly code: 'DisabledException' | 'KMSInvalidStateException' | 'UnsupportedOperationException';
  readonly says: string;
}

/** For each state: `null` allows, anything else refuses. */
export type StateRule = Readonly<Record<KeyState, StateRefusal | null>>;

const invalid = (says: string): StateRefusal => ({ code: 'KMSInvalidStateException', says });
const unsupported = (says: string): StateRefusal => ({ code: 'UnsupportedOperationException', says });
const disabled: StateRefusal = { code: 'DisabledException', says: 'is disabled.' };
const pendingDeletion = invalid('is pending deletion.');
const pendingReplica = invalid('is pending replica deletion.');
const pendingImport = invalid('is pending import.');
const unavailable = invalid('is unavailable.');
const creating = invalid('is creating.');
const updating = invalid('is updating.');
const notPending = invalid('is not pending deletion.');
/** Only imported keys are ever pending import, and only keys of a custom key store unavailable. */
const imported = unsupported('origin is EXTERNAL which is not valid for this operation.');
const elsewhere = unsupported('is in a custom key store which is not valid for this operation.');

const any: StateRule = {
  Creating: null,
  Enabled: null,
  Disabled: null,
  PendingDeletion: null,
  PendingImport: null,
  PendingReplicaDeletion: null,
  Unavailable: null,
  Updating: null,
};
/** Changes to a key's surroundings: not while it is on its way out. */
const alive: StateRule = { ...any, PendingDeletion: pendingDeletion, PendingReplicaDeletion: pendingReplica };
/** Switching a key on and off needs material, too, and no work under way. */
const switchable: StateRule = { ...alive, PendingImport: pendingImport, Creating: creating, Updating: updating };
/** What only a key that is switched on, whole and has material may do. */
const enabled: StateRule = { ...alive, Disabled: disabled, PendingImport: pendingImport, Creating: creating };
const usable: StateRule = { ...enabled, Unavailable: unavailable };
const scheduled: StateRule = { ...usable, PendingImport: imported, Unavailable: elsewhere };
const importing: StateRule = { ...alive, Unavailable: elsewhere, Creating: creating, Updating: updating };
const deleting: StateRule = {
  Creating: notPending,
  Enabled: notPending,
  Disabled: notPending,
  PendingDeletion: null,
  PendingImport: notPending,
  PendingReplicaDeletion: null,
  Unavailable: notPending,
  Updating: notPending,
};

/**
 * Which states allow which operation on a key that exists, and how the others refuse: the table "Key states of AWS KMS
 * keys" of the developer guide. The pipeline and the tests read this one table. An operation that is not here works on no key.
 */
export const operationStates = {
  DescribeKey: any,
  GetKeyLastUsage: any,
  EnableKey: switchable,
  DisableKey: switchable,
  ScheduleKeyDeletion: { ...alive, Updating: updating },
  CancelKeyDeletion: deleting,
  UpdateKeyDescription: alive,
  GetKeyPolicy: any,
  PutKeyPolicy: any,
  ListKeyPolicies: any,
  CreateGrant: enabled,
  ListGrants: any,
  RetireGrant: any,
  RevokeGrant: any,
  ReplicateKey: { ...enabled, Updating: updating },
  UpdatePrimaryRegion: enabled,
  GetParametersForImport: importing,
  ImportKeyMaterial: { ...importing, Updating: null },
  DeleteImportedKeyMaterial: { ...importing, PendingDeletion: null, PendingReplicaDeletion: null },
  CreateAlias: alive,
  UpdateAlias: alive,
  DeleteAlias: any,
  ListAliases: any,
  TagResource: alive,
  UntagResource: alive,
  ListResourceTags: any,
  Encrypt: usable,
  Decrypt: usable,
  ReEncrypt: usable,
  GenerateDataKey: usable,
  GenerateDataKeyWithoutPlaintext: usable,
  GenerateDataKeyPair: usable,
  GenerateDataKeyPairWithoutPlaintext: usable,
  Sign: usable,
  Verify: usable,
  GetPublicKey: usable,
  DeriveSharedSecret: usable,
  Encapsulate: usable,
  Decapsulate: usable,
  GenerateMac: usable,
  VerifyMac: usable,
  EnableKeyRotation: scheduled,
  DisableKeyRotation: scheduled,
  GetKeyRotationStatus: { ...any, PendingImport: imported, Unavailable: elsewhere },
  RotateKeyOnDemand: usable,
  ListKeyRotations: any,
  GetKeyOverview: any,
  GetKeyDependents: any,
} satisfies Partial<Record<OperationName, StateRule>>;

/** For each connection state of a custom key store: whether the operation goes on. */
export type ConnectionRule = Readonly<Record<ConnectionState, boolean>>;

const nowhere: ConnectionRule = {
  CONNECTED: false,
  CONNECTING: false,
  FAILED: false,
  DISCONNECTED: false,
  DISCONNECTING: false,
};
const connected: ConnectionRule = { ...nowhere, CONNECTED: true };
const disconnected: ConnectionRule = { ...nowhere, DISCONNECTED: true };

/**
 * Which connection states of a custom key store allow which operation: the conditions that the API reference names at
 * CustomKeyStoreInvalidStateException. `UpdateConnected` is an update of nothing but what may change while connected.
 * Cryptographic operations are not here: their keys are `Unavailable` unless the store is `CONNECTED`.
 */
export const connectionRules = {
  ConnectCustomKeyStore: { CONNECTED: true, CONNECTING: true, FAILED: false, DISCONNECTED: true, DISCONNECTING: false },
  DisconnectCustomKeyStore: {
    CONNECTED: true,
    CONNECTING: true,
    FAILED: true,
    DISCONNECTED: false,
    DISCONNECTING: false,
  },
  UpdateCustomKeyStore: disconnected,
  UpdateConnected: { ...disconnected, CONNECTED: true },
  DeleteCustomKeyStore: disconnected,
  CreateKey: connected,
  GenerateRandom: connected,
} satisfies Record<string, ConnectionRule>;
