/**
 * Headers of a POSIX tar archive (IEEE Std 1003.1, pax interchange format): a ustar block, and before it a pax block with
 * what the former cannot hold: long or non-ASCII names, sizes from 8 GiB, times with a fraction or outside 1970 to 2242.
 */
const BLOCK = 512;
const SIZE_MAX = 8 ** 11 - 1;
const NAME_BYTES = 100;
const TYPES = { file: '0', link: '2', folder: '5', pax: 'x' } as const;

export interface TarItem {
  /** Relative, with forward slashes. */
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link';
  /** Bytes that follow the header; 0 for folders and links. */
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
  readonly mtimeMs: number;
  /** Where a link leads. */
  readonly target?: string;
}

const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;

function block(type: string, name: string, size: number, mode: number, seconds: number, target: string): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  Buffer.from(name).copy(bytes, 0, 0, NAME_BYTES);
  bytes.write(octal(mode & 0o7777, 7), 100);
  bytes.write(octal(0, 7) + octal(0, 7), 108);
  bytes.write(octal(size > SIZE_MAX ? 0 : size, 11) + octal(seconds, 11), 124);
  bytes.write(`        ${type}`, 148);
  Buffer.from(target).copy(bytes, 157, 0, NAME_BYTES);
  bytes.write('ustar\u000000', 257);
  bytes.write(octal(0, 7) + octal(0, 7), 329);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 6)} `, 148);
  return bytes;
}

/** One pax record; its length counts its own digits. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (String(length).length !== String(bytes).length) length = bytes + String(length).length;
  return length + rest;
}

const fits = (text: string) => Buffer.byteLength(text) <= NAME_BYTES && !/[^ -~]/.test(text);

/** Zeros that follow `size` bytes of content. */
export const padding = (size: number) => Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);

/** The end of an archive. */
export const archiveEnd = () => Buffer.alloc(2 * BLOCK);

/** The header of one entry. */
export function tarHeader({ name, kind, size, mode, mtimeMs, target = '' }: TarItem): Buffer {
  const whole = Math.floor(mtimeMs / 1000);
  const seconds = Math.min(Math.max(whole, 0), SIZE_MAX);
  const records = [
    fits(name) ? '' : record('path', name),
    fits(target) ? '' : record('linkpath', target),
    size > SIZE_MAX ? record('size', String(size)) : '',
    seconds * 1000 === mtimeMs ? '' : record('mtime', (mtimeMs / 1000).toFixed(6)),
  ].join('');
  const own = block(TYPES[kind], name, size, mode, seconds, target);
  if (records === '') return own;
  const pax = Buffer.from(records);
  return Buffer.concat([block(TYPES.pax, 'PaxHeader', pax.length, 0o644, seconds, ''), pax, padding(pax.length), own]);
}
