import path from 'node:path';
import { initialiseVault } from '../../src/main/kms/birth.ts';
import { Vault } from '../../src/main/vault/vault.ts';
import { regions } from '../../src/shared/kms/regions.ts';
import { ACCOUNT, CALLER, engineOf, productOptions } from './vault-engine.ts';

/** Calls under way at once: they share the sync of their commits. */
const TOGETHER = 500;

/** Puts a locked vault with many keys where an application in `home` looks for one. */
export async function makeFullVault(home: string, passphrase: string, keys: number): Promise<void> {
  const wish = { name: 'Full', passphrase, useKeychain: false };
  const { vault } = await Vault.create(path.join(home, 'vault'), productOptions(), wish);
  await vault.transact((tx) => initialiseVault(tx, { accountId: ACCOUNT, now: Date.now() }));
  const { engine } = engineOf(vault);
  const caller = { ...CALLER, region: regions[0] };
  for (let made = 0; made < keys; made += TOGETHER) {
    await Promise.all(
      Array.from({ length: Math.min(TOGETHER, keys - made) }, async (_, index) => {
        const input = { Description: `shelf-${made + index}` };
        const { output } = await engine.call(caller, 'CreateKey', input);
        const TargetKeyId = output.KeyMetadata.KeyId;
        await engine.call(caller, 'CreateAlias', { AliasName: `alias/key-${made + index}`, TargetKeyId });
      }),
    );
  }
  await vault.close();
}
