import path from 'node:path';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { expect, it } from 'vitest';
import { systemKeychain } from '../../../src/main/vault/keychain.ts';
import { keychainAccount } from '../../../src/main/vault/slots.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { buildServe } from '../../support/serve.ts';
import { inTemporaryFolder, PASSPHRASE } from '../../support/vault.ts';
import { populate, productOptions } from '../../support/vault-engine.ts';

// Other platforms' keychains belong to whoever runs the tests.
it.runIf(process.platform === 'linux')(
  'serves a vault by the keychain, and asks for the passphrase without its key',
  () =>
    inTemporaryFolder(async (home) => {
      const keychain = systemKeychain();
      const dir = path.join(home, 'vault');
      const wish = { name: 'Kept', passphrase: PASSPHRASE, useKeychain: true };
      const { vault } = await Vault.create(dir, productOptions({ keychain }), wish);
      const slotId = vault.slots().find(({ kind }) => kind === 'keychain')?.id ?? '';
      const account = keychainAccount(vault.id, slotId);
      const serve = await buildServe({ keychain: true });
      try {
        await populate(vault);
        await vault.close();
        const serving = await serve.start({ vault: dir, byKeychain: true, args: ['--new-access-key'] });
        const { KeyMetadata } = await new KMSClient(serving.config()).send(new CreateKeyCommand({}));
        expect(KeyMetadata?.KeyState).toBe('Enabled');
        expect(await serving.stop()).toBe(0);
        await keychain.delete(account);
        const { code, stderr } = await serve.run(['--port', '0', '--vault', dir]);
        expect(code).toBe(1);
        expect(stderr).toMatch(/keychain does not give the key of this vault/);
        expect(stderr).toMatch(/no terminal to ask for the passphrase on/);
      } finally {
        await serve.remove();
        await vault.close();
        await keychain.delete(account);
      }
    }),
);
