import path from 'node:path';
import { CofferError } from '../../shared/kms/errors.ts';
import type { Environment } from '../environment.ts';
import type { Caller, Engine } from '../kms/types.ts';
import { CONTENT_CONTEXT, ENTRY_CONTENT, FOLDER_CONTENT } from './folder.ts';
import { kmsKeysOf, MESSAGE_ID_BYTES, type MessageHeader, type ParsedHeader } from './message/header.ts';
import { newSigningKey, PUBLIC_KEY_CONTEXT } from './message/signature.ts';
import { SIGNING_SUITE } from './message/suite.ts';
import { type Plan, readMessageHeader } from './plan.ts';
import type { Common, DecryptTask, EncryptTask, ReencryptTask, Sealing, Task } from './protocol.ts';
import { placeOfNew, type RenewWish } from './renewing.ts';

/** Plaintext bytes of a frame: large enough to be quick, small enough for every AWS Encryption SDK to hold. */
export const FRAME_LENGTH = 2 ** 20;

export interface Keys {
  readonly engine: Engine;
  readonly callerIn: (region: string) => Caller;
  readonly environment: Environment;
}

/** What is known of a message once its data key is there. */
export interface Prepared<T> {
  readonly task: T;
  readonly keyArn: string;
  readonly signed: boolean;
}

/** A task to open a message, with its data key from the engine. @throws NotOpened, CofferError `NoKmsKey`. */
export async function prepareDecrypt(
  keys: Keys,
  place: Common,
  action: DecryptTask['action'],
  region: string,
  parsed?: ParsedHeader,
): Promise<Prepared<DecryptTask>> {
  const { header } = parsed ?? (await readMessageHeader(place.source));
  const { dataKey, keyArn } = await openDataKey(keys, header, region);
  return { task: { ...place, action, dataKey }, keyArn, signed: header.suite === SIGNING_SUITE };
}

const nonsense = () => 'The encrypted file is damaged: what it names as its key or context is none.';
const sentences: Readonly<Record<string, ((keyArn: string) => string) | undefined>> = {
  InvalidCiphertextException: () =>
    'Its key does not open this file: its encryption context or its data key was altered.',
  NotFoundException: (keyArn) => `This vault does not hold the key of this file (${keyArn}).`,
  InvalidArnException: nonsense,
  ValidationException: nonsense,
};

/** No key of a message opened it. What the engine said of one of them, said of the file. */
export class NotOpened extends CofferError {
  readonly keyArn: string;

  constructor({ code, message, details }: CofferError, keyArn: string) {
    super(code, sentences[code]?.(keyArn) ?? message, details);
    this.keyArn = keyArn;
  }
}

/** The data key of a message, by the first KMS key that opens it. @throws NotOpened, CofferError `NoKmsKey`. */
async function openDataKey(
  { engine, callerIn }: Keys,
  header: MessageHeader,
  region: string,
): Promise<{ readonly dataKey: Uint8Array; readonly keyArn: string }> {
  const dataKeys = kmsKeysOf(header);
  if (dataKeys.length === 0)
    throw new CofferError('NoKmsKey', 'No KMS key can open this file: it was encrypted under another kind of key.');
  const failures: NotOpened[] = [];
  for (const { providerInfo: keyArn, ciphertext } of dataKeys) {
    try {
      // The key the header names must be the one that opens it, as AWS's own keyring demands.
      const { output } = await engine.call(callerIn(keyArn.split(':')[3] || region), 'Decrypt', {
        CiphertextBlob: ciphertext,
        KeyId: keyArn,
        EncryptionContext: { ...header.context },
      });
      return { dataKey: dataKeyOf(output.Plaintext), keyArn };
    } catch (error) {
      if (!(error instanceof CofferError)) throw error;
      failures.push(new NotOpened(error, keyArn));
    }
  }
  // Of a key that is here there is something to do.
  throw failures.find(({ code }) => !sentences[code]) ?? failures[0];
}

export interface EncryptWish {
  readonly keyId?: string | undefined;
  readonly region: string;
  readonly signed?: boolean | undefined;
  readonly context?: Readonly<Record<string, string>> | undefined;
  /** Reads results back before they get their names. */
  readonly readBack?: boolean | undefined;
}

const wellFormed = (text: string) => Buffer.from(text).toString() === text;

/** A task to make a message, with a new data key from the engine. @throws CofferError of the engine, `ValidationException`. */
export async function prepareEncrypt(
  keys: Keys,
  place: Common,
  kind: EncryptTask['kind'],
  wish: EncryptWish,
): Promise<Prepared<EncryptTask>> {
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
  if (kind !== 'file') context[CONTENT_CONTEXT] = kind === 'folder' ? FOLDER_CONTENT : ENTRY_CONTENT;
  const { seal, keyArn } = await sealing(keys, wish, context, wish.signed === true);
  if (wish.readBack) await proveOpens(keys, seal, wish.region);
  return {
    task: { ...place, action: 'encrypt', kind, seal, readBack: wish.readBack },
    keyArn,
    signed: seal.signingKey !== undefined,
  };
}

