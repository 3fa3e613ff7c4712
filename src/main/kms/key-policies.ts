import { rootArn } from '../../shared/iam/arn.ts';
import type { PolicyDocument } from '../../shared/iam/policy-document.ts';
import { type CompiledPolicy, compilePolicy } from '../policy/compile.ts';
import { readPolicy } from '../policy/document.ts';
import type { ReadDatabase } from '../vault/types.ts';
import type { KeyRecord } from './key-rows.ts';

/** Key policies held compiled at once, by key and by text: most keys of an account have the same one. */
const HELD_MAX = 4096;

/** The key's policy document, JSON text. */
export function policyOf(db: ReadDatabase, key: Pick<KeyRecord, 'row'>): string {
  return db.get<{ policy: string }>('SELECT policy FROM keys WHERE row = ?', [key.row])?.policy ?? '';
}

/**
 * What stands for a policy that cannot be read any more, as one that an earlier grammar took: nobody may do anything but the
 * account's root see and replace it, or the key would be lost.
 */
const unreadable = (accountId: string): PolicyDocument => ({
  Statement: [
    {
      Sid: 'The policy cannot be read',
      Effect: 'Allow',
      Principal: { AWS: rootArn(accountId) },
      Action: ['kms:DescribeKey', 'kms:GetKeyPolicy', 'kms:PutKeyPolicy'],
      Resource: '*',
    },
  ],
});

/** The policy that a stored text comes to. */
export function keyPolicyDocument(text: string, accountId: string): PolicyDocument {
  try {
    return readPolicy(text, 'resource');
  } catch {
    return unreadable(accountId);
  }
}

/** A key policy ready to be asked, under the name it has. */
export const compileKeyPolicy = (document: PolicyDocument): CompiledPolicy =>
  compilePolicy(document, 'resource', 'default');

/** The policies of keys, ready to be asked; compiled once and held for as long as no key was written. */
export class KeyPolicies {
  readonly #byKey = new Map<number, CompiledPolicy>();
  readonly #byText = new Map<string, CompiledPolicy>();
  #stamp = -1;

  of(db: ReadDatabase, key: KeyRecord): CompiledPolicy {
    const stamp = db.stamp('keys');
    if (stamp !== this.#stamp || this.#byKey.size >= HELD_MAX) {
      this.#byKey.clear();
      this.#stamp = stamp;
    }
    let policy = this.#byKey.get(key.row);
    if (!policy) {
      policy = this.#compiled(policyOf(db, key), key.accountId);
      this.#byKey.set(key.row, policy);
    }
    return policy;
  }

  #compiled(text: string, accountId: string): CompiledPolicy {
    const name = `${accountId} ${text}`;
    let policy = this.#byText.get(name);
    if (!policy) {
      if (this.#byText.size >= HELD_MAX) this.#byText.clear();
      policy = compileKeyPolicy(keyPolicyDocument(text, accountId));
      this.#byText.set(name, policy);
    }
    return policy;
  }
}
