import type { ConnectionErrorCode, ConnectionState, CustomKeyStoreType } from '../../shared/kms/enums.ts';
import type { ReadDatabase, Transaction } from '../vault/types.ts';

/** The token of an AWS_CLOUDHSM key store. */
export interface TokenSettings {
  /** What the caller named it by: its label or its serial number. */
  readonly clusterId: string;
  readonly serial: string;
  readonly label: string;
  readonly trustAnchor?: string;
}

/** The proxy of an EXTERNAL_KEY_STORE key store; its secret access key is sealed apart. */
export interface ProxySettings {
  readonly uriEndpoint: string;
  readonly uriPath: string;
  readonly accessKeyId: string;
}

interface Common {
  readonly storeId: string;
  readonly accountId: string;
  readonly region: string;
  readonly name: string;
  readonly connection: ConnectionState;
  readonly error: ConnectionErrorCode | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The token's PIN or the proxy's secret access key, sealed by the vault for this store's id. */
  readonly sealed: Uint8Array;
}
export type TokenStore = Common & { readonly type: 'AWS_CLOUDHSM'; readonly settings: TokenSettings };
export type ProxyStore = Common & { readonly type: 'EXTERNAL_KEY_STORE'; readonly settings: ProxySettings };
/** A custom key store of one account in one Region. */
export type KeyStoreRecord = TokenStore | ProxyStore;

type Row = Omit<Common, never> & { readonly type: CustomKeyStoreType; readonly settings: string };

const SELECT = `SELECT store_id AS storeId, account_id AS accountId, region, name, type, settings, sealed, connection, error,
  created_at AS createdAt FROM key_stores`;
const BY_ID = `${SELECT} WHERE store_id = ?`;
const BY_NAME = `${SELECT} WHERE account_id = ? AND region = ? AND name = ?`;
const OF_ACCOUNT = `${SELECT} WHERE account_id = ? ORDER BY store_id`;
const UNSETTLED = `${SELECT} WHERE connection IN ('CONNECTING', 'DISCONNECTING')`;

const recordOf = (row: Row) => ({ ...row, settings: JSON.parse(row.settings) }) as KeyStoreRecord;

export function keyStoreById(db: ReadDatabase, storeId: string): KeyStoreRecord | undefined {
  const row = db.get<Row>(BY_ID, [storeId]);
  return row && recordOf(row);
}

export function keyStoreByName(
  db: ReadDatabase,
  accountId: string,
  region: string,
  name: string,
): KeyStoreRecord | undefined {
  const row = db.get<Row>(BY_NAME, [accountId, region, name]);
  return row && recordOf(row);
}

/** All key stores of an account, in every Region, by id: there are few. */
export function keyStoresOf(db: ReadDatabase, accountId: string): KeyStoreRecord[] {
  return db.all<Row>(OF_ACCOUNT, [accountId]).map(recordOf);
}

/** Those whose connecting or disconnecting was cut off, or is under way. */
export function unsettledKeyStores(db: ReadDatabase): KeyStoreRecord[] {
  return db.all<Row>(UNSETTLED).map(recordOf);
}

export function setConnection(
  tx: Transaction,
  storeId: string,
  connection: ConnectionState,
  error: ConnectionErrorCode | null = null,
): void {
  tx.run('UPDATE key_stores SET connection = ?, error = ? WHERE store_id = ?', [connection, error, storeId]);
}
