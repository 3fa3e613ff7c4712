import { KmsError } from '../../shared/kms/errors.ts';
import type { OperationName } from '../../shared/kms/operations.ts';

/** A marker names the last entry of a page, so pages neither repeat nor skip entries that stay. Opaque to the caller. */
const encode = (operation: OperationName, last: string) => Buffer.from(`${operation} ${last}`).toString('base64url');

const foreign = () => new KmsError('InvalidMarkerException', 'The marker did not come from this operation.');

/**
 * What `marker` stands for: the last entry of the page before.
 * @throws KmsError `InvalidMarkerException` when it did not come from this operation.
 */
export function afterMarker(operation: OperationName, marker: string | undefined): string | undefined {
  if (marker === undefined) return undefined;
  const text = Buffer.from(marker, 'base64url').toString();
  const last = text.slice(operation.length + 1);
  if (encode(operation, last) !== marker || last === '') throw foreign();
  return last;
}

/** The same for listings whose entries have numbers. @throws KmsError `InvalidMarkerException` */
export function afterNumber(operation: OperationName, marker: string | undefined): number | undefined {
  const last = afterMarker(operation, marker);
  if (last === undefined) return undefined;
  if (!/^\d{1,15}$/.test(last)) throw foreign();
  return Number(last);
}

/** Cuts `rows` (one more than `limit` when there are more) to a page; `nameOf` is what the next page starts after. */
export function cutPage<Row>(
  operation: OperationName,
  rows: readonly Row[],
  limit: number,
  nameOf: (row: Row) => string | number,
): { readonly rows: readonly Row[]; readonly end: { Truncated: boolean; NextMarker?: string } } {
  const last = rows[limit - 1];
  if (rows.length <= limit || last === undefined) return { rows, end: { Truncated: false } };
  return { rows: rows.slice(0, limit), end: { Truncated: true, NextMarker: encode(operation, String(nameOf(last))) } };
}
