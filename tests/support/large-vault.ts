import { createAuditLog } from '../../src/main/audit/log.ts';
import { createEngine } from '../../src/main/kms/engine.ts';
import { systemEnvironment } from '../../src/main/system.ts';
import { Vault } from '../../src/main/vault/vault.ts';
import { regions } from '../../src/shared/kms/regions.ts';
import { CALLER, populate, productOptions } from './vault-engine.ts';

/** Calls under way at a time: what group commit gathers. */
const IN_FLIGHT = 256;
const DAY_MS = 86_400_000;
/** The days over which the records lie. */
const DAYS = 90;

/** Words that a search of such a trail finds: in no record, in a few, in many. */
export const RARE_CONTEXT = 'heliotrope';
export const COMMON_CONTEXT = 'report';
/** Aliases of keys that many and that few records are about. */
export const BUSY_ALIAS = 'alias/bench-0';
export const QUIET_ALIAS = 'alias/bench-9';

export interface LargeVault {
  readonly keys: number;
  readonly records: number;
  readonly passphrase: string;
}

/**
 * Makes a vault with many keys and a long trail, by the calls that make them, under a clock that runs through some months. A tenth of
 * the records have parameters that no other has; as many are refused.
 */
export async function makeLargeVault(dir: string, { keys, records, passphrase }: LargeVault): Promise<void> {
  const { vault } = await Vault.create(dir, productOptions(), { name: 'Bench', passphrase, useKeychain: false });
  await populate(vault, Date.now() - DAYS * DAY_MS);
  const audit = createAuditLog(vault);
  const began = Date.now() - DAYS * DAY_MS;
  let made = 0;
  const now = () => began + Math.min(1, made / records) * DAYS * DAY_MS;
  const engine = createEngine({ store: vault, audit, environment: { ...systemEnvironment(), clock: { now } } });
  const caller = { ...CALLER, region: regions[0] };

  /** Runs numbered calls, many at a time. */
  const run = async (count: number, call: (number: number) => Promise<unknown>) => {
    let next = 0;
    const worker = async () => {
      while (next < count) {
        await call(next++);
        made++;
      }
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  };

  const ids: string[] = [];
  await run(keys, async (number) => {
    const { output } = await engine.call(caller, 'CreateKey', { Description: `Key ${number} of the bench` });
    ids[number] = output.KeyMetadata.KeyId;
    await engine.call(caller, 'CreateAlias', { AliasName: `alias/bench-${number}`, TargetKeyId: ids[number] });
  });
  const Plaintext = new Uint8Array(32);
  const forged = new Uint8Array(200).fill(1);
  const kinds: readonly ((number: number, KeyId: string) => Promise<unknown>)[] = [
    (number, KeyId) =>
      engine.call(caller, 'GenerateDataKeyWithoutPlaintext', {
        KeyId,
        EncryptionContext: { file: `${number % 100_000 === 50 ? RARE_CONTEXT : COMMON_CONTEXT}-${number}.pdf` },
      }),
    (_, KeyId) => engine.call(caller, 'DescribeKey', { KeyId }),
    (_, KeyId) => engine.call(caller, 'Decrypt', { KeyId, CiphertextBlob: forged }).catch(() => undefined),
    () => engine.call(caller, 'GenerateRandom', { NumberOfBytes: 32 }),
    () => engine.call(caller, 'ListKeyOverviews', { Limit: 1 }),
  ];
  // Two calls made each key.
  await run(Math.max(0, records - 2 * keys), (number) => {
    // Most calls are on one of a few keys; key 9 has one use in ten thousand.
    const key = number % 10_000 === 9 ? 9 : number % 10 === 9 ? number % keys : number % 9;
    const KeyId = ids[key % keys] ?? '';
    const kind = kinds[number % 10];
    return kind ? kind(number, KeyId) : engine.call(caller, 'Encrypt', { KeyId, Plaintext });
  });
  await vault.transact((tx) => audit.sealDigest(tx, Date.now()));
  await vault.snapshot();
  await vault.close();
}
