import { randomUUID } from 'node:crypto';
import { type FileHandle, open as openFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { CofferError } from '../../shared/kms/errors.ts';
import { type Progress, partOf } from '../../shared/progress.ts';
import { TAG_BYTES } from '../crypto/aead.ts';
import { concat, equal, fromBase64, toBase64, u32, utf8 } from '../crypto/bytes.ts';
import { hkdf, SCRYPT_DEFAULT, scryptCostIsSane, stretch } from '../crypto/kdf.ts';
import { CHUNK_BYTES, type Message, StreamOpener, sealStream, streamLength } from '../crypto/stream.ts';
import { Database } from './database.ts';
import { readReasonOf, reasonOf } from './errors.ts';
import { syncFolder, writePieces } from './files.ts';
import { newImage } from './image.ts';
import { claimName } from './new-file.ts';
import { Vault, type VaultOptions } from './vault.ts';

/**
 * A backup: one file, sealed for a passphrase of its own.
 *
 *   file = "COFFERB1" ‖ length u32 ‖ header (JSON) ‖ check (32) ‖ STREAM chunks of: root key (32) ‖ database image
 *
 * The stream's key and the check are scrypt(passphrase) narrowed by HKDF over the header, so an altered header opens nothing.
 * The check tells a wrong passphrase from damage, and commits the file to one key, which AES-GCM by itself does not.
 */
const MAGIC = utf8('COFFERB1');
const HEADER_MAX = 4096;
const CHECK_BYTES = 32;
const ROOT_KEY_BYTES = 32;
const SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES;

const Header = z.strictObject({
  format: z.literal(1),
  vaultId: z.uuid(),
  name: z.string(),
  createdAt: z.number().int(),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    N: z.number().int(),
    r: z.number().int(),
    p: z.number().int(),
    salt: z.base64().max(64),
  }),
});
type Header = z.output<typeof Header>;

interface Keys {
  readonly stream: Uint8Array;
  readonly check: Uint8Array;
}

async function keysOf(passphrase: string, header: Header, headerBytes: Uint8Array): Promise<Keys> {
  const base = await stretch(passphrase, fromBase64(header.kdf.salt), header.kdf);
  const stream = hkdf(base, headerBytes, 'coffer/v1/backup');
  const check = hkdf(base, headerBytes, 'coffer/v1/backup-check', CHECK_BYTES);
  base.fill(0);
  return { stream, check };
}

const fileExists = (file: string) => new CofferError('FileExists', `There is already a file ${file}.`);
const damaged = (file: string) =>
  new CofferError('BackupDamaged', `The backup ${path.basename(file)} is damaged or cut off; nothing of it was used.`);

/**
 * Writes a backup of an open vault under a name that does not exist yet, reads it back and compares it.
 * @returns the bytes written.
 * @throws CofferError `FileExists`, `BackupFailed`, `VaultLocked`, or the signal's reason; no half file stays behind.
 */
export async function writeBackup(
  vault: Vault,
  options: VaultOptions,
  file: string,
  passphrase: string,
  progress: Progress = {},
): Promise<number> {
  const { signal } = progress;
  signal?.throwIfAborted();
  const cost = options.scrypt ?? SCRYPT_DEFAULT;
  const header: Header = {
    format: 1,
    vaultId: vault.id,
    name: vault.name,
    createdAt: options.clock.now(),
    kdf: { name: 'scrypt', N: cost.N, r: cost.r, p: cost.p, salt: toBase64(options.random.bytes(16)) },
  };
  const headerBytes = utf8(JSON.stringify(header));
  const keys = await keysOf(passphrase, header, headerBytes);
  try {
    signal?.throwIfAborted();
    const { rootKey, image } = await vault.contents();
    try {
      return await writeWhole(file, { headerBytes, keys, payload: joined(rootKey, image) }, progress);
    } finally {
      rootKey.fill(0);
      image.fill(0);
    }
  } finally {
    keys.stream.fill(0);
  }
}

