import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open as openFile, rm } from 'node:fs/promises';
import { CofferError } from '../../shared/kms/errors.ts';
import { open, SEAL_OVERHEAD, seal } from '../crypto/aead.ts';
import { concat, equal, framed, u32, u64, utf8 } from '../crypto/bytes.ts';
import { hmac } from '../crypto/kdf.ts';
import type { Random } from '../environment.ts';
import type { JournaledStatement } from './database.ts';
import { VaultDamaged } from './errors.ts';
import type { RootKey } from './keys.ts';
import { StatementDecoder, StatementEncoder } from './statements.ts';
import { takeTurns } from './turns.ts';

/**
 * The journal: one sealed frame a committed transaction.
 *
 *   file   = "COFFERJ1" ‖ generation u64 ‖ frame*
 *   frame  = length u32 ‖ check (16) ‖ body (length) ‖ end (0xff)
 *   check  = HMAC-SHA-256(check key, chain ‖ sequence u64 ‖ length u32), cut to 16 bytes
 *   body   = AES-256-GCM(journal key, random nonce, kind ‖ statements) with AAD = vault id, generation, sequence, chain
 *   chain' = SHA-256(chain ‖ body)
 *
 * The check tells a length that was altered (damage) from a frame that was cut off by a power cut (a torn tail): only the
 * latter can be the end of an honest journal. The end byte does the same where a file system grew the file before it wrote
 * the data: it is zero there, whatever the tag is, and no single turned bit makes it so. Keys are derived per generation, so 2^32 random nonces a key are never near.
 * The last frame of a journal that was succeeded by another says so; the chain goes on in the successor.
 */
const MAGIC = utf8('COFFERJ1');
export const JOURNAL_HEADER_BYTES = 16;
const CHECK_BYTES = 16;
const PREFIX_BYTES = 4 + CHECK_BYTES;
const END = 0xff;
/** No honest transaction comes near this. */
const FRAME_MAX = 2 ** 28;
const KIND_TRANSACTION = 1;
const KIND_SUCCEEDED = 2;

/** Where a journal stands: the next frame's number and the chain value it will be bound to. */
export interface Position {
  readonly sequence: number;
  readonly chain: Uint8Array;
}

class FrameCipher {
  readonly #key: Uint8Array;
  readonly #checkKey: Uint8Array;
  /** The additional data of a frame; all but the frame's own place is the same for the whole file. */
  readonly #aad: Uint8Array;
  readonly #aadView: DataView;
  readonly #placeAt: number;

  constructor(root: RootKey, vaultId: string, generation: number) {
    this.#key = root.derive(`journal/${generation}`);
    this.#checkKey = root.derive(`journal-check/${generation}`);
    this.#aad = framed(vaultId, u64(generation), new Uint8Array(8), new Uint8Array(32));
    this.#aadView = new DataView(this.#aad.buffer);
    this.#placeAt = this.#aad.length - (8 + 4 + 32);
  }

