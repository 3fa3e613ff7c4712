import { randomBytes } from 'node:crypto';
import type { Caller } from '../../src/main/kms/types.ts';
import { ownCaller, startServices } from '../../src/main/services.ts';
import { migrations } from '../../src/main/vault/migrations/index.ts';
import { Vault } from '../../src/main/vault/vault.ts';
import { writeSetting } from '../../src/main/vault-settings.ts';
import type { OperationInput, OperationName } from '../../src/shared/kms/operations.ts';
import { regions } from '../../src/shared/kms/regions.ts';
import { DAY_MS } from '../../src/shared/time.ts';
import { demoKeys, demoPeople } from './demo-world.ts';
import { freshMaterial, wrapped } from './importing.ts';
import { memoryKeychain, QUICK_SCRYPT, seededNumbers } from './vault.ts';

/** The Region a window shows that was never told another. */
const [REGION] = regions;
const REPLICA_REGION = 'eu-central-1';
const OTHER_ACCOUNT = '444455556666';
/** Days of history before now; imported material may last 365. */
const DAYS = 350;
/** The last days, in which most calls lie. */
const BUSY_DAYS = 35;
const CALLS = 900;

const bytes = (text: string) => new TextEncoder().encode(text);

/**
 * Makes a vault that somebody has used for a year: keys of every kind, in every state, rotated, replicated and imported; people;
 * and a trail with calls of several, some refused. The same every time, but for ids, key material and the day it is made on.
 */
