import { open as openFile, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { CofferError } from '../../shared/kms/errors.ts';
import { TAG_BYTES } from '../crypto/aead.ts';
import { concat, equal, fromBase64, toBase64, u32, utf8 } from '../crypto/bytes.ts';
import { hkdf, SCRYPT_DEFAULT, scryptCostIsSane, stretch } from '../crypto/kdf.ts';
import { CHUNK_BYTES, StreamOpener, sealStream } from '../crypto/stream.ts';
import { Database } from './database.ts';
import { reasonOf } from './errors.ts';
import { salvageGenerations } from './generations.ts';
import { syncFolder } from './header.ts';
import { acquireLock } from './lock.ts';
import { parseRecoveryCode } from './recovery-code.ts';
import type { NewSlot, Unlock } from './slots.ts';
import { unlock, Vault, type VaultOptions } from './vault.ts';

/**
 * A backup: one file, sealed for a passphrase of its own.
 *
 *   file = "COFFERB1" ‖ length u32 ‖ header (JSON) ‖ STREAM chunks of: root key (32) ‖ database image
 *
 * The stream's key is scrypt(passphrase) narrowed by HKDF over the header, so an altered header opens nothing.
 */
const MAGIC = utf8('COFFERB1');
const HEADER_MAX = 4096;

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

async function keyOf(passphrase: string, header: Header, headerBytes: Uint8Array): Promise<Uint8Array> {
  const base = await stretch(passphrase, fromBase64(header.kdf.salt), header.kdf);
  const key = hkdf(base, headerBytes, 'coffer/v1/backup');
  base.fill(0);
  return key;
}

const damaged = (file: string) =>
  new CofferError('BackupDamaged', `The backup ${path.basename(file)} is damaged or cut off; nothing of it was used.`);

/**
 * Writes a backup of an open vault under a name that does not exist yet, reads it back and compares it.
 * @returns the bytes written.
 * @throws CofferError `BackupFailed`; no half file stays behind.
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
  const key = await keyOf(passphrase, header, headerBytes);
  const { rootKey, image } = await vault.contents();
  const payload = concat(rootKey, image);
  rootKey.fill(0);
  image.fill(0);
  const temporary = `${file}.tmp`;
  try {
    if (
      await stat(file).then(
        () => true,
        () => false,
      )
    )
      throw new CofferError('FileExists', `There is already a file ${file}.`);
    const handle = await openFile(temporary, 'wx', 0o600);
    try {
      await handle.writeFile(concat(MAGIC, u32(headerBytes.length), headerBytes));
      for (const chunk of sealStream(key, payload)) await handle.writeFile(chunk);
      await handle.sync();
    } finally {
      await handle.close();
    }
    const back = await openPayload(temporary, key);
    const same = equal(back.payload, payload);
    back.payload.fill(0);
    if (!same) throw damaged(file);
    await rename(temporary, file);
    await syncFolder(path.dirname(file));
    return back.bytes;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (error instanceof CofferError) throw error;
    throw new CofferError(
      'BackupFailed',
      `The backup could not be written to ${path.dirname(file)}: ${reasonOf(error)}. No half file was left.`,
    );
  } finally {
    payload.fill(0);
    key.fill(0);
  }
}

async function readHeader(file: string): Promise<{ header: Header; headerBytes: Uint8Array; sealed: Buffer }> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw new CofferError('BackupUnreadable', `The backup cannot be read: ${reasonOf(error)}.`);
  }
  if (!equal(bytes.subarray(0, 8), MAGIC) || bytes.length < 12)
    throw new CofferError('NotABackup', `${path.basename(file)} is not a Coffer backup.`);
  const length = bytes.readUInt32BE(8);
  if (length > HEADER_MAX || bytes.length < 12 + length) throw damaged(file);
  const headerBytes = new Uint8Array(bytes.subarray(12, 12 + length));
  try {
    const header = Header.parse(JSON.parse(new TextDecoder().decode(headerBytes)));
    if (!scryptCostIsSane(header.kdf)) throw new RangeError();
    fromBase64(header.kdf.salt);
    return { header, headerBytes, sealed: bytes.subarray(12 + length) };
  } catch {
    throw damaged(file);
  }
}

function openChunks(sealed: Buffer, key: Uint8Array): Uint8Array | 'wrong key' | 'damaged' {
  const opener = new StreamOpener(key);
  const step = CHUNK_BYTES + TAG_BYTES;
  const chunks = Math.ceil(sealed.length / step);
  const payload = new Uint8Array(Math.max(0, sealed.length - chunks * TAG_BYTES));
  let filled = 0;
  for (let i = 0; i < chunks; i++) {
    const chunk = opener.open(sealed.subarray(i * step, (i + 1) * step), i === chunks - 1);
    if (!chunk) return i === 0 ? 'wrong key' : 'damaged';
    payload.set(chunk, filled);
    filled += chunk.length;
  }
  return chunks === 0 ? 'damaged' : payload;
}

async function openPayload(file: string, key: Uint8Array): Promise<{ payload: Uint8Array; bytes: number }> {
  const { sealed, headerBytes } = await readHeader(file);
  const payload = openChunks(sealed, key);
  if (typeof payload === 'string') throw damaged(file);
  return { payload, bytes: 12 + headerBytes.length + sealed.length };
}

/**
 * Restores a backup into a new or empty folder, with the backup's passphrase and a new recovery code as ways in, and
 * leaves the vault locked.
 * @throws CofferError `WrongPassphrase`, `BackupDamaged`, `NotABackup`, `BackupUnreadable`, `FolderNotEmpty`.
 */
export async function restoreBackup(
  file: string,
  passphrase: string,
  dir: string,
  options: VaultOptions,
): Promise<void> {
  const { header, headerBytes, sealed } = await readHeader(file);
  const key = await keyOf(passphrase, header, headerBytes);
  const payload = openChunks(sealed, key);
  key.fill(0);
  if (payload === 'wrong key') {
    throw new CofferError('WrongPassphrase', 'That passphrase does not open this backup, or its beginning is damaged.');
  }
  if (payload === 'damaged') throw damaged(file);
  const identity = { name: header.name, vaultId: header.vaultId, rootKey: payload.slice(0, 32) };
  const db = await Database.open(payload.slice(32));
  payload.fill(0);
  const ways: NewSlot[] = [{ kind: 'passphrase', secret: passphrase }];
  const vault = await Vault.adopt(dir, options, identity, ways, db);
  await vault.close();
}

/**
 * Copies what is whole of a damaged vault into a new or empty folder. The passphrase or recovery code that opened the damaged
 * one opens the copy; a keychain alone is not enough, since a vault needs another way in.
 * @throws as `unlock`, and VaultDamaged when the snapshot itself is lost.
 */
export async function salvageVault(
  damagedDir: string,
  way: Exclude<Unlock, { kind: 'keychain' }>,
  dir: string,
  options: VaultOptions,
): Promise<{ recoveredRecords: number; lost: string }> {
  const lock = await acquireLock(damagedDir);
  try {
    const { root, header } = await unlock(damagedDir, options, way);
    const { db, records, damage } = await salvageGenerations(
      { dir: damagedDir, vaultId: header.vaultId, root },
      header.generation,
    );
    const identity = { name: header.name, vaultId: header.vaultId, rootKey: root.copy() };
    root.destroy();
    const slot: NewSlot =
      way.kind === 'passphrase'
        ? { kind: 'passphrase', secret: way.secret }
        : { kind: 'recovery', code: parseRecoveryCode(way.secret) };
    const vault = await Vault.adopt(dir, options, identity, [slot], db);
    await vault.close();
    return { recoveredRecords: records, lost: damage?.message ?? '' };
  } finally {
    await lock.release();
  }
}