  /** Valid until the next call. */
  #aadOf(at: Position): Uint8Array {
    this.#aadView.setBigUint64(this.#placeAt, BigInt(at.sequence));
    this.#aad.set(at.chain, this.#placeAt + 8 + 4);
    return this.#aad;
  }

  check(at: Position, length: number): Uint8Array {
    return hmac(this.#checkKey, at.chain, u64(at.sequence), u32(length)).subarray(0, CHECK_BYTES);
  }

  seal(at: Position, plaintext: Uint8Array, random: Random): { frame: Uint8Array; next: Position } {
    const body = seal(this.#key, random.bytes(12), plaintext, this.#aadOf(at));
    return {
      frame: concat(u32(body.length), this.check(at, body.length), body, Uint8Array.of(END)),
      next: this.next(at, body),
    };
  }

  open(at: Position, body: Uint8Array): Uint8Array | null {
    return open(this.#key, body, this.#aadOf(at));
  }

  next(at: Position, body: Uint8Array): Position {
    return {
      sequence: at.sequence + 1,
      chain: new Uint8Array(createHash('sha256').update(at.chain).update(body).digest()),
    };
  }

  destroy(): void {
    this.#key.fill(0);
    this.#checkKey.fill(0);
  }
}

export interface Replayed {
  readonly records: number;
  /** Where the whole frames end. */
  readonly wholeBytes: number;
  /** Bytes after them that a crash or power cut left behind. */
  readonly tornBytes: number;
  readonly position: Position;
  readonly succeeded: boolean;
  readonly decoder: StatementDecoder;
}

export interface ReplaySource {
  readonly path: string;
  readonly vaultId: string;
  readonly generation: number;
  readonly root: RootKey;
  readonly from: Position;
}

/**
 * Reads a journal from its start and hands every transaction to `apply`, in order and in turns of the event loop.
 * @throws VaultDamaged with the number of whole records before the damage in `details.wholeRecords`; the signal's reason.
 */
export async function replay(
  source: ReplaySource,
  apply: (statements: JournaledStatement[]) => void,
  signal?: AbortSignal,
): Promise<Replayed> {
  const { path, vaultId, generation, root } = source;
  const file = await openFile(path, constants.O_RDONLY).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new VaultDamaged(`journal ${generation} is missing`, { file: path });
    throw error;
  });
  let bytes: Buffer;
  try {
    bytes = await file.readFile();
  } finally {
    await file.close();
  }
  let records = 0;
  const damaged = (what: string) =>
    new VaultDamaged(`${what} (journal ${generation}, after ${records} whole records)`, {
      file: path,
      wholeRecords: records,
    });
  if (!equal(bytes.subarray(0, JOURNAL_HEADER_BYTES), concat(MAGIC, u64(generation))))
    throw damaged('the journal does not begin as it should');

  const decoder = new StatementDecoder();
  const cipher = new FrameCipher(root, vaultId, generation);
  let at = source.from;
  let offset = JOURNAL_HEADER_BYTES;
  let succeeded = false;
  const torn = () => ({
    records,
    wholeBytes: offset,
    tornBytes: bytes.length - offset,
    position: at,
    succeeded,
    decoder,
  });
  const turn = takeTurns();
  try {
    while (offset < bytes.length) {
      await turn();
      signal?.throwIfAborted();
      if (succeeded) throw damaged('the journal goes on after its end');
      const rest = bytes.subarray(offset);
      // A file system may have grown the file without writing the data before the power went.
      if (rest.length < PREFIX_BYTES || isUnwritten(rest)) return torn();
      const length = rest.readUInt32BE(0);
      if (!equal(rest.subarray(4, PREFIX_BYTES), cipher.check(at, length))) {
        if (isUnwritten(rest.subarray(PREFIX_BYTES))) return torn();
        throw damaged('a record was altered');
      }
      if (length < SEAL_OVERHEAD + 1 || length > FRAME_MAX) throw damaged('a record has an impossible length');
      const end = PREFIX_BYTES + length;
      if (rest.length <= end || isUnwritten(rest.subarray(end))) return torn();
      const body = rest.subarray(PREFIX_BYTES, end);
      const plaintext = rest[end] === END ? cipher.open(at, body) : null;
      if (!plaintext) throw damaged('a record was altered');
      try {
        if (plaintext[0] === KIND_SUCCEEDED) succeeded = true;
        else if (plaintext[0] === KIND_TRANSACTION) {
          apply(decoder.decode(plaintext.subarray(1)));
          records++;
        } else throw new RangeError('a record has an unknown kind');
      } catch (error) {
        throw damaged(error instanceof RangeError ? error.message : 'a record could not be applied');
      }
      at = cipher.next(at, body);
      offset += end + 1;
    }
  } finally {
    cipher.destroy();
  }
  return torn();
}

/**
 * Whether nothing but zeros follows to the end of the file: blocks that were allocated and never written when the power went.
 * No sealed body looks so.
 */
function isUnwritten(rest: Uint8Array): boolean {
  return rest.every((byte) => byte === 0);
}

/** A journal open for appending. One writer at a time; the vault's commit loop is it. */
export class Journal {
  readonly generation: number;
  readonly path: string;
  readonly #file: FileHandle;
  readonly #cipher: FrameCipher;
  readonly #random: Random;
  readonly #encoder = new StatementEncoder();
  #at: Position;
  #bytes: number;
  /** Bytes of a write that failed may still stand behind the end. */
  #untidy = false;

