import { createHash } from 'node:crypto';
import { KmsError } from '../../shared/kms/errors.ts';
import { connectionRules } from '../../shared/kms/states.ts';
import { TAG_BYTES } from '../crypto/aead.ts';
import { type Ciphertext, decrypt, encrypt, invalidCiphertext, outsideHead, parseCiphertext } from './ciphertext.ts';
import { canonicalContext, type EncryptionContext } from './encryption-context.ts';
import { ENVELOPE_AT, type Envelope, envelopeKinds, joinEnvelope } from './envelope.ts';
import type { KeyRecord } from './key-rows.ts';
import { type KeyStoreRecord, keyStoreById } from './key-store-rows.ts';
import { SYMMETRIC_BYTES } from './materials.ts';
import { insertKey, makeEmptyLine, makeLine, type NewKey } from './new-key.ts';
import type { Context } from './operation.ts';
import { uuid } from './uuid.ts';

const IV_BYTES = 12;
const NOTHING = new Uint8Array(0);

export const noKeyStore = (what: string) =>
  new KmsError('CustomKeyStoreNotFoundException', `There is no custom key store ${what} in this account and Region.`);

/** The caller's key store of that id. @throws KmsError `CustomKeyStoreNotFoundException` */
export function findKeyStore({ tx, caller }: Context, storeId: string): KeyStoreRecord {
  const store = keyStoreById(tx, storeId);
  if (store?.accountId !== caller.accountId || store.region !== caller.region) throw noKeyStore(storeId);
  return store;
}

/** @throws KmsError `CustomKeyStoreInvalidStateException` as the table of connection states has it. */
export function checkConnection(
  { storeId, connection }: KeyStoreRecord,
  operation: keyof typeof connectionRules,
): void {
  if (!connectionRules[operation][connection])
    throw new KmsError(
      'CustomKeyStoreInvalidStateException',
      `The custom key store ${storeId} is ${connection}, which is not valid for this operation.`,
    );
}

/** Whether the key's material is in a custom key store. */
export const isOutside = (key: KeyRecord): boolean => key.keyStore !== null;

function storeOf({ tx }: Context, key: KeyRecord): KeyStoreRecord {
  const store = key.keyStore === null ? undefined : keyStoreById(tx, key.keyStore);
  if (!store) throw new Error('a key without its key store');
  return store;
}

const digestOf = (head: Uint8Array, context: Uint8Array) =>
  new Uint8Array(createHash('sha256').update(head).update(context).digest());

/** What a caller's work outside the transaction needs of the material: its own copy, as the cache may drop the bytes. */
function materialOf(context: Context, key: KeyRecord, id: string): Uint8Array | null {
  return context.materials.read(context.tx, key, id)?.slice() ?? null;
}

/**
 * Prepares an encryption inside the transaction that is done outside, whatever the key. For an external key the plaintext is
 * encrypted under the key's own material first.
 */
export function sealer(
  context: Context,
  operation: string,
  key: KeyRecord,
  bound: EncryptionContext | undefined,
): (plaintext: Uint8Array) => Promise<Uint8Array> {
  const { keyStores, random, caller } = context;
  const canonical = canonicalContext(bound);
  const owner = { accountId: key.accountId, keyId: key.keyId, materialId: key.currentMaterial };
  const inner = (material: Uint8Array, plaintext: Uint8Array) => {
    const sealed = encrypt(owner, material, plaintext, canonical, random);
    material.fill(0);
    return sealed;
  };
  if (!isOutside(key)) {
    const material = context.materials.current(context.tx, key).slice();
    return async (plaintext) => inner(material, plaintext);
  }
  const store = storeOf(context, key);
  const head = outsideHead(owner, envelopeKinds[store.type]);
  const aad = digestOf(head, canonical);
  if (store.type === 'AWS_CLOUDHSM') {
    const login = keyStores.loginOf(store);
    return async (plaintext) => {
      const iv = random.bytes(IV_BYTES);
      const body = await keyStores.use(store, 'use', () =>
        keyStores.tokens.encrypt(login, key.keyId, iv, aad, plaintext),
      );
      const at = body.length - TAG_BYTES;
      return joinEnvelope(head, { iv, metadata: NOTHING, ciphertext: body.subarray(0, at), tag: body.subarray(at) });
    };
  }
  const proxy = keyStores.proxyOf(store);
  const metadata = keyStores.metadata(operation, caller, key.arn);
  const material = context.materials.current(context.tx, key).slice();
  return async (plaintext) => {
    const wrapped = inner(material, plaintext);
    const sealed = await keyStores.use(store, 'use', () =>
      keyStores.proxies.encrypt(proxy, key.backing ?? '', metadata, wrapped, aad),
    );
    return joinEnvelope(head, sealed);
  };
}

