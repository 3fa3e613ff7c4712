import type { KeyPairSpec } from '../../src/main/crypto/key-pairs.ts';
import type { KeyUsage } from '../../src/shared/kms/enums.ts';
import { openTestEngine } from './engine.ts';

/** RSA takes seconds, so each suite has one engine, and a key of a spec and usage is made once. */
export async function openKeyPairEngine() {
  const t = await openTestEngine();
  const made = new Map<string, ReturnType<typeof t.key>>();
  return {
    ...t,
    /** The suite's key of that spec and usage; another one under another `name`. */
    keyOf(KeySpec: KeyPairSpec, KeyUsage: KeyUsage, name = '') {
      const id = `${KeySpec} ${KeyUsage} ${name}`;
      const key = made.get(id) ?? t.key({ KeySpec, KeyUsage });
      made.set(id, key);
      return key;
    },
    async publicKey(KeyId: string) {
      return (await t.call('GetPublicKey', { KeyId })).PublicKey;
    },
  };
}

export type KeyPairEngine = Awaited<ReturnType<typeof openKeyPairEngine>>;
