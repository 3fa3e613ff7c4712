import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type {
  $Command,
  KMS,
  KMSClientResolvedConfig,
  ServiceInputTypes,
  ServiceOutputTypes,
} from '@aws-sdk/client-kms';
import type { Service } from './service.ts';

/** What a row works with. */
export interface Ground {
  readonly service: Service;
  /** The client whose calls are tried, and whom it calls as: a root, user or role. */
  readonly kms: KMS;
  readonly me: string;
  /** A new symmetric key. */
  readonly KeyId: string;
}

type Made<T> = T | Promise<T>;
/** Brings an exception about; answers what to change in the good input for it, if anything. */
export type Provoke<Input = object> = (ground: Ground, input: Input) => Made<object | undefined>;

/** An operation and the exceptions it documents, and how each of them comes about. */
interface Parts<Input, Output> {
  /** The input of a call that is answered. */
  readonly good: (ground: Ground) => Made<Input>;
  /** Proves the answer: what was encrypted opens, what was changed is changed. */
  readonly check: (output: Output, ground: Ground, input: Input) => Made<void>;
  readonly refused: Readonly<Record<string, Provoke<Input>>>;
  /** Why nothing a client does brings an exception about. */
  readonly uncovered?: Readonly<Record<string, string>>;
}

export interface Row {
  readonly name: string;
  readonly refused: readonly string[];
  readonly uncovered: Readonly<Record<string, string>>;
  /** Makes the good call and proves its answer. */
  good(ground: Ground): Promise<void>;
  /** The good call as somebody else. */
  as(somebody: KMS, ground: Ground): Promise<unknown>;
  /** Provokes an exception by a call; resolves when it was answered. */
  provoke(exception: string, ground: Ground): Promise<unknown>;
}

type CommandClass<Input extends ServiceInputTypes, Output extends ServiceOutputTypes> = new (
  input: Input,
) => $Command<Input, Output, KMSClientResolvedConfig, ServiceInputTypes, ServiceOutputTypes>;

/** Of every operation: a client cannot bring it about, and injected faults have tests of their own. */
const ALWAYS = { KMSInternalException: 'No client can make Coffer fail inside; injected faults do, in other tests.' };

export function row<Input extends ServiceInputTypes, Output extends ServiceOutputTypes>(
  Command: CommandClass<Input, Output>,
  { good, check, refused, uncovered = {} }: Parts<Input, Output>,
): Row {
  return {
    name: Command.name.replace(/Command$/, ''),
    refused: Object.keys(refused),
    uncovered: { ...uncovered, ...ALWAYS },
    async good(ground) {
      const input = await good(ground);
      await check(await ground.kms.send(new Command(input)), ground, input);
    },
    async as(somebody, ground) {
      return somebody.send(new Command(await good(ground)));
    },
    async provoke(exception, ground) {
      const input = await good(ground);
      const change = await refused[exception]?.(ground, input);
      return ground.kms.send(new Command({ ...input, ...change }));
    },
  };
}

const commands = path.resolve('node_modules/@aws-sdk/client-kms/dist-types/commands');

/** The operations the SDK has. */
export const documentedOperations = (): string[] =>
  readdirSync(commands).flatMap((file) => /^(\w+)Command\.d\.ts$/.exec(file)?.[1] ?? []);

/** The exceptions an operation's documentation names. */
export const documentedExceptions = (operation: string): string[] =>
  [
    ...readFileSync(path.join(commands, `${operation}Command.d.ts`), 'utf8').matchAll(/@throws \{@link (\w+)\}/g),
  ].flatMap(([, name = '']) => (name === 'KMSServiceException' ? [] : [name]));
