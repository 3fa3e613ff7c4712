import { lstat, open, stat } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { PlanItem } from '../../shared/contract/files.ts';
import { CofferError, toEnvelope } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { CONTENT_CONTEXT, FOLDER_CONTENT, measureFolder } from './folder.ts';
import { HEADER_MAX, type ParsedHeader, parseHeader } from './message/header.ts';
import { SIGNING_SUITE } from './message/suite.ts';
import { outputName } from './names.ts';

export type Plan = z.output<typeof PlanItem>;

/** The header of a message file. @throws CofferError as `parseHeader`, or for what the disk says. */
export async function readMessageHeader(file: string): Promise<ParsedHeader> {
  try {
    const handle = await open(file, 'r');
    try {
      const buffer = Buffer.alloc(Math.min(HEADER_MAX, (await handle.stat()).size));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      return parseHeader(buffer.subarray(0, bytesRead));
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileError(error, path.basename(file));
  }
}

/** What would happen to a path: encrypted files are decrypted, everything else is encrypted. Never throws for one bad path. */
export async function planPath(given: string, outputFolder: string | undefined): Promise<Plan> {
  const file = path.resolve(given);
  const name = path.basename(file);
  const base = { path: file, name, size: 0, files: 0, action: 'encrypt' as const, output: '', exists: false };
  try {
    const facts = await lstat(file).catch((error: unknown) => {
      throw fileError(error, name);
    });
    // A link that was dropped stands for what it leads to.
    const target = facts.isSymbolicLink()
      ? await stat(file).catch((error: unknown) => Promise.reject(fileError(error, name)))
      : facts;
    if (!target.isFile() && !target.isDirectory()) {
      return {
        ...base,
        kind: 'other',
        problem: { code: 'SpecialFile', message: `${name} is a device, pipe or socket.` },
      };
    }
    const folder = outputFolder ?? path.dirname(file);
    const placed = async (action: 'encrypt' | 'decrypt', kind: 'file' | 'folder') => {
      const output = path.join(folder, outputName(name, action, kind));
      const exists = await lstat(output).then(
        () => true,
        () => false,
      );
      return { action, output, exists };
    };
    if (target.isDirectory()) {
      const { bytes, files } = await measureFolder(file);
      return { ...base, kind: 'folder', size: bytes, files, ...(await placed('encrypt', 'folder')) };
    }
    const found = await readMessageHeader(file).catch((error: unknown) => {
      if (error instanceof CofferError && error.code === 'NotAnEncryptedMessage') return undefined;
      throw error;
    });
    const known = { ...base, kind: 'file' as const, size: target.size, files: 1 };
    if (!found) return { ...known, ...(await placed('encrypt', 'file')) };
    const { context, suite, dataKeys } = found.header;
    const keyArn = dataKeys.find(({ providerId }) => providerId === 'aws-kms')?.providerInfo;
    return {
      ...known,
      ...(await placed('decrypt', context[CONTENT_CONTEXT] === FOLDER_CONTENT ? 'folder' : 'file')),
      ...(keyArn ? { keyArn } : {}),
      signed: suite === SIGNING_SUITE,
      context: { ...context },
    };
  } catch (error) {
    const { code, message } = toEnvelope(error);
    return { ...base, kind: code === 'FileNotFound' ? 'missing' : 'other', problem: { code, message } };
  }
}
