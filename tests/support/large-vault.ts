import { createAuditLog } from '../../src/main/audit/log.ts';
import type { AuditEntry } from '../../src/main/audit/types.ts';
import { createEngine } from '../../src/main/kms/engine.ts';
import { systemEnvironment } from '../../src/main/system.ts';
import { Vault } from '../../src/main/vault/vault.ts';
import { keyArn } from '../../src/shared/iam/arn.ts';
import { regions } from '../../src/shared/kms/regions.ts';
import { CALLER, populate, productOptions } from './vault-engine.ts';

/** Calls under way at a time: what group commit gathers. */
const IN_FLIGHT = 256;
/** Records of a transaction. */
const TOGETHER = 500;
const HOUR_MS = 3_600_000;
/** The days over which the records lie. */
const DAYS = 90;

/** Words that a search of such a trail finds: in a few records, and in many. */
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

type Call = Pick<AuditEntry, 'eventName' | 'readOnly' | 'requestParameters' | 'resources'> & Partial<AuditEntry>;

/** The calls such a trail has records of: a tenth with parameters of their own, a tenth refused, two tenths read by the window to draw itself. */
function callOf(number: number, arns: readonly string[]): Call {
  // Most calls are on one of a few keys; key 9 has one use in ten thousand.
  const key = number % 10_000 === 9 ? 9 : number % 10 === 9 ? number % arns.length : number % 9;
  const resource = arns[key % arns.length] ?? '';
  const keyId = resource.split('/').at(-1) ?? '';
  const onKey = { readOnly: true, resources: [resource] };
  const encryptionAlgorithm = 'SYMMETRIC_DEFAULT';
  switch (number % 10) {
    case 0: {
      const word = number % 100_000 === 50 ? RARE_CONTEXT : COMMON_CONTEXT;
      const encryptionContext = { file: `${word}-${number}.pdf`, 'aws-crypto-public-key': `A${number * 7919}x==` };
      return {
        ...onKey,
        eventName: 'GenerateDataKey',
        requestParameters: { keyId, encryptionContext, keySpec: 'AES_256' },
      };
    }
    case 1:
      return { ...onKey, eventName: 'DescribeKey', requestParameters: { keyId } };
    case 2:
      return {
        ...onKey,
        eventName: 'Decrypt',
        requestParameters: { keyId, encryptionAlgorithm },
        errorCode: 'InvalidCiphertextException',
        errorMessage: 'The ciphertext, or the encryption context that came with it, is not what was encrypted.',
      };
    case 3:
      return { eventName: 'GenerateRandom', readOnly: true, resources: [], requestParameters: { numberOfBytes: 32 } };
    case 4:
      return {
        eventName: 'ListKeyOverviews',
        eventSource: 'coffer.local',
        readOnly: true,
        resources: [],
        requestParameters: { limit: 1000 },
      };
    default:
      return { ...onKey, eventName: 'Encrypt', requestParameters: { keyId, encryptionAlgorithm } };
  }
}

/**
 * Makes a vault with many keys, each by the calls that make it, and a long trail, each record by the trail itself: chained, signed and
 * written as those of calls are. The records lie over some months.
 */
export async function makeLargeVault(dir: string, { keys, records, passphrase }: LargeVault): Promise<void> {
  const { vault } = await Vault.create(dir, productOptions(), { name: 'Bench', passphrase, useKeychain: false });
  const began = Date.now() - DAYS * 24 * HOUR_MS;
  await populate(vault, began);
  const audit = createAuditLog(vault);
  const engine = createEngine({
    store: vault,
    audit,
    environment: { ...systemEnvironment(), clock: { now: () => began } },
  });
  const caller = { ...CALLER, region: regions[0] };

  const arns: string[] = [];
  let next = 0;
  const maker = async () => {
    while (next < keys) {
      const number = next++;
      const { output } = await engine.call(caller, 'CreateKey', { Description: `Key ${number} of the bench` });
      const { KeyId } = output.KeyMetadata;
      arns[number] = keyArn(caller.region, caller.accountId, KeyId);
      await engine.call(caller, 'CreateAlias', { AliasName: `alias/bench-${number}`, TargetKeyId: KeyId });
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, maker));

  // Two calls made each key.
  const left = Math.max(0, records - 2 * keys);
  for (let first = 0; first < left; first += TOGETHER)
    await vault.transact((tx) => {
      for (let number = first; number < Math.min(first + TOGETHER, left); number++)
        audit.append(tx, {
          time: Math.floor(began + (number / left) * DAYS * 24 * HOUR_MS),
          eventSource: 'kms.amazonaws.com',
          principalArn: caller.principalArn,
          accountId: caller.accountId,
          region: caller.region,
          sourceIp: caller.sourceIp,
          userAgent: number % 10 === 0 ? 'Coffer/bench (files)' : 'Coffer/bench (window)',
          responseElements: null,
          ...callOf(number, arns),
        });
    });
  await vault.transact((tx) => audit.sealDigest(tx, Date.now()));
  await vault.snapshot();
  await vault.close();
}
