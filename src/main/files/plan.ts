import { lstat, stat } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { FileAction, PlanItem } from '../../shared/contract/files.ts';
import { CofferError, toEnvelope } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { CONTENT_CONTEXT, FOLDER_CONTENT, measureFolder } from './folder.ts';
import { HEADER_MAX, kmsKeyOf, type ParsedHeader, parseHeader } from './message/header.ts';
import { SIGNING_SUITE } from './message/suite.ts';
import { isNamedEncrypted, outputName } from './names.ts';
import { openSource, specialFile } from './reading.ts';

export type Plan = z.output<typeof PlanItem>;
type Action = z.output<typeof FileAction>;

/** The header of a message file. @throws CofferError as `parseHeader`, or for what the disk says. */
export async function readMessageHeader(file: string, options?: { readonly follow?: boolean }): Promise<ParsedHeader> {
  const { handle, size } = await openSource(file, options);
  try {
    const buffer = Buffer.alloc(Math.min(HEADER_MAX, size));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    return parseHeader(buffer.subarray(0, bytesRead));
  } catch (error) {
    throw fileError(error, path.basename(file));
  } finally {
    await handle.close();
  }
}

/** The header of a file that is to be opened, or undefined for one that is to be encrypted. */
async function headerOf(file: string, wanted: Action | undefined): Promise<ParsedHeader | undefined> {
  if (wanted === 'encrypt') return undefined;
  try {
    return await readMessageHeader(file);
  } catch (error) {
    if (wanted !== undefined || !(error instanceof CofferError)) throw error;
    // Bytes like a message's at the beginning of a file that is not named as one are chance.
    const chance = ['MessageDamaged', 'UnsupportedMessage'].includes(error.code) && !isNamedEncrypted(file);
    if (error.code === 'NotAnEncryptedMessage' || chance) return undefined;
    throw error;
  }
}

function problemOf(error: unknown): { code: string; message: string } {
  const { code, message } = toEnvelope(error);
  return { code, message };
}

/**
 * What would happen to a path: what is `wanted`, or else encrypted files are decrypted and everything else is encrypted.
 * Never throws for one bad path.
 */
export async function planPath(given: string, outputFolder: string | undefined, wanted?: Action): Promise<Plan> {
  const file = path.resolve(given);
  const name = path.basename(file);
  const base = { path: file, name, size: 0, files: 0, action: 'encrypt' as const, output: '', exists: false };
  try {
    const facts = await lstat(file);
    // A link that was dropped stands for what it leads to.
    const target = facts.isSymbolicLink() ? await stat(file) : facts;
    if (!target.isFile() && !target.isDirectory()) throw specialFile(name);
    const folder = outputFolder ?? path.dirname(file);
    const placed = async (action: Action, kind: 'file' | 'folder') => {
      if (action === 'verify') return { action };
      const output = path.join(folder, action === 'reencrypt' ? name : outputName(name, action, kind));
      const exists = await lstat(output).then(
        () => true,
        () => false,
      );
      return { action, output, exists };
    };
    if (target.isDirectory()) {
      if (wanted !== undefined && wanted !== 'encrypt')
        throw new CofferError('NotAnEncryptedMessage', `${name} is a folder, not an encrypted file.`);
      const { bytes, files, encrypted, problem } = await measureFolder(file);
      return {
        ...base,
        kind: 'folder',
        size: bytes,
        files,
        encrypted,
        ...(await placed('encrypt', 'folder')),
        ...(problem === undefined ? {} : { problem: problemOf(problem) }),
      };
    }
    const found = await headerOf(file, wanted);
    const known = { ...base, kind: 'file' as const, size: target.size, files: 1 };
    if (!found) return { ...known, ...(await placed('encrypt', 'file')) };
    const { context, suite } = found.header;
    const keyArn = kmsKeyOf(found.header)?.providerInfo;
    return {
      ...known,
      ...(await placed(wanted ?? 'decrypt', context[CONTENT_CONTEXT] === FOLDER_CONTENT ? 'folder' : 'file')),
      ...(keyArn ? { keyArn } : {}),
      signed: suite === SIGNING_SUITE,
      context: { ...context },
    };
  } catch (error) {
    const problem = problemOf(fileError(error, name));
    return { ...base, kind: problem.code === 'FileNotFound' ? 'missing' : 'other', problem };
  }
}