  private constructor(source: ReplaySource, file: FileHandle, random: Random, at: Position, bytes: number) {
    this.generation = source.generation;
    this.path = source.path;
    this.#file = file;
    this.#cipher = new FrameCipher(source.root, source.vaultId, source.generation);
    this.#random = random;
    this.#at = at;
    this.#bytes = bytes;
  }

  /** Makes a new journal file and syncs it; the caller syncs the directory. */
  static async create(source: ReplaySource, random: Random): Promise<Journal> {
    const file = await openFile(source.path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
    try {
      await file.writeFile(concat(MAGIC, u64(source.generation)));
      await file.datasync();
    } catch (error) {
      await file.close();
      await rm(source.path, { force: true }).catch(() => undefined);
      throw error;
    }
    return new Journal(source, file, random, source.from, JOURNAL_HEADER_BYTES);
  }

  /**
   * Goes on where a replay ended, cutting off a torn tail. What was replayed is synced first: the process that wrote it may
   * have died before it could, and from now on answers are built on it.
   */
  static async continue(source: ReplaySource, replayed: Replayed, random: Random): Promise<Journal> {
    const file = await openFile(source.path, constants.O_RDWR);
    try {
      if (replayed.tornBytes > 0) await file.truncate(replayed.wholeBytes);
      await file.sync();
    } catch (error) {
      await file.close();
      throw error;
    }
    const journal = new Journal(source, file, random, replayed.position, replayed.wholeBytes);
    journal.#encoder.continueFrom(replayed.decoder);
    return journal;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get position(): Position {
    return this.#at;
  }

  /**
   * Seals transactions as frames, appends them in one write and syncs. On failure the file is as before, or is made so before
   * anything else is written.
   * @throws CofferError `TransactionTooLarge`, or what the file system answers.
   */
  async append(transactions: readonly (readonly JournaledStatement[])[]): Promise<void> {
    const mark = this.#encoder.mark();
    const frames: Uint8Array[] = [];
    let at = this.#at;
    for (const statements of transactions) {
      const plaintext = concat(Uint8Array.of(KIND_TRANSACTION), this.#encoder.encode(statements));
      if (plaintext.length > FRAME_MAX - SEAL_OVERHEAD) {
        this.#encoder.forget(mark);
        throw new CofferError('TransactionTooLarge', 'The request changes too much at once. Nothing was changed.');
      }
      const sealed = this.#cipher.seal(at, plaintext, this.#random);
      frames.push(sealed.frame);
      at = sealed.next;
    }
    try {
      await this.#write(concat(...frames));
    } catch (error) {
      this.#encoder.forget(mark);
      throw error;
    }
    this.#at = at;
  }

  /** Seals the frame that ends this journal, without writing it: `position` is where the successor begins. */
  prepareEnd(): { readonly frame: Uint8Array; readonly position: Position } {
    const { frame, next } = this.#cipher.seal(this.#at, Uint8Array.of(KIND_SUCCEEDED), this.#random);
    return { frame, position: next };
  }

  /** Writes what `prepareEnd` sealed; nothing may be appended in between or afterwards. */
  end(prepared: { readonly frame: Uint8Array }): Promise<void> {
    return this.#write(prepared.frame);
  }

  async #write(bytes: Uint8Array): Promise<void> {
    await this.tidy();
    try {
      // A folder that was deleted under us would take writes and keep nothing.
      if ((await this.#file.stat()).nlink === 0) throw Object.assign(new Error('unlinked'), { code: 'ENOENT' });
      let written = 0;
      while (written < bytes.length) {
        written += (await this.#file.write(bytes, written, bytes.length - written, this.#bytes + written)).bytesWritten;
      }
      await this.#file.datasync();
    } catch (error) {
      this.#untidy = true;
      // A disk that refused the write may refuse this as well: then it is done before the next write.
      await this.tidy().catch(() => undefined);
      throw error;
    }
    this.#bytes += bytes.length;
  }

  /** Cuts off what a failed write may have left behind the end. */
  async tidy(): Promise<void> {
    if (!this.#untidy) return;
    await this.#file.truncate(this.#bytes);
    await this.#file.sync();
    this.#untidy = false;
  }

  async close(): Promise<void> {
    await this.tidy().catch(() => undefined);
    this.#cipher.destroy();
    await this.#file.close();
  }
}