/** Two parts one behind the other, without the long one being copied: for a large vault that would stop everything for a while. */
const joined = (first: Uint8Array, second: Uint8Array): Message => ({
  length: first.length + second.length,
  subarray: (begin, end) => {
    const [from, to] = [begin - first.length, end - first.length];
    return from >= 0
      ? second.subarray(from, to)
      : concat(first.subarray(begin, end), second.subarray(0, Math.max(0, to)));
  },
});

interface Content {
  readonly headerBytes: Uint8Array;
  readonly keys: Keys;
  readonly payload: Message;
}

/** Writes the file of a backup, which gets its name once it was read back. */
async function writeWhole(file: string, content: Content, progress: Progress): Promise<number> {
  const { headerBytes, keys, payload } = content;
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const taken = await stat(file).catch(() => undefined);
    if (taken) throw fileExists(file);
    const handle = await openFile(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(concat(MAGIC, u32(headerBytes.length), headerBytes, keys.check));
      const pieces = sealStream(keys.stream, payload);
      await writePieces(handle, pieces, streamLength(payload.length), partOf(progress, 0, 2));
    } finally {
      await handle.close();
    }
    const bytes = await verify(temporary, content, partOf(progress, 1, 2));
    // Once it has its name it is a backup like any other: to be told to stop is too late then.
    progress.signal?.throwIfAborted();
    if (!(await claimName(temporary, file))) throw fileExists(file);
    await syncFolder(path.dirname(file));
    return bytes;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (error instanceof CofferError) throw error;
    throw new CofferError(
      'BackupFailed',
      `The backup could not be written to ${path.dirname(file)}: ${reasonOf(error)}. No half file was left.`,
    );
  }
}

/**
 * Reads a backup just written and compares it with what it is made of. Returns its size.
 * @throws CofferError `BackupFailed`, or the signal's reason.
 */
async function verify(file: string, { headerBytes, keys, payload }: Content, progress: Progress): Promise<number> {
  let size = 0;
  const same = await readBackup(file, async (backup) => {
    size = backup.size;
    if (!equal(backup.headerBytes, headerBytes) || !equal(backup.check, keys.check)) return false;
    let compared = 0;
    for await (const chunk of backup.chunks(keys.stream, progress)) {
      const whole = equal(chunk, payload.subarray(compared, compared + chunk.length));
      compared += chunk.length;
      chunk.fill(0);
      if (!whole) return false;
    }
    return compared === payload.length;
  });
  if (same) return size;
  throw new CofferError('BackupFailed', 'The backup that was written does not read back as it should. It was removed.');
}

interface Backup {
  readonly header: Header;
  readonly headerBytes: Uint8Array;
  readonly check: Uint8Array;
  /** Of the whole file, and of the payload it claims to hold, in bytes. */
  readonly size: number;
  readonly payloadBytes: number;
  /** The payload piece by piece. @throws CofferError `BackupDamaged`, or the signal's reason. */
  chunks(key: Uint8Array, progress: Progress): AsyncGenerator<Uint8Array>;
}

async function readExactly(handle: FileHandle, length: number, position: number): Promise<Buffer | undefined> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await handle.read(bytes, 0, length, position);
  return bytesRead === length ? bytes : undefined;
}

/**
 * Reads the head of a backup and lets `use` go on with it. Only as much as needed is read, so that a file that is something
 * else, however large, is refused at once.
 */
async function readBackup<T>(file: string, use: (backup: Backup) => Promise<T>): Promise<T> {
  let handle: FileHandle | undefined;
  try {
    handle = await openFile(file, 'r');
    return await use(await readHead(file, handle));
  } catch (error) {
    if (error instanceof CofferError) throw error;
    throw new CofferError('BackupUnreadable', `The backup cannot be read: ${readReasonOf(error)}.`);
  } finally {
    await handle?.close();
  }
}

