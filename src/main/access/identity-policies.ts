import type { PolicyDocument } from '../../shared/iam/policy-document.ts';
import { type CompiledPolicy, compilePolicy } from '../policy/compile.ts';
import { readPolicy } from '../policy/document.ts';
import type { ReadDatabase } from '../vault/types.ts';
import { principalOf } from './principals.ts';

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

/** What stands for a policy that cannot be read any more: what it denied is not known, so it denies everything. */
const UNREADABLE: PolicyDocument = {
  Statement: [{ Sid: 'The policy cannot be read', Effect: 'Deny', Action: '*', Resource: '*' }],
};

function read(text: string): PolicyDocument {
  try {
    return readPolicy(text, 'identity');
  } catch {
    return UNREADABLE;
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
    const principal = principalOf(db, principalArn);
    if (!principal) return NONE;
    const rows = db.all<{ name: string; document: string }>(
      'SELECT name, document FROM identity_policies WHERE principal = ? ORDER BY name',
      [principal.row],
    );
    const documents = rows.map(({ name, document }) => ({ name, document: read(document) }));
    return {
      documents,
      policies: documents.map(({ name, document }) => compilePolicy(document, 'identity', name)),
      tags: principal.tags,
    };
  }
}
