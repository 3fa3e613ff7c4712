import { KmsError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import type { ManagedService } from '../../shared/kms/services.ts';
import type { Trail } from '../audit/log.ts';
import type { Environment } from '../environment.ts';
import type { Store } from '../vault/types.ts';
import { Expirer } from './expiry.ts';
import { GrantTokens } from './grant-tokens.ts';
import { ImportTokens } from './import-tokens.ts';
import { KeyReader } from './key-rows.ts';
import { managedKey } from './managed-keys.ts';
import { Materials } from './materials.ts';
import { call, type PipelineParts } from './pipeline.ts';
import { operationNamed } from './registry.ts';
import { type Done, nextDue, runSchedule } from './schedule.ts';
import { birthOf } from './service-event.ts';
import { Settler } from './settling.ts';
import type { Caller, Engine } from './types.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly audit: Trail;
  readonly environment: Environment;
  /** Told of every failure that is a bug; the caller only sees `KMSInternalException`. */
  readonly onBug?: (error: unknown, operation: string) => void;
  /** Customer managed keys an account may have in a Region; AWS's quota unless given. */
  readonly keysPerRegion?: number;
}

/** The engine with what its owner drives: the work that comes due by the clock. */
export interface ScheduledEngine extends Engine {
  /**
   * The AWS managed key of a service in the caller's account and Region, for services that work for the caller; made when
   * it is first needed. Resolves when that is durable.
   */
  managedKey(caller: Caller, service: ManagedService): Promise<{ readonly keyId: string; readonly arn: string }>;
  /** Does the rotations, deletions and expirations due at `now` (ms) and resolves, once durable, to what was done. */
  runSchedule(now: number): Promise<Done[]>;
  /** When `runSchedule` has work next (ms since the epoch), or undefined. Ask again after every call that changes a key. */
  nextDue(): number | undefined;
}

export function createEngine({
  store,
  audit,
  environment,
  onBug = () => undefined,
  keysPerRegion = limits.keysPerRegion,
}: EngineOptions): ScheduledEngine {
  const materials = new Materials(store, environment.random);
  const grantTokens = new GrantTokens(store, environment.random);
  const importTokens = new ImportTokens(store, environment.random);
  const keys = new KeyReader();
  const settler = new Settler();
  const expirer = new Expirer(audit, materials);
  const parts: PipelineParts = {
    store,
    audit,
    onBug,
    contextOf(tx, caller) {
      const now = environment.clock.now();
      settler.settle(tx, now);
      expirer.expire(tx, now);
      return {
        tx,
        caller,
        now,
        random: environment.random,
        keys,
        materials,
        grantTokens,
        importTokens,
        born: [],
        signer: audit.signer,
        keysPerRegion,
      };
    },
  };
  return {
    async call(caller, name, input) {
      const operation = operationNamed(name);
      if (!operation) throw new KmsError('UnknownOperationException', 'There is no operation of that name.');
      return call(parts, caller, operation, input);
    },
    managedKey: (caller, service) =>
      store.transact((tx) => {
        const context = parts.contextOf(tx, caller);
        const { keyId, arn } = managedKey(context, service);
        for (const key of context.born) audit.append(tx, birthOf(key, context.now));
        return { keyId, arn };
      }),
    runSchedule: (now) => runSchedule({ store, audit, materials, settler, expirer }, now),
    nextDue: () => nextDue({ store }),
  };
}
