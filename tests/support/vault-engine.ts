import { createAuditLog } from '../../src/main/audit/log.ts';
import { initialiseVault } from '../../src/main/kms/birth.ts';
import { createEngine } from '../../src/main/kms/engine.ts';
import type { Caller } from '../../src/main/kms/types.ts';
import { systemEnvironment } from '../../src/main/system.ts';
import { migrations } from '../../src/main/vault/migrations/index.ts';
import type { Vault, VaultOptions } from '../../src/main/vault/vault.ts';
import { vaultOptions } from './vault.ts';

export const ACCOUNT = '111122223333';

export const CALLER: Caller = {
  principalArn: `arn:aws:iam::${ACCOUNT}:root`,
  accountId: ACCOUNT,
  region: 'eu-central-1',
  sourceIp: '127.0.0.1',
  userAgent: 'test',
};

/** What a vault of the product is opened with, but for the cost of scrypt and the keychain. */
export function productOptions(changes: Partial<VaultOptions> = {}): VaultOptions {
  return vaultOptions({ migrations, ...changes });
}

/** The real engine and trail over an open vault. */
export function engineOf(vault: Vault) {
  const audit = createAuditLog(vault);
  const engine = createEngine({ store: vault, audit, environment: systemEnvironment() });
  return { audit, engine };
}

/** What the product does when it has made a vault: an account of its own, and a trail whose empty end is authenticated. */
export async function populate(vault: Vault, now = Date.now()): Promise<void> {
  await vault.transact((tx) => {
    initialiseVault(tx, { accountId: ACCOUNT, now });
    createAuditLog(vault).begin(tx, now);
  });
}