async function readHead(file: string, handle: FileHandle): Promise<Backup> {
  const { size } = await handle.stat();
  const lead = await readExactly(handle, MAGIC.length + 4, 0);
  if (!lead || !equal(lead.subarray(0, MAGIC.length), MAGIC))
    throw new CofferError('NotABackup', `${path.basename(file)} is not a Coffer backup.`);
  const length = lead.readUInt32BE(MAGIC.length);
  const head = length <= HEADER_MAX ? await readExactly(handle, length + CHECK_BYTES, lead.length) : undefined;
  if (!head) throw damaged(file);
  const begin = lead.length + head.length;
  const count = Math.ceil((size - begin) / SEALED_CHUNK);
  const payloadBytes = size - begin - count * TAG_BYTES;
  if (payloadBytes < ROOT_KEY_BYTES) throw damaged(file);
  const headerBytes = new Uint8Array(head.subarray(0, length));
  return {
    header: parseHeader(file, headerBytes),
    headerBytes,
    check: new Uint8Array(head.subarray(length)),
    size,
    payloadBytes,
    async *chunks(key, { signal, onProgress }) {
      const opener = new StreamOpener(key);
      for (let offset = begin; offset < size; offset += SEALED_CHUNK) {
        signal?.throwIfAborted();
        const sealed = await readExactly(handle, Math.min(SEALED_CHUNK, size - offset), offset);
        const chunk = sealed && opener.open(sealed, offset + sealed.length === size);
        if (!chunk) throw damaged(file);
        yield chunk;
        onProgress?.(offset + sealed.length - begin, size - begin);
      }
    },
  };
}

function parseHeader(file: string, bytes: Uint8Array): Header {
  try {
    const header = Header.parse(JSON.parse(new TextDecoder().decode(bytes)));
    if (!scryptCostIsSane(header.kdf)) throw new RangeError();
    fromBase64(header.kdf.salt);
    return header;
  } catch {
    throw damaged(file);
  }
}

/**
 * Restores a backup into a new or empty folder, with the backup's passphrase as its one way in, and leaves the vault locked.
 * @throws CofferError `WrongPassphrase`, `BackupDamaged`, `NotABackup`, `BackupUnreadable`, `VaultTooNew`, and as `Vault.adopt`; then
 * nothing is left in the folder.
 */
export async function restoreBackup(
  file: string,
  passphrase: string,
  dir: string,
  options: VaultOptions,
  progress: Progress = {},
): Promise<void> {
  const reading = partOf(progress, 0, 2);
  const { header, rootKey, image } = await readBackup(file, (backup) => openBackup(file, backup, passphrase, reading));
  const identity = { name: header.name, vaultId: header.vaultId, rootKey };
  const db = await Database.adopt(image);
  const ways = [{ kind: 'passphrase', secret: passphrase }] as const;
  const vault = await Vault.adopt(dir, options, identity, ways, db, partOf(progress, 1, 2));
  await vault.close();
}

async function openBackup(
  file: string,
  backup: Backup,
  passphrase: string,
  progress: Progress,
): Promise<{ header: Header; rootKey: Uint8Array; image: Uint8Array<ArrayBuffer> }> {
  const { header, headerBytes, payloadBytes } = backup;
  const keys = await keysOf(passphrase, header, headerBytes);
  const rootKey = new Uint8Array(ROOT_KEY_BYTES);
  let image: Uint8Array<ArrayBuffer> | undefined;
  try {
    if (!equal(keys.check, backup.check))
      throw new CofferError(
        'WrongPassphrase',
        'That passphrase does not open this backup, or its beginning is damaged.',
      );
    image = newImage(payloadBytes - ROOT_KEY_BYTES);
    let filled = 0;
    for await (const chunk of backup.chunks(keys.stream, progress)) {
      const own = filled === 0 ? ROOT_KEY_BYTES : 0;
      rootKey.set(chunk.subarray(0, own));
      image.set(chunk.subarray(own), Math.max(0, filled - ROOT_KEY_BYTES));
      filled += chunk.length;
      chunk.fill(0);
    }
    if (filled !== payloadBytes) throw damaged(file);
    return { header, rootKey, image };
  } catch (error) {
    rootKey.fill(0);
    image?.fill(0);
    throw error;
  } finally {
    keys.stream.fill(0);
  }
}
