import type { WrappingAlgorithm, WrappingKeySpec } from '../../shared/kms/enums.ts';
import { KmsError } from '../../shared/kms/errors.ts';
import { wraps } from '../../shared/kms/importing.ts';
import { limits } from '../../shared/kms/limits.ts';
import { keyPairs } from '../crypto/key-pairs.ts';
import { byKeyId } from './find.ts';
import { addMaterial, dropImport, knownMaterial, pendingMaterial, putImport, settleImport } from './imported.ts';
import { checkMaterial, materialIdOf, unwrap } from './imported-material.ts';
import type { KeyRecord } from './key-rows.ts';
import { DAY } from './lifecycle.ts';
import { type Context, onKey, type Parsed } from './operation.ts';

const HOUR = 3_600_000;

const unsupported = (message: string) => new KmsError('UnsupportedOperationException', message);
const invalid = (message: string) => new KmsError('ValidationException', message);
const incorrect = (message: string) => new KmsError('IncorrectKeyMaterialException', message);

/** @throws KmsError `UnsupportedOperationException` */
function checkWrapping(key: KeyRecord, algorithm: WrappingAlgorithm, wrappingKey: WrappingKeySpec): void {
  if (algorithm === 'RSAES_PKCS1_V1_5')
    throw unsupported('The wrapping algorithm RSAES_PKCS1_V1_5 is no longer supported. Use RSAES_OAEP_SHA_256.');
  if (!wraps(key.spec, algorithm, wrappingKey))
    throw unsupported(
      `Key material for ${key.spec} cannot be wrapped by ${algorithm} under a wrapping key of spec ${wrappingKey}.`,
    );
}

const getParametersForImport = onKey({
  name: 'GetParametersForImport',
  readOnly: true,
  origin: 'EXTERNAL',
  find: byKeyId,
  plan({ importTokens, now, random }, { WrappingAlgorithm: algorithm, WrappingKeySpec: spec }, key) {
    checkWrapping(key, algorithm, spec);
    const validTo = now + limits.importTokenHours * HOUR;
    return async () => {
      const wrappingKey = await keyPairs[spec].generate(random);
      try {
        const publicKey = keyPairs[spec].publicKey(wrappingKey);
        return { token: importTokens.make(key, { algorithm, validTo, wrappingKey }), publicKey, validTo };
      } finally {
        wrappingKey.fill(0);
      }
    };
  },
  run: (_context, _input, key, { token, publicKey, validTo }) => ({
    KeyId: key.arn,
    ImportToken: token,
    PublicKey: publicKey,
    ParametersValidTo: new Date(validTo),
  }),
  audit: { request: ['KeyId', 'WrappingAlgorithm', 'WrappingKeySpec'] },
});

type ImportInput = Parsed<'ImportKeyMaterial'>;

/** When the material will expire (ms since the epoch), or null. @throws KmsError `ValidationException` */
function expiresAt({ ValidTo, ExpirationModel = 'KEY_MATERIAL_EXPIRES' }: ImportInput, now: number): number | null {
  if (ExpirationModel === 'KEY_MATERIAL_DOES_NOT_EXPIRE') {
    if (ValidTo) throw invalid('ValidTo must be omitted when ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE.');
    return null;
  }
  if (!ValidTo) throw invalid('ValidTo is required when ExpirationModel is KEY_MATERIAL_EXPIRES.');
  const at = ValidTo.getTime();
  if (at <= now || at > now + limits.importValidityDays * DAY)
    throw invalid(`ValidTo must be in the future, at most ${limits.importValidityDays} days ahead.`);
  return at;
}

/** What the request may say of the material, before it is known. @throws KmsError */
function checkOptions(key: KeyRecord, input: ImportInput): void {
  const several = [input.ImportType, input.KeyMaterialDescription, input.KeyMaterialId];
  if (key.spec !== 'SYMMETRIC_DEFAULT' && several.some((value) => value !== undefined))
    throw unsupported(
      `ImportType, KeyMaterialDescription and KeyMaterialId are for symmetric encryption keys, and ${key.arn} key spec is ${key.spec}.`,
    );
  if (input.ImportType !== 'NEW_KEY_MATERIAL') return;
  if (input.KeyMaterialId !== undefined)
    throw invalid('KeyMaterialId cannot be specified when ImportType is NEW_KEY_MATERIAL.');
  if (key.multiRegion === 'REPLICA')
    throw unsupported(`${key.arn} is a replica key. Import new key material into its primary key first.`);
}

