import { KmsError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import type { Trail } from '../audit/log.ts';
import type { Environment } from '../environment.ts';
import type { Store } from '../vault/types.ts';
import { KeyReader } from './key-rows.ts';
import { Materials } from './materials.ts';
import { call, type PipelineParts } from './pipeline.ts';
import { operationNamed } from './registry.ts';
import { type Done, nextDue, runSchedule } from './schedule.ts';
import type { Engine } from './types.ts';

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
  /** Does the rotations and deletions due at `now` (ms) and resolves, once durable, to what was done. */
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
  const keys = new KeyReader();
  const parts: PipelineParts = {
    store,
    audit,
    onBug,
    contextOf: (tx, caller) => ({
      tx,
      caller,
      now: environment.clock.now(),
      random: environment.random,
      keys,
      materials,
      signer: audit.signer,
      keysPerRegion,
    }),
  };
  return {
    async call(caller, name, input) {
      const operation = operationNamed(name);
      if (!operation) throw new KmsError('UnknownOperationException', 'There is no operation of that name.');
      return call(parts, caller, operation, input);
    },
    runSchedule: (now) => runSchedule({ store, audit, materials }, now),
    nextDue: () => nextDue({ store }),
  };
}
