import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { open as openFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { csvField } from '../../shared/csv.ts';
import { CofferError } from '../../shared/kms/errors.ts';
import type { Progress } from '../../shared/progress.ts';
import { claimName } from '../vault/new-file.ts';
import { breathe } from '../vault/turns.ts';
import type { ReadDatabase } from '../vault/types.ts';
import { toCloudTrail } from './cloudtrail.ts';
import { lastSequence } from './query.ts';
import { RecordReader, type StoredRecord } from './read.ts';

export interface ExportWish extends Progress {
  readonly format: 'cloudtrail' | 'csv';
  readonly folder: string;
  /** Milliseconds since the epoch, inclusive. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly now: number;
}

/** Records between two turns of the event loop; some ten milliseconds. */
const SLICE = 200;
const COLUMNS = [
  'eventTime',
  'eventName',
  'eventSource',
  'principal',
  'accountId',
  'awsRegion',
  'sourceIPAddress',
  'userAgent',
  'readOnly',
  'resources',
  'errorCode',
  'errorMessage',
  'requestParameters',
  'responseElements',
  'eventID',
];

function csvLine(record: StoredRecord): string {
  const event = toCloudTrail(record);
  const fields = [
    event.eventTime,
    record.name,
    record.source,
    record.principal,
    record.account,
    record.region,
    record.ip,
    record.agent,
    String(record.readOnly),
    record.resources.join(' '),
    record.error ?? '',
    record.message ?? '',
    record.request ?? '',
    record.response ?? '',
    event.eventID,
  ];
  return `${fields.map((field) => csvField(String(field))).join(',')}\r\n`;
}

async function freeName(folder: string, stem: string, extension: string): Promise<string> {
  for (let number = 1; ; number++) {
    const file = path.join(folder, number === 1 ? `${stem}${extension}` : `${stem} (${number})${extension}`);
    const taken = await stat(file).then(
      () => true,
      () => false,
    );
    if (!taken) return file;
  }
}

/**
 * Writes the trail, or a period of it, as CloudTrail JSON (`{"Records": […]}`, gzip) or CSV. Nothing is overwritten, and no
 * half file stays behind.
 * @throws CofferError `ExportFailed`; the signal's reason when it is aborted.
 */
export async function exportTrail(
  db: ReadDatabase,
  wish: ExportWish,
): Promise<{ path: string; records: number; bytes: number }> {
  const total = lastSequence(db);
  let records = 0;
  async function* text(): AsyncGenerator<string> {
    yield wish.format === 'csv' ? `${COLUMNS.join(',')}\r\n` : '{"Records":[';
    for (let first = 1; first <= total; first += SLICE) {
      wish.signal?.throwIfAborted();
      let slice = '';
      for (const record of new RecordReader(db).range(first, Math.min(first + SLICE - 1, total))) {
        if (record.time < (wish.from ?? 0) || record.time > (wish.to ?? Number.POSITIVE_INFINITY)) continue;
        slice +=
          wish.format === 'csv'
            ? csvLine(record)
            : `${records > 0 ? ',' : ''}\n${JSON.stringify(toCloudTrail(record))}`;
        records++;
      }
      if (slice) yield slice;
      wish.onProgress?.(Math.min(first + SLICE - 1, total), total);
      await breathe();
    }
    if (wish.format === 'cloudtrail') yield '\n]}\n';
  }
  const stamp = new Date(wish.now).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-');
  const name = [`coffer-trail-${stamp}`, wish.format === 'csv' ? '.csv' : '.json.gz'] as const;
  const temporary = path.join(wish.folder, `${name[0]}.${randomUUID()}.tmp`);
  try {
    const target = createWriteStream(temporary, { flags: 'wx', mode: 0o600 });
    const source = Readable.from(text());
    await (wish.format === 'csv' ? pipeline(source, target) : pipeline(source, createGzip(), target));
    const handle = await openFile(temporary, 'r+');
    await handle.sync().finally(() => handle.close());
    let file: string;
    do file = await freeName(wish.folder, ...name);
    while (!(await claimName(temporary, file)));
    return { path: file, records, bytes: (await stat(file)).size };
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    wish.signal?.throwIfAborted();
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new CofferError(
      'ExportFailed',
      `The trail could not be written to ${wish.folder}${code ? ` (${code})` : ''}. No half file was left.`,
    );
  }
}
