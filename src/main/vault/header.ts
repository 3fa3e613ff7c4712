import { open as openFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { CofferError } from '../../shared/kms/errors.ts';
import { equal, fromBase64, toBase64, utf8 } from '../crypto/bytes.ts';
import { hmac } from '../crypto/kdf.ts';
import { readReasonOf, VaultDamaged } from './errors.ts';
import { replaceFiles } from './files.ts';
import type { RootKey } from './keys.ts';

/**
 * The header: what must be readable before a key is known. It is authenticated with an HMAC under a key derived from the
 * root key, checked as soon as a slot gave that; until then its fields are only believed as far as bounds allow. A second
 * copy stands beside it, so that one damaged file does not lose the vault.
 */
const HEADER = 'header.json';
const COPY = 'header.copy.json';
export const SLOTS_MAX = 64;
/** No honest header comes near this; more is not read into memory. */
const HEADER_MAX_BYTES = 2 ** 20;

const Base64 = z.base64().max(400);
const Kdf = z.strictObject({
  name: z.literal('scrypt'),
  N: z.number().int(),
  r: z.number().int(),
  p: z.number().int(),
  salt: Base64,
});

const SlotRecord = z.strictObject({
  id: z.uuid(),
  kind: z.enum(['keychain', 'passphrase', 'recovery']),
  createdAt: z.number().int(),
  kdf: Kdf.optional(),
  /** The root key, sealed. */
  wrapped: Base64,
});

const Header = z.strictObject({
  format: z.literal(1),
  vaultId: z.uuid(),
  name: z.string(),
  createdAt: z.number().int(),
  /** Grows with every rewrite, so that the newer of two copies is known. */
  revision: z.number().int(),
  /** The snapshot to open. */
  generation: z.number().int(),
  slots: z.array(SlotRecord).max(SLOTS_MAX),
  mac: Base64,
});

export type SlotRecord = z.output<typeof SlotRecord>;
export type HeaderRecord = z.output<typeof Header>;
export type HeaderBody = Omit<HeaderRecord, 'mac'>;

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sorted(item)]),
  );
}

function macOf(body: HeaderBody, root: RootKey): Uint8Array {
  const key = root.derive('header');
  const mac = hmac(key, utf8(JSON.stringify(sorted(body))));
  key.fill(0);
  return mac;
}

export function headerIsAuthentic({ mac, ...body }: HeaderRecord, root: RootKey): boolean {
  return equal(fromBase64(mac), macOf(body, root));
}

export interface FoundHeaders {
  /** The readable copies, the newest first. At least one. */
  readonly candidates: readonly HeaderRecord[];
  /** File names of copies that are missing or unreadable. */
  readonly broken: readonly string[];
}

type Copy = HeaderRecord | 'missing' | 'newer' | 'unreadable';

/** @throws CofferError `VaultUnreadable` for a file that cannot be looked at now, whatever it holds. */
async function readCopy(file: string): Promise<Copy> {
  let text: string;
  try {
    const handle = await openFile(file, 'r');
    try {
      if ((await handle.stat()).size > HEADER_MAX_BYTES) return 'unreadable';
      text = await handle.readFile('utf8');
    } finally {
      await handle.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    // A file whose blocks cannot be read, or something else under its name, must not keep the other copy from being used.
    if (code === 'EIO' || code === 'EISDIR') return 'unreadable';
    throw new CofferError('VaultUnreadable', `The vault's file ${file} could not be read: ${readReasonOf(error)}.`);
  }
  try {
    const parsed: unknown = JSON.parse(text);
    const header = Header.safeParse(parsed);
    if (header.success && [header.data.mac, ...header.data.slots.map((slot) => slot.wrapped)].every(isCanonical))
      return header.data;
    return z.looseObject({ format: z.number().int().min(2) }).safeParse(parsed).success ? 'newer' : 'unreadable';
  } catch {
    return 'unreadable';
  }
}

function isCanonical(text: string): boolean {
  try {
    fromBase64(text);
    return true;
  } catch {
    return false;
  }
}

const NAMES = [HEADER, COPY] as const;

/** What the two copies are; a refusal of the system in the place of one that cannot be looked at. */
const readCopies = (dir: string): Promise<(Copy | CofferError)[]> =>
  Promise.all(
    NAMES.map((name) =>
      readCopy(path.join(dir, name)).catch((error: unknown) => {
        if (error instanceof CofferError) return error;
        throw error;
      }),
    ),
  );

const isRefusal = (copy: Copy | CofferError): copy is CofferError => copy instanceof CofferError;
const isWhole = (copy: Copy | CofferError): copy is HeaderRecord => typeof copy !== 'string' && !isRefusal(copy);

/** Whether a folder holds a vault. @throws CofferError `VaultUnreadable` when that cannot be seen. */
export async function hasHeader(dir: string): Promise<boolean> {
  const copies = await readCopies(dir);
  if (copies.some((copy) => copy !== 'missing' && !isRefusal(copy))) return true;
  const refusal = copies.find(isRefusal);
  if (refusal) throw refusal;
  return false;
}

/**
 * Reads both copies; one that can be read is enough.
 * @throws VaultDamaged when neither can be read, CofferError `VaultUnreadable` when the system refuses what might be.
 */
export async function readHeaders(dir: string): Promise<FoundHeaders> {
  const copies = await readCopies(dir);
  const candidates = copies.filter(isWhole).sort((a, b) => b.revision - a.revision);
  const refusal = copies.find(isRefusal);
  if (candidates.length === 0 && refusal) throw refusal;
  if (candidates.length === 0) {
    throw new VaultDamaged(
      copies.includes('newer')
        ? 'its header was written by a newer Coffer, or altered'
        : 'neither header.json nor its copy can be read',
      { file: path.join(dir, HEADER) },
    );
  }
  return { candidates, broken: NAMES.filter((_, index) => !isWhole(copies[index] ?? 'missing')) };
}

/** A header with its MAC. @throws ZodError when an opening would not accept it: such a header must not replace a good one. */
export function authenticated(body: HeaderBody, root: RootKey): HeaderRecord {
  return Header.parse({ ...body, mac: toBase64(macOf(body, root)) });
}

/** Writes both copies of an authenticated header. */
export async function writeHeader(dir: string, header: HeaderRecord): Promise<void> {
  const bytes = utf8(`${JSON.stringify(header, null, 2)}\n`);
  if (bytes.length > HEADER_MAX_BYTES) throw new RangeError('the header is too large');
  await replaceFiles([path.join(dir, HEADER), path.join(dir, COPY)], bytes);
}
