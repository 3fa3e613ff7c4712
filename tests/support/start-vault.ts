import { systemEnvironment } from '../../src/main/system.ts';
import { systemKeychain } from '../../src/main/vault/keychain.ts';
import { migrations } from '../../src/main/vault/migrations/index.ts';
import { Vault } from '../../src/main/vault/vault.ts';
import { regions } from '../../src/shared/kms/regions.ts';
import { CALLER, engineOf, populate } from './vault-engine.ts';

const KEYS = 100;

/** Makes a vault with a hundred keys, at scrypt's full cost. */
export async function makeVault(dir: string, passphrase: string): Promise<void> {
  const options = { ...systemEnvironment(), keychain: systemKeychain(), migrations };
  const { vault } = await Vault.create(dir, options, {
    name: 'Bench',
    passphrase,
    useKeychain: (await options.keychain.available()).ok,
  });
  await populate(vault);
  const { engine } = engineOf(vault);
  const caller = { ...CALLER, region: regions[0] };
  await Promise.all(
    Array.from({ length: KEYS }, async (_, number) => {
      const { output } = await engine.call(caller, 'CreateKey', {});
      await engine.call(caller, 'CreateAlias', {
        AliasName: `alias/key-${number}`,
        TargetKeyId: output.KeyMetadata.KeyId,
      });
    }),
  );
  await vault.close();
}
