import { lstat, stat } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { FileAction, PlanItem } from '../../shared/contract/files.ts';
import { CofferError, toEnvelope } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { CONTENT_CONTEXT, FOLDER_CONTENT, measureFolder, type Stopped } from './folder.ts';
import { HEADER_MAX, kmsKeysOf, type ParsedHeader, parseHeader } from './message/header.ts';
import { SIGNING_SUITE } from './message/suite.ts';
import { isNamedEncrypted, outputName } from './names.ts';
import { openSource, specialFile } from './reading.ts';

export type Plan = z.output<typeof PlanItem>;
type Action = z.output<typeof FileAction>;

/** Paths that are looked at at once: the disk answers several together; thousands would hold as many files open. */
const TOGETHER = 8;

/** How far a plan is: paths that were looked at, and files that were seen in folders. */
export type OnPlanned = (paths: number, files: number) => void;

export interface PlanOptions {
  readonly wanted?: Action;
  readonly stopped?: Stopped;
  /** Told of each file in a folder. */
  readonly onFile?: () => void;
}

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

/** What would happen to each path. Once it is stopped the answer is cut off anywhere. */
export async function planPaths(
  paths: readonly string[],
  outputFolder: string | undefined,
  stopped: Stopped,
  onPlanned?: OnPlanned,
): Promise<Plan[]> {
  const plans: Plan[] = [];
  const seen = { paths: 0, files: 0 };
  const see = (what: keyof typeof seen) => {
    seen[what]++;
    onPlanned?.(seen.paths, seen.files);
  };
  while (plans.length < paths.length && !stopped()) {
    const some = paths.slice(plans.length, plans.length + TOGETHER).map(async (each) => {
      const plan = await planPath(each, outputFolder, { stopped, onFile: () => see('files') });
      see('paths');
      return plan;
    });
    plans.push(...(await Promise.all(some)));
  }
  return plans;
}

/**
 * What would happen to a path: what is `wanted`, or else encrypted files are decrypted and everything else is encrypted.
 * Never throws for one bad path; one that is stopped has `Cancelled` as its problem.
 */
export async function planPath(
  given: string,
  outputFolder: string | undefined,
  { wanted, stopped, onFile }: PlanOptions = {},
): Promise<Plan> {
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
      const { bytes, files, encrypted, problem } = await measureFolder(file, stopped, onFile);
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
    const keyArns = kmsKeysOf(found.header).map(({ providerInfo }) => providerInfo);
    return {
      ...known,
      ...(await placed(wanted ?? 'decrypt', context[CONTENT_CONTEXT] === FOLDER_CONTENT ? 'folder' : 'file')),
      ...(keyArns.length > 0 ? { keyArns } : {}),
      signed: suite === SIGNING_SUITE,
      context: { ...context },
    };
  } catch (error) {
    const problem = problemOf(fileError(error, name));
    return { ...base, kind: problem.code === 'FileNotFound' ? 'missing' : 'other', problem };
  }
}
