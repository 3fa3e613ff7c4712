import type { ReadDatabase } from '../vault/types.ts';
import { DAY } from './lifecycle.ts';

/** How far ahead a person is told of what will happen by itself. */
export const COMING_DAYS = 7;

/** Something that will happen to a key by itself. */
export interface Coming {
  readonly what: 'deletion' | 'rotation' | 'expiry';
  readonly keyId: string;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The key's first alias. */
  readonly alias: string | null;
}

const ALIAS = '(SELECT a.name FROM aliases a WHERE a.key_row = k.row ORDER BY a.name LIMIT 1) AS alias';
const COMING = `
  SELECT 'deletion' AS what, k.key_id AS keyId, k.region AS region, k.deletion_at AS at, ${ALIAS}
    FROM keys k WHERE k.deletion_at > ?1 AND k.deletion_at <= ?2 AND k.state = 'PendingDeletion'
  UNION ALL
  SELECT 'rotation', k.key_id, k.region, l.next_rotation, ${ALIAS}
    FROM key_lines l JOIN keys k ON k.account_id = l.account_id AND k.key_id = l.key_id
    WHERE l.rotation_enabled = 1 AND l.next_rotation > ?1 AND l.next_rotation <= ?2 AND k.state = 'Enabled'
      AND k.multi_region IS NOT 'REPLICA'
  UNION ALL
  SELECT 'expiry', k.key_id, k.region, min(i.expires_at), ${ALIAS}
    FROM imports i JOIN keys k ON k.row = i.key_row WHERE i.expires_at > ?1 AND i.expires_at <= ?2 GROUP BY k.row
  ORDER BY at, keyId, region`;

/** What will happen by itself in the days to come, in every account and Region, the soonest first. */
export const comingUp = (db: ReadDatabase, now: number): Coming[] =>
  db.all<Coming>(COMING, [now, now + COMING_DAYS * DAY]);
