import { open as openFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Progress } from '../../shared/progress.ts';
import { TAG_BYTES } from '../crypto/aead.ts';
import { concat, framed, u64, utf8 } from '../crypto/bytes.ts';
import { hkdf } from '../crypto/kdf.ts';
import { CHUNK_BYTES, StreamOpener, sealStream, streamLength } from '../crypto/stream.ts';
import type { Random } from '../environment.ts';
import { VaultDamaged } from './errors.ts';
import { syncFolder, writePieces } from './files.ts';
import { newImage } from './image.ts';
import type { Position } from './journal.ts';
import type { RootKey } from './keys.ts';

/**
 * A snapshot: the whole database image at one position of the journal.
 *
 *   file = "COFFERS1" ‖ generation u64 ‖ sequence u64 ‖ chain (32) ‖ length u64 ‖ salt (32) ‖ STREAM chunks
 *
 * The stream's key is derived from the root key with all of that header as context, so a header that was altered opens
 * nothing; the salt makes the key serve this one message.
 */
const MAGIC = utf8('COFFERS1');
const HEADER_BYTES = 8 + 8 + 8 + 32 + 8 + 32;

export interface SnapshotIdentity {
  readonly vaultId: string;
  readonly generation: number;
  readonly root: RootKey;
}

function streamKey({ vaultId, root }: SnapshotIdentity, header: Uint8Array): Uint8Array {
  const base = root.derive('snapshot');
  const key = hkdf(base, framed(vaultId, header), 'coffer/v1/snapshot-stream');
  base.fill(0);
  return key;
}

/**
 * Writes a snapshot beside its final name, syncs it and renames it. Between chunks the event loop runs, so commits go on.
 * @throws what the file system answers, or the signal's reason; then nothing stays.
 */
export async function writeSnapshot(
  file: string,
  identity: SnapshotIdentity,
  at: Position,
  image: Uint8Array,
  random: Random,
  progress: Progress = {},
): Promise<number> {
  const header = concat(
    MAGIC,
    u64(identity.generation),
    u64(at.sequence),
    at.chain,
    u64(image.length),
    random.bytes(32),
  );
  const key = streamKey(identity, header);
  const temporary = `${file}.tmp`;
  const handle = await openFile(temporary, 'w', 0o600);
  try {
    await handle.writeFile(header);
    await writePieces(handle, sealStream(key, image), streamLength(image.length), progress);
  } catch (error) {
    await handle.close();
    await rm(temporary, { force: true });
    throw error;
  } finally {
    key.fill(0);
  }
  await handle.close();
  await rename(temporary, file);
  await syncFolder(path.dirname(file));
  return HEADER_BYTES + streamLength(image.length);
}

/**
 * Reads a snapshot into one buffer, with room behind it for what is written next.
 * @throws VaultDamaged when any byte of it is not what was written; the signal's reason.
 */
export async function readSnapshot(
  file: string,
  identity: SnapshotIdentity,
  { signal, onProgress }: Progress = {},
): Promise<{ image: Uint8Array<ArrayBuffer>; at: Position; bytes: number }> {
  const damaged = (what: string) => new VaultDamaged(`${what} (snapshot ${identity.generation})`, { file });
  const handle = await openFile(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw damaged('the snapshot is missing');
    throw error;
  });
  try {
    const size = (await handle.stat()).size;
    const header = Buffer.alloc(HEADER_BYTES);
    if ((await handle.read(header, 0, HEADER_BYTES, 0)).bytesRead < HEADER_BYTES)
      throw damaged('the snapshot is cut off');
    const length = Number(header.readBigUInt64BE(56));
    if (!header.subarray(0, 8).equals(MAGIC) || Number(header.readBigUInt64BE(8)) !== identity.generation) {
      throw damaged('the snapshot does not begin as it should');
    }
    if (!Number.isSafeInteger(length) || size !== HEADER_BYTES + streamLength(length))
      throw damaged('the snapshot has the wrong size');
    const key = streamKey(identity, header);
    const opener = new StreamOpener(key);
    const image = newImage(length);
    const sealed = Buffer.allocUnsafe(CHUNK_BYTES + TAG_BYTES);
    let offset = HEADER_BYTES;
    let filled = 0;
    try {
      do {
        signal?.throwIfAborted();
        const want = Math.min(sealed.length, size - offset);
        const { bytesRead } = await handle.read(sealed, 0, want, offset);
        offset += bytesRead;
        const chunk = bytesRead === want ? opener.open(sealed.subarray(0, want), offset === size) : null;
        if (!chunk) throw damaged('the snapshot was altered');
        image.set(chunk, filled);
        filled += chunk.length;
        onProgress?.(offset, size);
      } while (offset < size);
    } catch (error) {
      image.fill(0);
      throw error;
    } finally {
      key.fill(0);
    }
    const at = { sequence: Number(header.readBigUInt64BE(16)), chain: new Uint8Array(header.subarray(24, 56)) };
    return { image, at, bytes: size };
  } finally {
    await handle.close();
  }
}
