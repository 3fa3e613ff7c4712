import { KmsError } from '../../shared/kms/errors.ts';
import { limits } from '../../shared/kms/limits.ts';
import type { ManagedService } from '../../shared/kms/services.ts';
import { IdentityPolicies } from '../access/identity-policies.ts';
import type { Trail } from '../audit/log.ts';
import type { Environment } from '../environment.ts';
import type { Store } from '../vault/types.ts';
import { type KeyStoreOptions, KeyStores } from './connections.ts';
import { Expirer } from './expiry.ts';
import { GrantTokens } from './grant-tokens.ts';
import { ImportTokens } from './import-tokens.ts';
import { KeyPolicies } from './key-policies.ts';
import { KeyReader } from './key-rows.ts';
import { managedKey } from './managed-keys.ts';
import { Materials } from './materials.ts';
import { call, type PipelineParts } from './pipeline.ts';
import { operationNamed } from './registry.ts';
import { type Done, nextDue, runSchedule } from './schedule.ts';
import { type GivenKey, makeGivenKey } from './seeding.ts';
import { birthOf } from './service-event.ts';
import { SETTLING, Settler } from './settling.ts';
import type { Caller, Engine } from './types.ts';

export interface EngineOptions {
  readonly store: Store;
  readonly audit: Trail;
  readonly environment: Environment;
  /** Told of every failure that is a bug; the caller only sees `KMSInternalException`. */
  readonly onBug?: (error: unknown, operation: string) => void;
  /** Customer managed keys an account may have in a Region; AWS's quota unless given. */
  readonly keysPerRegion?: number;
  readonly keyStores?: KeyStoreOptions;
}

/** The engine with what its owner drives: the work that comes due by the clock. */
export interface ScheduledEngine extends Engine {
  /**
   * The AWS managed key of a service in the caller's account and Region, for services that work for the caller; made when
   * it is first needed. Resolves when that is durable.
   */
  managedKey(caller: Caller, service: ManagedService): Promise<{ readonly keyId: string; readonly arn: string }>;
  /** Makes a key whose id and material are given, as CreateKey does; for seeds. Resolves when it is durable. */
  makeGivenKey(caller: Caller, given: GivenKey): Promise<void>;
  /** Ends the passing states of all keys now; for seeds, whose keys are ready from the start. */
  settleAll(): Promise<void>;
  /** Does the rotations, deletions and expirations due at `now` (ms) and resolves, once durable, to what was done. */
  runSchedule(now: number): Promise<Done[]>;
  /** When `runSchedule` has work next (ms since the epoch), or undefined. Ask again after every call that changes a key. */
  nextDue(): number | undefined;
  /** Takes up the connecting of key stores that the last closing of the vault cut off. */
  resumeKeyStores(): void;
  /** Resolves when nothing is under way at key stores but what calls wait for. */
  keyStoresSettled(): Promise<void>;
}

export function createEngine({
  store,
  audit,
  environment,
  onBug = () => undefined,
  keysPerRegion = limits.keysPerRegion,
  keyStores: keyStoreOptions = {},
}: EngineOptions): ScheduledEngine {
  const materials = new Materials(store, environment.random);
  const grantTokens = new GrantTokens(store, environment.random);
  const keyStores = new KeyStores({ store, environment, onBug }, keyStoreOptions);
  const importTokens = new ImportTokens(store, environment.random);
  const keys = new KeyReader();
  const keyPolicies = new KeyPolicies();
  const identities = new IdentityPolicies();
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
        keyPolicies,
        identities,
        materials,
        grantTokens,
        keyStores,
        importTokens,
        born: [],
        trail: audit.search,
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
    makeGivenKey: (caller, given) =>
      store.transact((tx) => {
        makeGivenKey(parts.contextOf(tx, caller), audit, given);
      }),
    settleAll: () => store.transact((tx) => settler.settle(tx, environment.clock.now() + SETTLING)),
    runSchedule: (now) => runSchedule({ store, audit, materials, settler, expirer, keyStores }, now),
    nextDue: () => nextDue({ store }),
    resumeKeyStores: () => keyStores.resume(),
    keyStoresSettled: () => keyStores.settled(),
  };
}