export async function makeDemoVault(dir: string, passphrase: string, now = Date.now()): Promise<void> {
  let time = now - DAYS * DAY_MS;
  const environment = {
    clock: { now: () => time },
    random: { bytes: (length: number) => new Uint8Array(randomBytes(length)) },
  };
  const options = { ...environment, keychain: memoryKeychain(), migrations, scrypt: QUICK_SCRYPT };
  const { vault } = await Vault.create(dir, options, { name: 'Family and shop', passphrase, useKeychain: false });
  const services = await startServices(vault, {
    environment,
    onBug: (error) => {
      throw error;
    },
  });
  const account = services.accountId;
  const owner = ownCaller(account, REGION, '0.1.0', 'window');
  const call = async <N extends OperationName>(name: N, input: OperationInput<N>, as: Partial<Caller> = {}) =>
    (await services.engine.call({ ...owner, ...as }, name, input)).output;
  const later = async (ms: number) => {
    time += ms;
    await services.runDue();
  };
  await vault.transact((tx) => writeSetting(tx, 'recoveryConfirmed', true));

  for (const [name, input] of demoPeople(account, OTHER_ACCOUNT)) {
    await later(60_000);
    await services.people.call(owner, name, input);
  }
  const ids = new Map<string, string>();
  for (const { alias, rotationDays, material, ...input } of demoKeys(account)) {
    await later(3 * 60_000);
    const { KeyMetadata } = await call('CreateKey', input);
    const KeyId = KeyMetadata.KeyId;
    if (alias) {
      ids.set(alias, KeyId);
      await call('CreateAlias', { AliasName: `alias/${alias}`, TargetKeyId: KeyId });
    }
    if (rotationDays) await call('EnableKeyRotation', { KeyId, RotationPeriodInDays: rotationDays });
    if (material === undefined) continue;
    const { ImportToken, PublicKey } = await call('GetParametersForImport', {
      KeyId,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_2048',
    });
    await call('ImportKeyMaterial', {
      KeyId,
      ImportToken,
      EncryptedKeyMaterial: wrapped('RSAES_OAEP_SHA_256', PublicKey, freshMaterial('SYMMETRIC_DEFAULT')),
      ...(material === 'expires'
        ? { ExpirationModel: 'KEY_MATERIAL_EXPIRES' as const, ValidTo: new Date(now + 9 * DAY_MS) }
        : { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' as const }),
    });
  }
  const id = (alias: string) => ids.get(alias) ?? '';
  await call('ReplicateKey', { KeyId: id('orders'), ReplicaRegion: REPLICA_REGION });
  await later(60_000);
  await call('CreateGrant', {
    KeyId: id('orders'),
    GranteePrincipal: `arn:aws:iam::${account}:role/Deployer`,
    Operations: ['Encrypt', 'Decrypt', 'GenerateDataKey'],
    Constraints: { EncryptionContextSubset: { shop: 'north' } },
    Name: 'nightly-export',
  });

  // A year goes by: what rotates, rotates.
  while (time < now - BUSY_DAYS * DAY_MS) await later(10 * DAY_MS);
  await call('RotateKeyOnDemand', { KeyId: id('family') });
  await call('DisableKey', { KeyId: id('staging') });

  const number = seededNumbers(2026);
  const secret = await call('Encrypt', {
    KeyId: id('orders'),
    Plaintext: bytes('4000 0012 3456'),
    EncryptionContext: { shop: 'north' },
  });
  const user = (name: string): Partial<Caller> => ({
    principalArn: `arn:aws:iam::${account}:user/${name}`,
    userAgent: 'aws-cli/2.31.9 md/awscrt#0.27.6 ua/2.1 os/linux',
  });
  const role: Partial<Caller> = {
    principalArn: `arn:aws:sts::${account}:assumed-role/Deployer/release-41`,
    userAgent: 'aws-sdk-js/3.1164.0 ua/2.1 os/linux lang/js md/nodejs#20.20',
  };
  const files = ownCaller(account, REGION, '0.1.0', 'files');
  const shop = { EncryptionContext: { shop: 'north' } };
  const kinds: (() => Promise<unknown>)[] = [
    () => call('Encrypt', { KeyId: id('orders'), Plaintext: bytes('an order'), ...shop }, user('ada')),
    () => call('Decrypt', { CiphertextBlob: secret.CiphertextBlob ?? new Uint8Array(), ...shop }, user('ada')),
    () => call('GenerateDataKey', { KeyId: id('orders'), KeySpec: 'AES_256', ...shop }, user('ada')),
    () => call('GenerateDataKey', { KeyId: id('family'), KeySpec: 'AES_256' }, files),
    () => call('GenerateMac', { KeyId: id('sessions'), MacAlgorithm: 'HMAC_SHA_256', Message: bytes('a visit') }, role),
    () => call('Sign', { KeyId: id('releases'), SigningAlgorithm: 'ECDSA_SHA_256', Message: bytes('a release') }, role),
    () => call('DescribeKey', { KeyId: id('orders') }, user('grace')),
    // Refused: another context, a disabled key, a permission that is not there.
    () => call('Decrypt', { CiphertextBlob: secret.CiphertextBlob ?? new Uint8Array() }, user('ada')),
    () => call('Encrypt', { KeyId: id('staging'), Plaintext: bytes('x') }, user('ada')),
    () => call('Decrypt', { CiphertextBlob: secret.CiphertextBlob ?? new Uint8Array(), ...shop }, user('grace')),
  ];
  for (let made = 0; made < CALLS; made++) {
    // Later days have more of them, and nobody works at night.
    const left = now - 3_600_000 - time;
    await later(Math.floor((left / (CALLS - made)) * (0.4 + number(120) / 100)));
    const hour = new Date(time).getUTCHours();
    if (hour < 6 && number(10) < 8) continue;
    const kind = number(40) < 37 ? number(7) : 7 + number(3);
    await kinds[kind]?.().catch(() => undefined);
  }
  time = now - 1_800_000;
  await call('ScheduleKeyDeletion', { KeyId: id('old-laptop'), PendingWindowInDays: 7 });
  await call('UpdateKeyDescription', { KeyId: id('family'), Description: 'Letters, photos, the will' });
  time = now;
  await services.sealTrail();
  await vault.close();
}
