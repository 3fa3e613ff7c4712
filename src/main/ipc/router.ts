import type { z } from 'zod';
import {
  type CallInput,
  type CallName,
  type CallOutput,
  type Contract,
  contract,
  type EventName,
  type EventPayload,
} from '../../shared/contract/index.ts';
import { callNames } from '../../shared/contract/names.ts';
import { CofferError, type ErrorEnvelope, toEnvelope } from '../../shared/kms/errors.ts';
import { decodeWire, encodeWire } from '../../shared/wire.ts';
import { Recorded } from './recorded.ts';

/** What answers a call: parsed input in, a value the contract's output schema accepts out. */
export type Handlers = {
  readonly [N in CallName]: (
    input: z.output<Contract[N]['input']>,
  ) => Promise<CallOutput<N> | Recorded<CallOutput<N>>> | CallOutput<N>;
};

/** Tells the window of something. */
export type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void;

interface Answered {
  readonly value: unknown;
  readonly requestId?: string;
}

/** More than any honest call of the window carries. */
const PAYLOAD_MAX = 8 * 2 ** 20;

/** The first thing wrong with an input, naming the field and never its value, which may be a passphrase. */
function complaint(error: z.ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'The request is malformed.';
  const field = issue.path.map(String).join('.') || 'the request';
  return `The value of ${field} is not acceptable: ${issue.message}.`;
}

/**
 * The one door between the window and the main process. Names are looked up in a Map, inputs and answers are parsed with
 * the contract's schemas, strictly, so that nothing that is not in the contract crosses in either direction.
 */
export function createRouter(
  handlers: Handlers,
  onBug: (error: unknown, name: string) => void,
): (name: string, payload: string) => Promise<string> {
  const table = new Map<string, (input: unknown) => Promise<Answered>>(
    callNames.map((name) => {
      const { input: inputSchema, output: outputSchema } = contract[name];
      const handler = handlers[name] as (input: CallInput<typeof name>) => unknown;
      return [
        name,
        async (raw) => {
          const input = inputSchema.safeParse(raw);
          if (!input.success) throw new CofferError('ValidationException', complaint(input.error));
          const answer = await handler(input.data as CallInput<typeof name>);
          if (!(answer instanceof Recorded)) return { value: outputSchema.parse(answer) };
          const { value, requestId } = answer;
          return { value: outputSchema.parse(value), ...(requestId === undefined ? {} : { requestId }) };
        },
      ];
    }),
  );
  const refuse = (error: ErrorEnvelope) => encodeWire({ ok: false, error });
  return async (name, payload) => {
    const handle = table.get(name);
    if (!handle) return refuse({ code: 'UnknownOperationException', message: 'There is no call of that name.' });
    // The types are what the shells promise; whatever comes over the boundary gets a reply, not an exception.
    if (typeof payload !== 'string')
      return refuse({ code: 'ValidationException', message: 'The request is not text.' });
    if (payload.length > PAYLOAD_MAX)
      return refuse({ code: 'ValidationException', message: 'The request is too large.' });
    let input: unknown;
    try {
      input = decodeWire(payload);
    } catch {
      return refuse({ code: 'ValidationException', message: 'The request is not valid JSON.' });
    }
    try {
      const { value, ...rest } = await handle(input);
      return encodeWire({ ok: true, value: value ?? {}, ...rest });
    } catch (error) {
      if (!(error instanceof CofferError)) onBug(error, name);
      return refuse(toEnvelope(error));
    }
  };
}
