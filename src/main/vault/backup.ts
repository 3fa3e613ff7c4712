import { randomUUID } from 'node:crypto';
import { type FileHandle, open as openFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { CofferError } from '../../shared/kms/errors.ts';
import { TAG_BYTES } from '../crypto/aead.ts';
import { concat, equal, fromBase64, toBase64, u32, utf8 } from '../crypto/bytes.ts';
import { hkdf, SCRYPT_DEFAULT, scryptCostIsSane, stretch } from '../crypto/kdf.ts';
import { CHUNK_BYTES, StreamOpener, sealStream } from '../crypto/stream.ts';
import { Database } from './database.ts';
import { reasonOf } from './errors.ts';
import { syncFolder } from './files.ts';
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

const damaged = (file: string) =>
  new CofferError('BackupDamaged', `The backup ${path.basename(file)} is damaged or cut off; nothing of it was used.`);

/**
 * Writes a backup of an open vault under a name that does not exist yet, reads it back and compares it.
 * @returns the bytes written.
 * @throws CofferError `FileExists`, `BackupFailed`, `VaultLocked`; no half file stays behind.
 */
export async function writeBackup(
  vault: Vault,
  options: VaultOptions,
  file: string,
  passphrase: string,
): Promise<number> {
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
  const payload = await vault.contents().then(({ rootKey, image }) => {
    const joined = concat(rootKey, image);
    rootKey.fill(0);
    image.fill(0);
    return joined;
  });
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    const taken = await stat(file).catch(() => undefined);
    if (taken) throw new CofferError('FileExists', `There is already a file ${file}.`);
    const handle = await openFile(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(concat(MAGIC, u32(headerBytes.length), headerBytes, keys.check));
      for (const chunk of sealStream(keys.stream, payload)) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const bytes = await verify(temporary, headerBytes, keys, payload);
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
    return bytes;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (error instanceof CofferError) throw error;
    throw new CofferError(
      'BackupFailed',
      `The backup could not be written to ${path.dirname(file)}: ${reasonOf(error)}. No half file was left.`,
    );
  } finally {
    payload.fill(0);
    keys.stream.fill(0);
  }
}

/** Reads a backup just written and compares it with what it is made of. Returns its size. @throws CofferError `BackupFailed`. */
async function verify(file: string, headerBytes: Uint8Array, keys: Keys, payload: Uint8Array): Promise<number> {
  let size = 0;
  const same = await readBackup(file, async (backup) => {
    size = backup.size;
    if (!equal(backup.headerBytes, headerBytes) || !equal(backup.check, keys.check)) return false;
    let compared = 0;
    for await (const chunk of backup.chunks(keys.stream)) {
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
  /** The payload piece by piece. @throws CofferError `BackupDamaged`. */
  chunks(key: Uint8Array): AsyncGenerator<Uint8Array>;
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
    throw new CofferError('BackupUnreadable', `The backup cannot be read: ${reasonOf(error)}.`);
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
    async *chunks(key) {
      const opener = new StreamOpener(key);
      for (let offset = begin; offset < size; offset += SEALED_CHUNK) {
        const sealed = await readExactly(handle, Math.min(SEALED_CHUNK, size - offset), offset);
        const chunk = sealed && opener.open(sealed, offset + sealed.length === size);
        if (!chunk) throw damaged(file);
        yield chunk;
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
 * @throws CofferError `WrongPassphrase`, `BackupDamaged`, `NotABackup`, `BackupUnreadable`, `VaultTooNew`, and as `Vault.adopt`.
 */
export async function restoreBackup(
  file: string,
  passphrase: string,
  dir: string,
  options: VaultOptions,
): Promise<void> {
  const { header, payload } = await readBackup(file, (backup) => openBackup(file, backup, passphrase));
  const identity = { name: header.name, vaultId: header.vaultId, rootKey: payload.slice(0, ROOT_KEY_BYTES) };
  payload.fill(0, 0, ROOT_KEY_BYTES);
  // Zeroes the payload, too.
  const db = await Database.open(payload.subarray(ROOT_KEY_BYTES));
  const vault = await Vault.adopt(dir, options, identity, [{ kind: 'passphrase', secret: passphrase }], db);
  await vault.close();
}

async function openBackup(
  file: string,
  backup: Backup,
  passphrase: string,
): Promise<{ header: Header; payload: Uint8Array }> {
  const { header, headerBytes, payloadBytes } = backup;
  const keys = await keysOf(passphrase, header, headerBytes);
  try {
    if (!equal(keys.check, backup.check))
      throw new CofferError(
        'WrongPassphrase',
        'That passphrase does not open this backup, or its beginning is damaged.',
      );
    const payload = new Uint8Array(payloadBytes);
    let filled = 0;
    for await (const chunk of backup.chunks(keys.stream)) {
      payload.set(chunk, filled);
      filled += chunk.length;
      chunk.fill(0);
    }
    if (filled !== payloadBytes) throw damaged(file);
    return { header, payload };
  } finally {
    keys.stream.fill(0);
  }
}
