import { parseArn, userArn } from '../../shared/iam/arn.ts';
import type { PolicyDocument } from '../../shared/iam/policy-document.ts';
import { type CompiledPolicy, compilePolicy } from '../policy/compile.ts';
import { readPolicy } from '../policy/document.ts';
import type { ReadDatabase } from '../vault/types.ts';

export interface NamedDocument {
  readonly name: string;
  readonly document: PolicyDocument;
}

/** What a principal brings to a decision. */
export interface Standing {
  /** By name, as they are kept and ready to be asked. */
  readonly documents: readonly NamedDocument[];
  readonly policies: readonly CompiledPolicy[];
  readonly tags: Readonly<Record<string, string>>;
}

const NONE: Standing = { documents: [], policies: [], tags: {} };
/** Standings held at once; more are read anew. */
const HELD_MAX = 1024;

interface Row {
  readonly row: number;
  readonly path: string;
  readonly name: string;
  readonly tags: string;
}

/** The user or role behind a caller's ARN, or undefined for a root, a service and whoever is gone. */
export function principalBehind(db: ReadDatabase, principalArn: string): Row | undefined {
  const arn = parseArn(principalArn);
  const [kind, ...rest] = arn?.resource.split('/') ?? [];
  const isUser = kind === 'user';
  if (!arn || (!isUser && kind !== 'assumed-role')) return undefined;
  const name = isUser ? rest.at(-1) : rest[0];
  const found = db.get<Row>(
    'SELECT row, path, name, tags FROM principals WHERE account_id = ? AND kind = ? AND name = ?',
    [arn.accountId, isUser ? 'user' : 'role', name ?? ''],
  );
  // Names are found in any case, as they are unique so; who calls is spelled exactly.
  const same = isUser ? found && userArn(arn.accountId, found.path, found.name) === principalArn : found?.name === name;
  return same ? found : undefined;
}

/** A policy that cannot be read any more gives nothing. */
function read(name: string, text: string): NamedDocument[] {
  try {
    return [{ name, document: readPolicy(text, 'identity') }];
  } catch {
    return [];
  }
}

/** The identity policies and tags of callers, compiled once and held for as long as none was written. */
export class IdentityPolicies {
  readonly #held = new Map<string, Standing>();
  #stamp = -1;

  of(db: ReadDatabase, principalArn: string): Standing {
    const stamp = db.stamp('principals') + db.stamp('identity_policies');
    if (stamp !== this.#stamp || this.#held.size >= HELD_MAX) {
      this.#held.clear();
      this.#stamp = stamp;
    }
    let standing = this.#held.get(principalArn);
    if (!standing) {
      standing = this.#read(db, principalArn);
      this.#held.set(principalArn, standing);
    }
    return standing;
  }

  #read(db: ReadDatabase, principalArn: string): Standing {
    const principal = principalBehind(db, principalArn);
    if (!principal) return NONE;
    const rows = db.all<{ name: string; document: string }>(
      'SELECT name, document FROM identity_policies WHERE principal = ? ORDER BY name',
      [principal.row],
    );
    const documents = rows.flatMap(({ name, document }) => read(name, document));
    return {
      documents,
      policies: documents.map(({ name, document }) => compilePolicy(document, 'identity', name)),
      tags: JSON.parse(principal.tags),
    };
  }
}
