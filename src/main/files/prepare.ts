import { CofferError } from '../../shared/kms/errors.ts';
import type { Environment } from '../environment.ts';
import type { Caller, Engine } from '../kms/types.ts';
import { CONTENT_CONTEXT, ENTRY_CONTENT, FOLDER_CONTENT } from './folder.ts';
import { MESSAGE_ID_BYTES, type ParsedHeader } from './message/header.ts';
import { newSigningKey, PUBLIC_KEY_CONTEXT } from './message/signature.ts';
import { SIGNING_SUITE } from './message/suite.ts';
import { readMessageHeader } from './plan.ts';
import type { Common, DecryptTask, EncryptTask } from './protocol.ts';

/** Plaintext bytes of a frame: large enough to be quick, small enough for every AWS Encryption SDK to hold. */
export const FRAME_LENGTH = 2 ** 20;

export interface Keys {
  readonly engine: Engine;
  readonly callerIn: (region: string) => Caller;
  readonly environment: Environment;
}

type Place = Omit<Common, 'dataKey'>;

/** What is known of a message once its data key is there. */
export interface Prepared<T> {
  readonly task: T;
  readonly keyArn: string;
  readonly signed: boolean;
}

/** A task to open a message, with its data key from the engine. @throws CofferError of the engine, and `NoKmsKey`. */
export async function prepareDecrypt(
  keys: Keys,
  place: Place,
  action: DecryptTask['action'],
  region: string,
  parsed?: ParsedHeader,
): Promise<Prepared<DecryptTask>> {
  const { header } = parsed ?? (await readMessageHeader(place.source));
  const edk = header.dataKeys.find(({ providerId }) => providerId === 'aws-kms');
  if (!edk)
    throw new CofferError('NoKmsKey', 'No KMS key can open this file: it was encrypted under another kind of key.');
  // The key the header names must be the one that opens it, as AWS's own keyring demands.
  const keyRegion = edk.providerInfo.split(':')[3] || region;
  const { output } = await keys.engine
    .call(keys.callerIn(keyRegion), 'Decrypt', {
      CiphertextBlob: edk.ciphertext,
      KeyId: edk.providerInfo,
      EncryptionContext: { ...header.context },
    })
    .catch((error: unknown) => Promise.reject(aboutFile(error, edk.providerInfo)));
  return {
    task: { ...place, action, dataKey: dataKeyOf(output.Plaintext) },
    keyArn: edk.providerInfo,
    signed: header.suite === SIGNING_SUITE,
  };
}

/** What KMS says of a call, said of the file that led to it. */
function aboutFile(error: unknown, keyArn: string): unknown {
  if (!(error instanceof CofferError)) return error;
  const nonsense = 'The encrypted file is damaged: what it names as its key or context is none.';
  const sentences: Readonly<Record<string, string>> = {
    InvalidCiphertextException: 'Its key does not open this file: its encryption context or its data key was altered.',
    NotFoundException: `This vault does not hold the key of this file (${keyArn}).`,
    InvalidArnException: nonsense,
    ValidationException: nonsense,
  };
  const sentence = sentences[error.code];
  return sentence ? new CofferError(error.code, sentence, error.details) : error;
}

export interface EncryptWish {
  readonly keyId?: string | undefined;
  readonly region: string;
  readonly signed?: boolean | undefined;
  readonly context?: Readonly<Record<string, string>> | undefined;
}

const wellFormed = (text: string) => Buffer.from(text).toString() === text;

/** A task to make a message, with a new data key from the engine. @throws CofferError of the engine, `ValidationException`. */
export async function prepareEncrypt(
  keys: Keys,
  place: Place,
  kind: EncryptTask['kind'],
  wish: EncryptWish,
): Promise<Prepared<EncryptTask>> {
  if (wish.keyId === undefined) throw new CofferError('ValidationException', 'Choose the key to encrypt under.');
  const context: Record<string, string> = { ...wish.context };
  if (Object.keys(context).some((key) => key.startsWith('aws-crypto-') || key === CONTENT_CONTEXT)) {
    throw new CofferError(
      'ValidationException',
      `Context keys that begin with aws-crypto-, and ${CONTENT_CONTEXT}, are reserved.`,
    );
  }
  // Half a surrogate pair has no UTF-8 and would come back as another character, which opens nothing.
  if (!Object.entries(context).flat().every(wellFormed))
    throw new CofferError('ValidationException', 'The encryption context holds a character that is no Unicode.');
  const signing = wish.signed ? newSigningKey() : undefined;
  if (kind !== 'file') context[CONTENT_CONTEXT] = kind === 'folder' ? FOLDER_CONTENT : ENTRY_CONTENT;
  if (signing) context[PUBLIC_KEY_CONTEXT] = signing.publicKey;
  const { output } = await keys.engine.call(keys.callerIn(wish.region), 'GenerateDataKey', {
    KeyId: wish.keyId,
    NumberOfBytes: 32,
    EncryptionContext: context,
  });
  const { KeyId: arn, CiphertextBlob: ciphertext } = output;
  if (!arn || !ciphertext) throw new Error('GenerateDataKey answered without its key');
  return {
    task: {
      ...place,
      action: 'encrypt',
      kind,
      messageId: keys.environment.random.bytes(MESSAGE_ID_BYTES),
      context,
      edk: { providerId: 'aws-kms', providerInfo: arn, ciphertext },
      frameLength: FRAME_LENGTH,
      signingKey: signing?.privateKey,
      dataKey: dataKeyOf(output.Plaintext),
    },
    keyArn: arn,
    signed: signing !== undefined,
  };
}

function dataKeyOf(plaintext: Uint8Array | undefined): Uint8Array {
  if (plaintext?.length !== 32)
    throw new CofferError('MessageDamaged', 'The encrypted file is damaged: its data key has the wrong length.');
  return new Uint8Array(plaintext);
}
