import type { Decision } from '../../shared/iam/decision.ts';
import { trackedOperations } from '../../shared/kms/enums.ts';
import { CofferError, KmsError } from '../../shared/kms/errors.ts';
import type { OperationName, OperationOutput } from '../../shared/kms/operations.ts';
import { operationStates, type StateRule } from '../../shared/kms/states.ts';
import type { AuditEntry, AuditLog } from '../audit/types.ts';
import type { Store } from '../vault/types.ts';
import { authorize } from './authorize.ts';
import { invalidToken } from './grant-tokens.ts';
import { noteUse, wrongOrigin } from './key-rows.ts';
import type { Context, DoneCall, Operation, Parsed, Target } from './operation.ts';
import { requestParameters } from './recorded.ts';
import { birthOf } from './service-event.ts';
import type { Answer, Caller } from './types.ts';
import { validate } from './validate.ts';

export interface PipelineParts {
  readonly store: Store;
  readonly audit: AuditLog;
  /** The context of one call, made inside its transaction. */
  readonly contextOf: (tx: Context['tx'], caller: Caller) => Context;
  /** Told of every failure that is a bug, with what the caller never sees. */
  readonly onBug: (error: unknown, operation: string) => void;
}

/** What is known of a call when its record is written; it grows along the road. */
interface Trace {
  parameters: AuditEntry['requestParameters'];
  resources: readonly string[];
  /** One for each permission that was asked for, in order. */
  decisions: Decision[];
}

/** Operations that use a key's material. */
const USES: ReadonlySet<string> = new Set(trackedOperations);

const internal = () =>
  new KmsError('KMSInternalException', 'Something inside Coffer failed. Nothing was changed by this request.');

/** What the caller may see of a failure. Anything but an expected error is a bug and crosses without its insides. */
const expected = (error: unknown): CofferError => (error instanceof CofferError ? error : internal());

/** What is asked of a key once the caller may do what it asks for. */
function checkState(operation: Operation, target: Target): void {
  if (!('key' in target)) return;
  if (target.origin && target.origin !== target.key.origin) throw wrongOrigin(target.key);
  const rule: StateRule | undefined = (operationStates as Partial<Record<OperationName, StateRule>>)[operation.name];
  const refusal = rule?.[target.key.state];
  if (refusal) throw new KmsError(refusal.code, `${target.key.arn} ${refusal.says}`);
  if (target.usage && target.usage !== target.key.usage)
    throw new KmsError(
      'InvalidKeyUsageException',
      `${target.key.arn} key usage is ${target.key.usage} which is not valid for ${operation.name}.`,
    );
}

/** What work outside of the transaction came to. */
type Worked = { readonly result: unknown } | { readonly error: unknown };

/** Either the answer, or work to do before the call can be answered. */
type Performed<N extends OperationName> =
  | { readonly output: OperationOutput<N> }
  | { readonly planned: () => Promise<unknown> };

/**
 * Find the keys → authorize → check their state → run. Synchronous: one state of the vault from first to last. Without
 * `worked`, an operation that has work for outside answers with that instead.
 */
function perform<N extends OperationName>(
  context: Context,
  operation: Operation<N>,
  input: Parsed<N>,
  trace: Trace,
  worked: Worked | undefined,
): Performed<N> {
  const targets = operation.find(context, input);
  const keys = targets.flatMap((target) => ('key' in target ? [target.key] : []));
  // A key in another Region has its record there.
  trace.resources = keys.filter(({ region }) => region === context.caller.region).map(({ arn }) => arn);
  if ('GrantTokens' in input && input.GrantTokens?.some((token) => context.grantTokens.read(token) === null))
    throw invalidToken();
  for (const target of targets) {
    authorize(context, { operation, input, targets }, target, (decision) => trace.decisions.push(decision));
    checkState(operation as unknown as Operation, target);
  }
  const planned = worked ? undefined : operation.plan?.(context, input, keys);
  if (planned) return { planned };
  if (worked && 'error' in worked) throw worked.error;
  const output = operation.run(context, input, keys, worked?.result);
  if (USES.has(operation.name)) for (const key of keys) noteUse(context.tx, key, context.now);
  // A dry run is a whole run whose work is undone: so it cannot check less than the real one.
  if ('DryRun' in input && input.DryRun === true)
    throw new KmsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
  return { output };
}

interface Settled<N extends OperationName> {
  readonly output?: OperationOutput<N>;
  readonly failure?: CofferError;
  readonly requestId: string;
}

