import { KmsError } from '../../shared/kms/errors.ts';
import type { GrantParties, HeldGrant } from '../policy/decide.ts';
import type { GrantTerms } from '../policy/grants.ts';
import type { ReadDatabase } from '../vault/types.ts';
import type { KeyRecord } from './key-rows.ts';

/** The principals of a grant as its maker named them. */
export interface GrantNames {
  readonly GranteePrincipal?: string;
  readonly GranteeServicePrincipal?: string;
  readonly RetiringPrincipal?: string;
  readonly RetiringServicePrincipal?: string;
}

/** What a grant says; stored as JSON. */
export interface StoredTerms extends GrantTerms {
  readonly names: GrantNames;
}

export interface GrantRecord extends GrantParties {
  readonly row: number;
  readonly keyRow: number;
  readonly name: string;
  readonly createdAt: number;
  readonly terms: StoredTerms;
}

const COLUMNS = `g.row, g.grant_id AS id, g.key_row AS keyRow, g.name, g.grantee, g.retiring, g.issuer, g.terms,
  g.created_at AS createdAt`;

type Row = Omit<GrantRecord, 'terms'> & { readonly terms: string };

const recordOf = (row: Row): GrantRecord => ({ ...row, terms: JSON.parse(row.terms) });

/** The grants on a key whose grantee is one of these names. */
export function heldGrants(db: ReadDatabase, key: KeyRecord, names: readonly string[]): HeldGrant[] {
  return names.flatMap((name) =>
    db
      .all<{ id: string; terms: string }>(
        'SELECT grant_id AS id, terms FROM grants WHERE key_row = ? AND grantee = ? ORDER BY row',
        [key.row, name],
      )
      .map(({ id, terms }) => ({ id, terms: JSON.parse(terms) as StoredTerms })),
  );
}

export function grantById(db: ReadDatabase, id: string): GrantRecord | undefined {
  const row = db.get<Row>(`SELECT ${COLUMNS} FROM grants g WHERE g.grant_id = ?`, [id]);
  return row && recordOf(row);
}

/** The grant of that id on `key`. @throws KmsError `InvalidGrantIdException`, `NotFoundException` */
export function grantOf(db: ReadDatabase, key: KeyRecord, id: string): GrantRecord {
  checkGrantId(id);
  const grant = grantById(db, id);
  if (grant?.keyRow !== key.row) throw noGrant(id);
  return grant;
}

export const noGrant = (id: string) => new KmsError('NotFoundException', `Grant ID ${id} not found`);

/** @throws KmsError `InvalidGrantIdException` unless `id` has the form of one. */
export function checkGrantId(id: string): void {
  if (!/^[0-9a-f]{64}$/.test(id)) throw new KmsError('InvalidGrantIdException', `Invalid grant ID ${id}`);
}

/** The grants of that name on a key, oldest first. */
export function grantsNamed(db: ReadDatabase, key: KeyRecord, name: string): GrantRecord[] {
  const sql = `SELECT ${COLUMNS} FROM grants g WHERE g.key_row = ? AND g.name = ? AND g.name <> '' ORDER BY g.row`;
  return db.all<Row>(sql, [key.row, name]).map(recordOf);
}

export function countGrants(db: ReadDatabase, key: KeyRecord): number {
  return db.get<{ n: number }>('SELECT count(*) AS n FROM grants WHERE key_row = ?', [key.row])?.n ?? 0;
}

/** Whom a key's grants are for, those with the most first. */
export function granteesOf(db: ReadDatabase, key: KeyRecord, most: number): { Principal: string; Count: number }[] {
  return db.all<{ Principal: string; Count: number }>(
    `SELECT grantee AS Principal, count(*) AS Count FROM grants WHERE key_row = ?
     GROUP BY grantee ORDER BY Count DESC, grantee LIMIT ?`,
    [key.row, most],
  );
}

interface Page {
  /** Only rows after this one. */
  readonly after: number;
  readonly limit: number;
}

/** A key's grants, oldest first; only those of `grantee` when it is given. */
export function grantsOn(db: ReadDatabase, key: KeyRecord, grantee: string | undefined, page: Page): GrantRecord[] {
  const { after, limit } = page;
  const ofGrantee = grantee === undefined ? '' : ' AND g.grantee = ?';
  const sql = `SELECT ${COLUMNS} FROM grants g WHERE g.key_row = ?${ofGrantee} AND g.row > ? ORDER BY g.row LIMIT ?`;
  return db.all<Row>(sql, [key.row, ...(grantee === undefined ? [] : [grantee]), after, limit]).map(recordOf);
}

/** The grants in a Region that a principal may retire, oldest first. */
export function grantsRetirableBy(db: ReadDatabase, retiring: string, region: string, page: Page): GrantRecord[] {
  const sql = `SELECT ${COLUMNS} FROM grants g JOIN keys k ON k.row = g.key_row
    WHERE g.retiring = ? AND k.region = ? AND g.row > ? ORDER BY g.row LIMIT ?`;
  return db.all<Row>(sql, [retiring, region, page.after, page.limit]).map(recordOf);
}
