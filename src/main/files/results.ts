import { open, rm } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import type { FileOutcome as OutcomeSchema, FileResult as ResultSchema } from '../../shared/contract/files.ts';
import { csvField } from '../../shared/csv.ts';
import { CofferError, toEnvelope } from '../../shared/kms/errors.ts';
import { fileError } from './errors.ts';
import { numbered } from './names.ts';

export type FileResult = z.output<typeof ResultSchema>;
export type FileOutcome = z.output<typeof OutcomeSchema>;

/** Which error codes of opening a file mean what; all others say that it could not be read or written. */
const meanings: Readonly<Partial<Record<FileOutcome, readonly string[]>>> = {
  'key-gone': ['NotFoundException'],
  'key-refused': ['AccessDeniedException'],
  'key-unusable': [
    'DisabledException',
    'KMSInvalidStateException',
    'KeyUnavailableException',
    'InvalidKeyUsageException',
    'CustomKeyStoreInvalidStateException',
  ],
  damaged: [
    'MessageDamaged',
    'InvalidCiphertextException',
    'IncorrectKeyException',
    'InvalidArnException',
    'ValidationException',
    'UnsafeArchive',
  ],
  'not-coffer': ['NotAnEncryptedMessage', 'UnsupportedMessage', 'NoKmsKey'],
};

const words: Readonly<Record<FileOutcome, string>> = {
  done: 'Opens',
  'original-kept': 'Encrypted, original kept',
  skipped: 'Left out',
  'key-gone': 'Key gone',
  'key-refused': 'Key refused',
  'key-unusable': 'Key unavailable',
  damaged: 'Damaged',
  'not-coffer': "Not Coffer's",
  failed: 'Could not be read',
};

/** What an error means for the file that was to be opened. */
export function outcomeOf(code: string, opening: boolean): FileOutcome {
  if (!opening) return 'failed';
  const found = Object.entries(meanings).find(([, codes]) => codes?.includes(code));
  return (found?.[0] as FileOutcome | undefined) ?? 'failed';
}

/** A result that is not done. */
export function resultOf(name: string, outcome: FileOutcome, error: unknown, keyArn?: string): FileResult {
  const { code, message } = toEnvelope(error);
  return { name, outcome, ...(keyArn ? { keyArn } : {}), problem: { code, message } };
}

const whyLeftOut = {
  EncryptedAlready: 'It is encrypted already.',
  SameKey: 'It is encrypted under that key already.',
  LinkLeftOut: 'It is a link; what it leads to is not touched.',
  FileNotFound: 'It is not where it was.',
} as const;
/** A file that was left out. */
export const leftOut = (name: string, code: keyof typeof whyLeftOut, keyArn?: string): FileResult =>
  resultOf(name, 'skipped', new CofferError(code, whyLeftOut[code]), keyArn);

export interface ResultFilter {
  readonly keyArn?: string | undefined;
  readonly outcome?: FileOutcome | undefined;
}

export const matching = (results: readonly FileResult[], { keyArn, outcome }: ResultFilter): FileResult[] =>
  results.filter(
    (result) =>
      (keyArn === undefined || result.keyArn === keyArn) && (outcome === undefined || result.outcome === outcome),
  );

/** What the results are, and of which keys. */
export function summary(results: readonly FileResult[]) {
  const outcomes: Partial<Record<FileOutcome, number>> = {};
  const keys = new Set<string>();
  for (const { outcome, keyArn } of results) {
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    if (keyArn !== undefined) keys.add(keyArn);
  }
  return { outcomes, keys: [...keys].sort() };
}

const visible = (text: string) => text.replace(/\p{Cc}|\p{Cf}/gu, '\ufffd');

function asText(title: string, results: readonly FileResult[]): string {
  const { outcomes } = summary(results);
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${words[outcome as FileOutcome]}: ${count}`);
  const lines = results.map(({ name, outcome, keyArn, problem }) =>
    visible([words[outcome], name, keyArn, problem?.message].filter(Boolean).join(' | ')),
  );
  return `${[visible(title), '', ...counts, '', ...lines].join('\n')}\n`;
}

function asCsv(results: readonly FileResult[]): string {
  const lines = results.map(({ name, outcome, keyArn, problem }) =>
    [name, outcome, keyArn, problem?.code, problem?.message].map((field) => csvField(field ?? '')).join(','),
  );
  return `${['name,outcome,keyArn,errorCode,errorMessage', ...lines].join('\r\n')}\r\n`;
}

/**
 * Writes results into a folder under a free name. @returns the file's path.
 * @throws CofferError as `fileError` names it; no half file stays behind.
 */
export async function saveResults(
  wish: { readonly folder: string; readonly format: 'csv' | 'text'; readonly title: string },
  results: readonly FileResult[],
): Promise<string> {
  const base = path.join(wish.folder, `coffer-files-report.${wish.format === 'csv' ? 'csv' : 'txt'}`);
  const text = wish.format === 'csv' ? asCsv(results) : asText(wish.title, results);
  for (let number = 1; ; number++) {
    const file = numbered(base, number);
    const handle = await open(file, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return undefined;
      throw fileError(error, path.basename(file));
    });
    if (!handle) continue;
    try {
      await handle.writeFile(text);
      await handle.sync();
      return file;
    } catch (error) {
      await rm(file, { force: true });
      throw fileError(error, path.basename(file));
    } finally {
      await handle.close();
    }
  }
}
