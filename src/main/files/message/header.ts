import { CofferError } from '../../../shared/kms/errors.ts';
import { openWith, sealWith, TAG_BYTES } from '../../crypto/aead.ts';
import { concat, equal, u32, utf8 } from '../../crypto/bytes.ts';
import { deriveKeys, isSuite, type SuiteId } from './suite.ts';

/**
 * The header of a message, version 2 ("AWS Encryption SDK message format reference"):
 *
 *   version 02 ‖ suite u16 ‖ message id (32) ‖ context length u16 ‖ context ‖ number of data keys u16 ‖ data keys
 *   ‖ content type 02 (framed) ‖ frame length u32 ‖ commitment (32) ‖ tag (16)
 *
 * The tag is AES-GCM's over all before it, with an empty plaintext and a nonce of zeros, which no frame has.
 */
export const MESSAGE_ID_BYTES = 32;
const COMMITMENT_BYTES = 32;
/** The format allows far more; no honest header does, and a forged one must not fill the memory. */
export const HEADER_MAX = 1 << 18;
const FRAMED = 2;
const ZERO_NONCE = new Uint8Array(12);
const EMPTY = new Uint8Array(0);

export interface EncryptedDataKey {
  readonly providerId: string;
  /** For `aws-kms` the key's ARN. */
  readonly providerInfo: string;
  readonly ciphertext: Uint8Array;
}

export interface MessageHeader {
  readonly suite: SuiteId;
  readonly messageId: Uint8Array;
  readonly context: Readonly<Record<string, string>>;
  readonly dataKeys: readonly EncryptedDataKey[];
  /** Plaintext bytes of every frame but the last. */
  readonly frameLength: number;
}

/** KMS keys of one message that are looked at: to try one is a call, on the record, and a forged header can name thousands. */
const KMS_KEYS_MAX = 64;

/** The data key as KMS keys sealed it, each of which opens the message; none when only other kinds of keys did. */
export const kmsKeysOf = ({ dataKeys }: MessageHeader): EncryptedDataKey[] =>
  dataKeys.filter(({ providerId }) => providerId === 'aws-kms').slice(0, KMS_KEYS_MAX);

const u16 = (value: number) => Uint8Array.of(value >> 8, value & 0xff);

function short(bytes: Uint8Array, what: string): Uint8Array {
  if (bytes.length > 0xffff) throw new CofferError('ContextTooLarge', `The ${what} is longer than a message can hold.`);
  return concat(u16(bytes.length), bytes);
}

function serialiseContext(context: Readonly<Record<string, string>>): Uint8Array {
  const pairs = Object.entries(context).map(([key, value]) => ({ key: utf8(key), value: utf8(value) }));
  if (pairs.length === 0) return EMPTY;
  pairs.sort((a, b) => Buffer.compare(a.key, b.key));
  return concat(
    u16(pairs.length),
    ...pairs.flatMap(({ key, value }) => [short(key, 'context key'), short(value, 'context value')]),
  );
}

/** Serialises and authenticates a header. @returns its bytes and the key of the frames. */
export function sealHeader(header: MessageHeader, dataKey: Uint8Array): { bytes: Uint8Array; key: Uint8Array } {
  const { key, commitment } = deriveKeys(header.suite, dataKey, header.messageId);
  const body = concat(
    Uint8Array.of(2),
    u16(header.suite),
    header.messageId,
    short(serialiseContext(header.context), 'encryption context'),
    u16(header.dataKeys.length),
    ...header.dataKeys.flatMap(({ providerId, providerInfo, ciphertext }) => [
      short(utf8(providerId), 'provider id'),
      short(utf8(providerInfo), 'provider information'),
      short(ciphertext, 'encrypted data key'),
    ]),
    Uint8Array.of(FRAMED),
    u32(header.frameLength),
    commitment,
  );
  // The nonce of zeros is used once: this key serves one message, and frames count from one.
  return { bytes: concat(body, sealWith(key, ZERO_NONCE, EMPTY, body)), key };
}

const malformed = (what: string) => new CofferError('MessageDamaged', `The encrypted file is damaged: ${what}.`);

