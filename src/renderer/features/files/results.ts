import type { CallOutput } from '../../../shared/contract/index.ts';
import { formatNumber } from '../../lib/format.ts';
import type { Job } from './store.ts';

export type FileResult = CallOutput<'files.results'>['results'][number];
export type FileOutcome = FileResult['outcome'];

/** What became of a file, in words: of one that was opened, or only looked at. */
export const outcomes: Readonly<Record<FileOutcome, { readonly label: string; readonly color: string }>> = {
  done: { label: 'Opens', color: 'green' },
  skipped: { label: 'Left out', color: 'gray' },
  'original-kept': { label: 'Original kept', color: 'yellow' },
  'key-gone': { label: 'Key gone', color: 'red' },
  'key-refused': { label: 'Key refused', color: 'red' },
  'key-unusable': { label: 'Key unavailable', color: 'yellow' },
  damaged: { label: 'Damaged', color: 'red' },
  'not-coffer': { label: "Not Coffer's", color: 'gray' },
  failed: { label: 'Failed', color: 'red' },
};

/** A file's outcome, by what was to be done with it. */
export const outcomeLabel = (outcome: FileOutcome, action: Job['action']): string =>
  outcome === 'done' && action === 'reencrypt' ? 'Encrypted anew' : outcomes[outcome].label;

const done: Readonly<Record<Job['action'], string>> = {
  encrypt: 'encrypted',
  decrypt: 'decrypted',
  verify: 'open',
  reencrypt: 're-encrypted',
};

/** What became of originals that were to go to the trash. */
export function originalWords({ originals, counts }: Pick<Job, 'originals' | 'counts'>): string {
  if (!originals) return '';
  const { moved, kept, why } = originals;
  if (kept === 0)
    return moved === 0 ? '' : moved > 1 ? `${formatNumber(moved)} originals in the trash` : 'original in the trash';
  const stay = counts && kept > 1 ? `${formatNumber(kept)} originals stay` : 'the original stays';
  return `${moved > 0 ? `${formatNumber(moved)} originals in the trash, ` : ''}${stay}: ${why ?? ''}`;
}

/** The counts of a job that does each file of a folder. */
export function countWords({ action, counts }: Job): string {
  if (!counts) return '';
  const of = (count: number, words: string) => (count > 0 ? `${formatNumber(count)} ${words}` : '');
  return [
    `${formatNumber(counts.done)} of ${formatNumber(counts.total - counts.skipped)} files ${done[action]}`,
    of(counts.failed, action === 'verify' ? 'do not' : 'failed'),
    of(counts.skipped, 'left out'),
  ]
    .filter(Boolean)
    .join(', ');
}
