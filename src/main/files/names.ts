import path from 'node:path';

/** What Coffer adds to the name of an encrypted file; a folder becomes `name.tar.encrypted`. */
export const ENCRYPTED = '.encrypted';
export const FOLDER = `.tar${ENCRYPTED}`;
/** The longest name most file systems take, in bytes. */
const NAME_MAX = 255;

/** `stem` + `suffix`, the stem shortened between characters when the whole would be too long for a file system. */
export function fitName(stem: string, suffix: string): string {
  let kept = stem;
  while (Buffer.byteLength(kept + suffix) > NAME_MAX) kept = [...kept].slice(0, -1).join('');
  return kept + suffix;
}

/** `name`, `name (2)`, `name (3)`… : the number goes before the extensions. */
export function numbered(file: string, number: number): string {
  if (number === 1) return file;
  const { dir, base } = path.parse(file);
  const dot = base.indexOf('.', 1);
  const [stem, extension] = dot < 0 ? [base, ''] : [base.slice(0, dot), base.slice(dot)];
  return path.join(dir, fitName(stem, ` (${number})${extension}`));
}

/** The name of the result of one job, without its folder. */
export function outputName(name: string, action: 'encrypt' | 'decrypt', kind: 'file' | 'folder'): string {
  if (action === 'encrypt') return fitName(name, kind === 'folder' ? FOLDER : ENCRYPTED);
  const suffix = kind === 'folder' ? FOLDER : ENCRYPTED;
  if (name.toLowerCase().endsWith(suffix) && name.length > suffix.length) return name.slice(0, -suffix.length);
  return fitName(name, '.decrypted');
}