/**
 * Prepares a decryption inside the transaction that is done outside, whatever the key.
 * @throws KmsError `InvalidCiphertextException`, then or when it is done.
 */
export function opener(
  context: Context,
  operation: string,
  key: KeyRecord,
  sealed: Ciphertext,
  bound: EncryptionContext | undefined,
): () => Promise<Uint8Array> {
  const { keyStores, caller } = context;
  const canonical = canonicalContext(bound);
  const inner = (ciphertext: Ciphertext, material: Uint8Array | null) => {
    const plaintext = material && decrypt(ciphertext, material, canonical);
    material?.fill(0);
    if (!plaintext) throw invalidCiphertext();
    return plaintext;
  };
  if (!isOutside(key)) {
    if (sealed.envelope) throw invalidCiphertext();
    const material = materialOf(context, key, sealed.materialId);
    return async () => inner(sealed, material);
  }
  const store = storeOf(context, key);
  // A ciphertext of version 1 for an external key is what only the proxy has seen: it must not open without the proxy.
  if (sealed.envelope?.kind !== envelopeKinds[store.type] || sealed.materialId !== key.currentMaterial)
    throw invalidCiphertext();
  const envelope: Envelope = sealed.envelope;
  const aad = digestOf(sealed.bytes.subarray(0, ENVELOPE_AT + 1), canonical);
  if (store.type === 'AWS_CLOUDHSM') {
    if (envelope.iv.length !== IV_BYTES || envelope.metadata.length > 0) throw invalidCiphertext();
    const login = keyStores.loginOf(store);
    const body = sealed.bytes.subarray(sealed.bytes.length - TAG_BYTES - envelope.ciphertext.length);
    return () =>
      keyStores
        .use(store, 'use', () => keyStores.tokens.decrypt(login, key.keyId, envelope.iv, aad, body))
        .catch((error) => {
          throw error instanceof KmsError && error.code === 'InvalidCiphertextException' ? invalidCiphertext() : error;
        });
  }
  const proxy = keyStores.proxyOf(store);
  const metadata = keyStores.metadata(operation, caller, key.arn);
  const material = materialOf(context, key, sealed.materialId);
  return async () => {
    const bytes = await keyStores
      .use(store, 'use', () => keyStores.proxies.decrypt(proxy, key.backing ?? '', metadata, envelope, aad))
      .catch((error) => {
        material?.fill(0);
        throw error;
      });
    const wrapped = parseCiphertext(bytes);
    if (!wrapped || wrapped.envelope || wrapped.keyId !== key.keyId || wrapped.accountId !== key.accountId) {
      material?.fill(0);
      throw new KmsError(
        'KMSInvalidStateException',
        'The ciphertext that the external key store proxy submitted for decryption, or the encryption context, is corrupted, missing, or otherwise invalid.',
      );
    }
    return inner(wrapped, material);
  };
}

