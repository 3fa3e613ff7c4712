import { createHash } from 'node:crypto';
import path from 'node:path';

/** What Coffer adds to the name of an encrypted file; a folder becomes `name.tar.encrypted`. */
export const ENCRYPTED = '.encrypted';
export const FOLDER = `.tar${ENCRYPTED}`;
/** Whether a file is named as an encrypted one. */
export const isNamedEncrypted = (name: string): boolean => name.toLowerCase().endsWith(ENCRYPTED);
/** The longest name most file systems take, in bytes. */
const NAME_MAX = 255;
/** A longer "extension" is part of a sentence. */
const EXTENSION_MAX = 16;

/** `stem` + `suffix`, the stem shortened between characters when the whole would be too long for a file system. */
function shorten(stem: string, suffix: string): string {
  const room = NAME_MAX - Buffer.byteLength(suffix);
  if (Buffer.byteLength(stem) <= room) return stem + suffix;
  const kept = [...stem];
  let bytes = Buffer.byteLength(stem);
  while (bytes > room && kept.length > 1) bytes -= Buffer.byteLength(kept.pop() ?? '');
  return kept.join('') + suffix;
}

function split(name: string): readonly [stem: string, extension: string] {
  const extension = path.extname(name);
  return Buffer.byteLength(extension) > EXTENSION_MAX
    ? [name, '']
    : [name.slice(0, name.length - extension.length), extension];
}

/**
 * `name` + `suffix`. A name too long for that keeps its extension and gets a mark of its own, so that it is never the name of
 * another file shortened to the same beginning, nor the name it came from.
 */
export function fitName(name: string, suffix: string): string {
  if (Buffer.byteLength(name + suffix) <= NAME_MAX) return name + suffix;
  const [stem, extension] = split(name);
  const mark = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return shorten(stem, `~${mark}${extension}${suffix}`);
}

/** `name`, `name (2)`, `name (3)`… : the number goes before the extension, and before `.encrypted`. */
export function numbered(file: string, number: number): string {
  if (number === 1) return file;
  const { dir, base } = path.parse(file);
  const suffix = [FOLDER, ENCRYPTED].find((each) => base.toLowerCase().endsWith(each))?.length ?? 0;
  const [stem, extension] = split(base.slice(0, base.length - suffix));
  return path.join(dir, shorten(stem, ` (${number})${extension}${base.slice(base.length - suffix)}`));
}

/** The name of the result of one job, without its folder; never the name it came from. */
export function outputName(name: string, action: 'encrypt' | 'decrypt', kind: 'file' | 'folder'): string {
  const suffix = kind === 'folder' ? FOLDER : ENCRYPTED;
  if (action === 'encrypt') return fitName(name, suffix);
  const stem = name.slice(0, Math.max(0, name.length - suffix.length));
  if (name.toLowerCase().endsWith(suffix) && !['', '.', '..'].includes(stem)) return stem;
  return fitName(name, '.decrypted');
}
