import { randomBytes } from 'node:crypto';
import { createAuditLog } from '../../src/main/audit/log.ts';
import type { Environment } from '../../src/main/environment.ts';
import { initialiseVault } from '../../src/main/kms/birth.ts';
import { createEngine, type EngineOptions } from '../../src/main/kms/engine.ts';
import type { Caller } from '../../src/main/kms/types.ts';
import { openMemoryStore } from '../../src/main/vault/memory-store.ts';
import { migrations } from '../../src/main/vault/migrations/index.ts';
import type { Store } from '../../src/main/vault/types.ts';
import { CofferError } from '../../src/shared/kms/errors.ts';
import { type OperationInput, type OperationName, operations } from '../../src/shared/kms/operations.ts';

export const ACCOUNT = '111122223333';
export const REGION = 'eu-central-1';
export const ROOT = `arn:aws:iam::${ACCOUNT}:root`;

/** A clock that stands still until it is moved. */
export class TestClock {
  time = Date.UTC(2026, 0, 1);
  now(): number {
    return this.time;
  }
  advanceDays(days: number): void {
    this.time += days * 86_400_000;
  }
}

export interface TestEngineOptions extends Partial<Pick<EngineOptions, 'onBug' | 'keysPerRegion' | 'keyStores'>> {
  /** Wraps the store before the engine sees it, to make it fail. */
  readonly wrap?: (store: Store) => Store;
}

/** The real engine over a vault in memory, with a clock that stands still and every answer checked by its schema. */
export async function openTestEngine({ wrap = (store) => store, ...options }: TestEngineOptions = {}) {
  const clock = new TestClock();
  const environment: Environment = { clock, random: { bytes: (length) => new Uint8Array(randomBytes(length)) } };
  const memory = await openMemoryStore(environment, migrations);
  const store = wrap(memory);
  const audit = createAuditLog(store);
  await memory.transact((tx) => {
    initialiseVault(tx, { accountId: ACCOUNT, now: clock.now() });
    audit.begin(tx, clock.now());
  });
  const bugs: unknown[] = [];
  const engine = createEngine({ store, audit, environment, onBug: (error) => bugs.push(error), ...options });
  const caller: Caller = {
    principalArn: ROOT,
    accountId: ACCOUNT,
    region: REGION,
    sourceIp: '127.0.0.1',
    userAgent: 'test',
  };
  /** Calls as the root principal; the answer has passed the operation's strict output schema. Comes with the record's id. */
  async function answer<N extends OperationName>(name: N, input: OperationInput<N>, as: Partial<Caller> = {}) {
    const answered = await engine.call({ ...caller, ...as }, name, input);
    operations[name].output.parse(answered.output);
    return answered;
  }
  /** The same without the record's id. */
  async function call<N extends OperationName>(name: N, input: OperationInput<N>, as: Partial<Caller> = {}) {
    return (await answer(name, input, as)).output;
  }
  return {
    engine,
    store: memory,
    audit,
    clock,
    bugs,
    caller,
    answer,
    call,
    /** The error a call is refused with; fails when it is not refused. */
    async refused<N extends OperationName>(name: N, input: unknown, as: Partial<Caller> = {}): Promise<CofferError> {
      try {
        await engine.call({ ...caller, ...as }, name, input as OperationInput<N>);
      } catch (error) {
        if (error instanceof CofferError) return error;
        throw error;
      }
      throw new Error(`${name} was not refused`);
    },
    /** Makes a key and returns its id and ARN. */
    async key(input: OperationInput<'CreateKey'> = {}, as: Partial<Caller> = {}) {
      const { KeyMetadata } = await call('CreateKey', input, as);
      return { id: KeyMetadata.KeyId, arn: KeyMetadata.Arn };
    },
    /** The newest records of the trail, newest first. */
    async events(count = 10) {
      return (await call('LookupEvents', { MaxResults: count })).Events;
    },
    close: () => memory.lock(),
  };
}
