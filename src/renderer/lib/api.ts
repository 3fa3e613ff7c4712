import type { CallInput, CallName, CallOutput, EventName, EventPayload } from '../../shared/contract/index.ts';
import type { IamInput, IamOperationName, IamOutput } from '../../shared/iam/operations.ts';
import { CofferError, type ErrorEnvelope } from '../../shared/kms/errors.ts';
import type { OperationInput, OperationName, OperationOutput } from '../../shared/kms/operations.ts';
import { decodeWire, encodeWire } from '../../shared/wire.ts';
import { withContext } from './decisions.ts';

type Outcome = { ok: true; value: unknown; requestId?: string } | { ok: false; error: ErrorEnvelope };

/** The ids of the records that answered calls left. */
const records = new WeakMap<object, string>();

/** The id of the record that a call left, by its answer; undefined when it left none. */
export const recordOf = (answer: unknown): string | undefined =>
  typeof answer === 'object' && answer !== null ? records.get(answer) : undefined;

/** Asks the main process. @throws CofferError with the code and sentence the main process answered. */
export async function invoke<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
  const outcome = decodeWire(await window.coffer.invoke(name, encodeWire(input))) as Outcome;
  if (!outcome.ok) throw new CofferError(outcome.error.code, outcome.error.message, outcome.error.details);
  const { value, requestId } = outcome;
  if (requestId !== undefined && typeof value === 'object' && value !== null) records.set(value, requestId);
  return value as CallOutput<N>;
}

/** Calls a KMS operation as the window's principal in `region`. */
export async function kms<N extends OperationName>(
  operation: N,
  input: OperationInput<N>,
  region: string,
): Promise<OperationOutput<N>> {
  try {
    const call = { operation, input: input as Record<string, unknown>, region };
    return (await invoke('kms.call', call)) as OperationOutput<N>;
  } catch (error) {
    throw withContext(error, input);
  }
}

/** One of IAM's operations, and what goes in. */
export type IamCall = {
  readonly [N in IamOperationName]: { readonly operation: N; readonly input: IamInput<N> };
}[IamOperationName];

/** Calls one of IAM's operations as the window's principal; with `accountId`, as the vault's owner, for another account. */
export async function iam<N extends IamOperationName>(
  operation: N,
  input: IamInput<N>,
  accountId?: string,
): Promise<IamOutput<N>> {
  return (await invoke('people.call', {
    operation,
    input: input as Record<string, unknown>,
    ...(accountId === undefined ? {} : { accountId }),
  })) as IamOutput<N>;
}

type Listeners = { [N in EventName]?: Set<(payload: EventPayload<N>) => void> };
const listeners: Listeners = {};
let listening = false;

/** Listens to an event of the main process; returns the function that stops. */
export function on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
  if (!listening) {
    listening = true;
    window.coffer.on((event, payload) => {
      const set = listeners[event as EventName] as Set<(payload: unknown) => void> | undefined;
      const value = decodeWire(payload);
      for (const each of set ?? []) each(value);
    });
  }
  listeners[name] ??= new Set() as never;
  const set = listeners[name] as Set<(payload: EventPayload<N>) => void>;
  set.add(listener);
  return () => set.delete(listener);
}