/**
 * A task to make a new message, under another key, of an old one's content. The context stays; what was signed is signed
 * anew, with a key of its own.
 * @throws CofferError of the engine, `NoKmsKey`, `ValidationException`.
 */
export async function prepareReencrypt(
  keys: Keys,
  place: Common & Pick<ReencryptTask, 'inPlace'>,
  wish: EncryptWish,
  parsed?: ParsedHeader,
): Promise<Prepared<ReencryptTask>> {
  const found = parsed ?? (await readMessageHeader(place.source, { follow: !place.noFollow }));
  const { task: opened, signed } = await prepareDecrypt(keys, place, 'decrypt', wish.region, found);
  try {
    const { [PUBLIC_KEY_CONTEXT]: _oldSigner, ...context } = found.header.context;
    const { seal, keyArn } = await sealing(keys, wish, context, signed || wish.signed === true);
    await proveOpens(keys, seal, wish.region);
    const task: ReencryptTask = { ...place, action: 'reencrypt', dataKey: opened.dataKey, seal };
    return { task, keyArn, signed: seal.signingKey !== undefined };
  } catch (error) {
    opened.dataKey.fill(0);
    throw error;
  }
}

/**
 * The task of a job over one file, or over a folder as one archive.
 * @throws CofferError of the engine, `NoKmsKey`, `ValidationException`, and as `fileError` names it.
 */
export async function prepareAlone(
  keys: Keys,
  action: Task['action'],
  place: Common,
  kind: Plan['kind'],
  wish: EncryptWish & Omit<RenewWish, 'onConflict'>,
): Promise<Prepared<Task>> {
  if (action === 'encrypt') return prepareEncrypt(keys, place, kind === 'folder' ? 'folder' : 'file', wish);
  if (action !== 'reencrypt') return prepareDecrypt(keys, place, action, wish.region);
  const { source, output, onConflict } = place;
  const target = await placeOfNew(source, path.dirname(output), { ...wish, onConflict });
  return prepareReencrypt(keys, { ...place, ...target }, wish);
}

/** What a new message is made with: a new data key from the engine and, to be signed, a new signing key. */
async function sealing(
  keys: Keys,
  { keyId, region }: EncryptWish,
  given: Readonly<Record<string, string>>,
  signed: boolean,
): Promise<{ readonly seal: Sealing; readonly keyArn: string }> {
  if (keyId === undefined) throw new CofferError('ValidationException', 'Choose the key to encrypt under.');
  const signing = signed ? newSigningKey() : undefined;
  const context = { ...given, ...(signing ? { [PUBLIC_KEY_CONTEXT]: signing.publicKey } : {}) };
  const { output } = await keys.engine.call(keys.callerIn(region), 'GenerateDataKey', {
    KeyId: keyId,
    NumberOfBytes: 32,
    EncryptionContext: context,
  });
  const { KeyId: arn, CiphertextBlob: ciphertext } = output;
  if (!arn || !ciphertext) throw new Error('GenerateDataKey answered without its key');
  return {
    seal: {
      dataKey: dataKeyOf(output.Plaintext),
      messageId: keys.environment.random.bytes(MESSAGE_ID_BYTES),
      context,
      edk: { providerId: 'aws-kms', providerInfo: arn, ciphertext },
      frameLength: FRAME_LENGTH,
      signingKey: signing?.privateKey,
    },
    keyArn: arn,
  };
}

/**
 * Has KMS open the data key of a message that is to take an original's place: whoever may encrypt under a key may perhaps not
 * decrypt, and would be left with nothing.
 * @throws CofferError of the engine, with what it means here.
 */
async function proveOpens({ engine, callerIn }: Keys, seal: Sealing, region: string): Promise<void> {
  try {
    const { output } = await engine.call(callerIn(region), 'Decrypt', {
      CiphertextBlob: seal.edk.ciphertext,
      KeyId: seal.edk.providerInfo,
      EncryptionContext: { ...seal.context },
    });
    const opened = dataKeyOf(output.Plaintext);
    const isSame = Buffer.compare(opened, seal.dataKey) === 0;
    opened.fill(0);
    if (!isSame) throw new CofferError('NotVerified', 'The new data key does not open as it was made.');
  } catch (error) {
    seal.dataKey.fill(0);
    seal.signingKey?.fill(0);
    if (!(error instanceof CofferError)) throw error;
    throw new CofferError(
      error.code,
      `What would be written could not be opened again, so the original was left as it is. ${error.message}`,
      error.details,
    );
  }
}

function dataKeyOf(plaintext: Uint8Array | undefined): Uint8Array {
  if (plaintext?.length !== 32)
    throw new CofferError('MessageDamaged', 'The encrypted file is damaged: its data key has the wrong length.');
  return new Uint8Array(plaintext);
}