class Cursor {
  readonly #bytes: Buffer;
  offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  take(length: number): Buffer {
    if (this.offset + length > this.#bytes.length) throw new Incomplete();
    this.offset += length;
    return this.#bytes.subarray(this.offset - length, this.offset);
  }

  u16(): number {
    return this.take(2).readUInt16BE(0);
  }

  text(what: string): string {
    try {
      // A byte order mark is part of the text: without it the context would not be the one that was authenticated.
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(this.take(this.u16()));
    } catch (error) {
      if (error instanceof Incomplete) throw error;
      throw malformed(`${what} is not text`);
    }
  }
}

class Incomplete extends Error {}

export interface ParsedHeader {
  readonly header: MessageHeader;
  /** What the tag authenticates. */
  readonly body: Uint8Array;
  readonly commitment: Uint8Array;
  readonly tag: Uint8Array;
  /** Bytes of the whole header. */
  readonly length: number;
}

/**
 * Parses the header at the start of `bytes`. Nothing in it is authentic before `openHeader`.
 * @throws CofferError `NotAnEncryptedMessage`, `UnsupportedMessage`, `MessageDamaged`.
 */
export function parseHeader(bytes: Uint8Array): ParsedHeader {
  const notOurs = new CofferError(
    'NotAnEncryptedMessage',
    'This is not a file encrypted by Coffer or an AWS Encryption SDK.',
  );
  const cursor = new Cursor(bytes);
  try {
    const version = cursor.take(1)[0];
    if (version === 1 && bytes[1] === 0x80) {
      throw new CofferError(
        'UnsupportedMessage',
        'This file has the older message format 1, which does not commit to its key. Encrypt it anew with format 2 to open it here.',
      );
    }
    if (version !== 2) throw notOurs;
    const suite = cursor.u16();
    if (suite >> 8 !== 0x04 && suite >> 8 !== 0x05) throw notOurs;
    if (!isSuite(suite))
      throw new CofferError(
        'UnsupportedMessage',
        `This file uses an algorithm suite that Coffer does not know (0x${suite.toString(16)}).`,
      );
    const messageId = new Uint8Array(cursor.take(MESSAGE_ID_BYTES));
    const context = parseContext(cursor);
    const dataKeys = Array.from({ length: cursor.u16() }, () => ({
      providerId: cursor.text('a provider id'),
      providerInfo: cursor.text('provider information'),
      ciphertext: new Uint8Array(cursor.take(cursor.u16())),
    }));
    if (dataKeys.length === 0) throw malformed('it holds no encrypted data key');
    const contentType = cursor.take(1)[0];
    if (contentType !== FRAMED) {
      throw new CofferError(
        'UnsupportedMessage',
        'This file is not framed: it would have to be held in memory whole, which Coffer does not do.',
      );
    }
    const frameLength = cursor.take(4).readUInt32BE(0);
    if (frameLength === 0) throw malformed('its frames have no length');
    const commitment = new Uint8Array(cursor.take(COMMITMENT_BYTES));
    const body = new Uint8Array(bytes.subarray(0, cursor.offset));
    const tag = new Uint8Array(cursor.take(TAG_BYTES));
    return {
      header: { suite, messageId, context, dataKeys, frameLength },
      body,
      commitment,
      tag,
      length: cursor.offset,
    };
  } catch (error) {
    if (error instanceof Incomplete) throw bytes.length < 3 ? notOurs : malformed('its header is cut off or too long');
    throw error;
  }
}

function parseContext(cursor: Cursor): Record<string, string> {
  const length = cursor.u16();
  if (length === 0) return {};
  const end = cursor.offset + length;
  const pairs = cursor.u16();
  const context = new Map<string, string>();
  for (let i = 0; i < pairs; i++) {
    const key = cursor.text('a context key');
    if (context.has(key)) throw malformed('a context key stands twice');
    context.set(key, cursor.text('a context value'));
  }
  if (cursor.offset !== end || pairs === 0) throw malformed('its context has the wrong length');
  return Object.fromEntries(context);
}

/** Checks the commitment, then the header's tag. @returns the key of the frames. @throws CofferError `MessageDamaged`. */
export function openHeader(parsed: ParsedHeader, dataKey: Uint8Array): Uint8Array {
  const { key, commitment } = deriveKeys(parsed.header.suite, dataKey, parsed.header.messageId);
  if (!equal(commitment, parsed.commitment)) throw malformed('it does not belong to its data key');
  if (!openWith(key, ZERO_NONCE, parsed.tag, parsed.body)) throw malformed('its header was altered');
  return key;
}