/** Associates new material with the key, or finds that the key knows it already. @throws KmsError */
function associate({ tx, now }: Context, input: ImportInput, key: KeyRecord, id: string): void {
  const known = knownMaterial(tx, key, id);
  const type = input.ImportType ?? (key.currentMaterial === '' ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL');
  if (type === 'EXISTING_KEY_MATERIAL') {
    if (!known || (input.KeyMaterialId !== undefined && input.KeyMaterialId !== id))
      throw incorrect('The key material is not the one that was imported before.');
    return;
  }
  if (known) throw incorrect('The key material is associated with the key already, and new key material was expected.');
  if (pendingMaterial(tx, key))
    throw new KmsError(
      'KMSInvalidStateException',
      `${key.arn} has key material pending rotation. Rotate the key or delete that key material first.`,
    );
  addMaterial(tx, key, id, now);
}

const importKeyMaterial = onKey({
  name: 'ImportKeyMaterial',
  readOnly: false,
  origin: 'EXTERNAL',
  find: byKeyId,
  plan({ importTokens, materials, now }, input, key) {
    checkOptions(key, input);
    expiresAt(input, now);
    const parameters = importTokens.read(key, input.ImportToken);
    if (!parameters)
      throw new KmsError('InvalidImportTokenException', 'The import token is invalid or belongs to another KMS key.');
    const { wrappingKey, validTo } = parameters;
    if (validTo <= now) {
      wrappingKey.fill(0);
      throw new KmsError('ExpiredImportTokenException', 'The import token has expired. Get a new one.');
    }
    // What goes on from here is sealed: a second pass that is refused, or never comes, leaves no material behind.
    return async () => {
      let unwrapped: Uint8Array | undefined;
      try {
        unwrapped = unwrap(parameters, input.EncryptedKeyMaterial);
        const material = await checkMaterial(key, unwrapped);
        const id = materialIdOf(key, material);
        return { id, sealed: materials.sealImported(key, id, material) };
      } finally {
        wrappingKey.fill(0);
        unwrapped?.fill(0);
      }
    };
  },
  run(context, input, key, { id, sealed }) {
    const { tx, materials, now } = context;
    checkOptions(key, input);
    associate(context, input, key, id);
    putImport(tx, key, { id, description: input.KeyMaterialDescription, expiresAt: expiresAt(input, now), sealed });
    materials.forget(key);
    settleImport(tx, key);
    return { KeyId: key.arn, KeyMaterialId: id };
  },
  audit: {
    request: ['KeyId', 'ValidTo', 'ExpirationModel', 'ImportType', 'KeyMaterialDescription', 'KeyMaterialId'],
    response: ({ KeyId, KeyMaterialId }) => ({ keyId: KeyId, keyMaterialId: KeyMaterialId }),
  },
});

const deleteImportedKeyMaterial = onKey({
  name: 'DeleteImportedKeyMaterial',
  readOnly: false,
  origin: 'EXTERNAL',
  find: byKeyId,
  run({ tx, materials }, input, key) {
    const id = input.KeyMaterialId ?? key.currentMaterial;
    // Nothing was ever imported: no effect, as the guide's table of key states has it.
    if (id === '') return { KeyId: key.arn };
    const material = knownMaterial(tx, key, id);
    if (!material) throw new KmsError('NotFoundException', `${key.arn} has no key material ${id}.`);
    dropImport(tx, materials, key, material);
    return { KeyId: key.arn, KeyMaterialId: id };
  },
  audit: {
    request: ['KeyId', 'KeyMaterialId'],
    response: ({ KeyId, KeyMaterialId }) => ({
      keyId: KeyId,
      ...(KeyMaterialId === undefined ? {} : { keyMaterialId: KeyMaterialId }),
    }),
  },
});

export const importOperations = [getParametersForImport, importKeyMaterial, deleteImportedKeyMaterial];
