import path from 'node:path';
import { openPreferences } from '../../src/main/preferences.ts';
import { Session } from '../../src/main/session.ts';
import { systemEnvironment } from '../../src/main/system.ts';
import { regions } from '../../src/shared/kms/regions.ts';
import { memoryKeychain, QUICK_SCRYPT } from './vault.ts';

export const PASSPHRASE = 'correct horse battery staple';

const [REGION] = regions;

/** Puts into `home` what first run leaves: a locked vault, its recovery code typed back, with a first key. Its passphrase is quick to check. */
export async function makeFirstVault(home: string, alias: string): Promise<void> {
  const defaultVaultPath = path.join(home, 'vault');
  const session = new Session({
    environment: systemEnvironment(),
    keychain: memoryKeychain(),
    preferences: await openPreferences(path.join(home, 'config')),
    defaultVaultPath,
    version: '0.0.0-test',
    fileWorker: new URL('file:///nowhere.js'),
    emit: () => undefined,
    onBug(error) {
      throw error;
    },
    scrypt: QUICK_SCRYPT,
  });
  const wish = { path: defaultVaultPath, name: 'My vault', passphrase: PASSPHRASE, useKeychain: false, region: REGION };
  const { recoveryCode } = await session.create(wish);
  const groups = recoveryCode.split('-').map((text, index) => ({ index, text }));
  if (!(await session.confirmRecovery(groups))) throw new Error('the recovery code was not taken');
  const { engine, callerIn } = session.opened();
  const { output } = await engine.call(callerIn(REGION), 'CreateKey', {});
  const TargetKeyId = output.KeyMetadata.KeyId;
  await engine.call(callerIn(REGION), 'CreateAlias', { AliasName: `alias/${alias}`, TargetKeyId });
  await session.lock('closed');
}