/** Random bytes from a token. @throws KmsError `UnsupportedOperationException` for other key stores. */
export function tokenRandom({ keyStores }: Context, store: KeyStoreRecord, length: number): () => Promise<Uint8Array> {
  if (store.type !== 'AWS_CLOUDHSM')
    throw new KmsError('UnsupportedOperationException', 'Only a CloudHSM key store has a source of random bytes.');
  checkConnection(store, 'GenerateRandom');
  const login = keyStores.loginOf(store);
  return () => keyStores.use(store, 'random', () => keyStores.tokens.random(login, length));
}

/** A key that is to be made in a key store. */
export interface OutsideKey {
  readonly store: KeyStoreRecord;
  /** Of an external key store: the external key. */
  readonly xksKeyId: string | undefined;
}

/** @throws KmsError `XksKeyAlreadyInUseException` */
function refuseTaken({ tx }: Context, { storeId }: KeyStoreRecord, xksKeyId: string): void {
  if (tx.get('SELECT 1 FROM keys WHERE key_store = ? AND backing = ?', [storeId, xksKeyId]))
    throw new KmsError(
      'XksKeyAlreadyInUseException',
      `The external key ${xksKeyId} is already associated with another KMS key in this external key store.`,
    );
}

/**
 * Prepares the outside half of CreateKey: makes the key in the token, or looks at the external one. Resolves to the new KMS
 * key's id.
 */
export function planKey(context: Context, { store, xksKeyId = '' }: OutsideKey): () => Promise<string> {
  const { keyStores, caller } = context;
  const keyId = uuid(context.random.bytes(16));
  if (store.type === 'AWS_CLOUDHSM') {
    const login = keyStores.loginOf(store);
    return async () => {
      await keyStores.use(store, 'createKey', () => keyStores.tokens.generateKey(login, keyId));
      return keyId;
    };
  }
  refuseTaken(context, store, xksKeyId);
  const proxy = keyStores.proxyOf(store);
  const metadata = keyStores.metadata('CreateKey', caller);
  return async () => {
    const { keySpec, keyUsage, keyStatus } = await keyStores.use(store, 'createKey', () =>
      keyStores.proxies.keyMetadata(proxy, xksKeyId, metadata),
    );
    const fit = keySpec === 'AES_256' && keyUsage.includes('ENCRYPT') && keyUsage.includes('DECRYPT');
    if (!fit || keyStatus !== 'ENABLED')
      throw new KmsError(
        'XksKeyInvalidConfigurationException',
        `The external key ${xksKeyId} must be an AES_256 key that is ENABLED and allows ENCRYPT and DECRYPT.`,
      );
    return keyId;
  };
}

/**
 * Writes the rows of a key whose outside half is made. A key in a token has a material id and no material here. When `write`
 * fails, the token's key is destroyed again.
 */
export function insertOutsideKey(
  context: Context,
  { store, xksKeyId }: OutsideKey,
  key: NewKey,
  write: (key: KeyRecord) => void,
): KeyRecord {
  const { random } = context;
  try {
    if (store.type === 'EXTERNAL_KEY_STORE') {
      refuseTaken(context, store, xksKeyId ?? '');
      makeLine(context, key.keyId, random.bytes(SYMMETRIC_BYTES));
    } else makeEmptyLine(context, key.keyId, context.materials.newId());
    const made = insertKey(context, { ...key, keyStore: store.storeId, backing: xksKeyId ?? key.keyId });
    write(made);
    return made;
  } catch (error) {
    discardKey(context, store, key.keyId);
    throw error;
  }
}

/** Destroys in the background the token's key of a KMS key that came to nothing. Without the token, a key nobody uses stays. */
function discardKey({ keyStores, tx }: Context, store: KeyStoreRecord, keyId: string): void {
  if (store.type !== 'AWS_CLOUDHSM') return;
  const destroyed = keyStores.destroyKey(tx, { keyStore: store.storeId, keyId });
  keyStores.background(() => destroyed.then(() => undefined), 'discarding a key');
}