/** One pass of a call through a transaction: to its record, or to the work it has outside. */
function pass<N extends OperationName>(
  parts: PipelineParts,
  caller: Caller,
  operation: Operation<N>,
  valid: { readonly input: Parsed<N> } | { readonly invalid: unknown },
  worked?: Worked,
): Promise<Settled<N> | { readonly planned: () => Promise<unknown> }> {
  return parts.store.transact((tx) => {
    const context = parts.contextOf(tx, caller);
    const trace: Trace = { parameters: null, resources: [], decisions: [] };
    let performed: Performed<N> | undefined;
    let failure: CofferError | undefined;
    try {
      if ('invalid' in valid) throw valid.invalid;
      trace.parameters = requestParameters(valid.input, operation.audit.request);
      performed = tx.attempt(() => perform(context, operation, valid.input, trace, worked));
    } catch (error) {
      failure = expected(error);
      if (failure !== error) parts.onBug(error, operation.name);
    }
    if (performed && 'planned' in performed) return performed;
    const done =
      performed && 'input' in valid
        ? { context, input: valid.input, output: performed.output, resources: trace.resources }
        : undefined;
    const entry = entryOf(context, operation, trace, done, failure);
    const { requestId } = parts.audit.append(tx, entry);
    for (const key of done ? context.born : []) parts.audit.append(tx, birthOf(key, context.now));
    for (const other of (done && operation.audit.elsewhere?.(done)) ?? [])
      parts.audit.append(tx, { ...entry, ...other });
    return { ...(done ? { output: done.output } : {}), ...(failure ? { failure } : {}), requestId };
  });
}

/**
 * The one road of every request: validate → find the key → authorize → check its state → run → record → commit → answer.
 * All of a call's work and its audit record are one transaction; work that an operation plans for outside comes before it,
 * between two passes of the same checks. A refused call's work is undone, its record is not.
 * @throws KmsError as the operation refuses; CofferError when the vault cannot write or is locked. Both with the
 * `requestId` of the record where there is one.
 */
export async function call<N extends OperationName>(
  parts: PipelineParts,
  caller: Caller,
  operation: Operation<N>,
  raw: unknown,
): Promise<Answer<N>> {
  let valid: { readonly input: Parsed<N> } | { readonly invalid: unknown };
  try {
    valid = { input: validate(operation.name, raw) };
  } catch (invalid) {
    valid = { invalid };
  }
  let settled: Settled<N>;
  try {
    const first = await pass(parts, caller, operation, valid);
    if ('planned' in first) {
      const worked: Worked = await first.planned().then(
        (result) => ({ result }),
        (error: unknown) => ({ error }),
      );
      settled = (await pass(parts, caller, operation, valid, worked)) as Settled<N>;
    } else settled = first;
  } catch (error) {
    if (error instanceof CofferError) throw error;
    parts.onBug(error, operation.name);
    throw internal();
  }
  if (settled.failure) throw withRequestId(settled.failure, settled.requestId);
  return { output: settled.output as OperationOutput<N>, requestId: settled.requestId };
}

function withRequestId(failure: CofferError, requestId: string): CofferError {
  const Kind = failure instanceof KmsError ? KmsError : CofferError;
  return new Kind(failure.code, failure.message, { ...failure.details, requestId });
}

/** What a call answered, as its record has it. */
function responseElements<N extends OperationName>(operation: Operation<N>, done: DoneCall<N>) {
  if (operation.audit.response) return operation.audit.response(done.output, done);
  const [changed] = operation.readOnly ? [] : done.resources;
  return changed === undefined ? null : { keyId: changed };
}

function entryOf<N extends OperationName>(
  context: Context,
  operation: Operation<N>,
  trace: Trace,
  done: DoneCall<N> | undefined,
  failure: CofferError | undefined,
): AuditEntry {
  const { caller } = context;
  const { made } = operation.audit;
  return {
    time: context.now,
    eventName: operation.name,
    eventSource: operation.source,
    principalArn: caller.principalArn,
    accountId: caller.accountId,
    region: caller.region,
    sourceIp: caller.sourceIp,
    userAgent: caller.userAgent,
    readOnly: operation.readOnly,
    requestParameters: trace.parameters,
    responseElements: done ? responseElements(operation, done) : null,
    resources: done && made ? [...trace.resources, ...made(done.output)] : trace.resources,
    decisions: trace.decisions,
    ...(failure ? { errorCode: failure.code, errorMessage: failure.message } : undefined),
  };
}
