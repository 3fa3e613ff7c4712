import { useCallback, useEffect, useRef, useState } from 'react';
import type { EventName } from '../../shared/contract/index.ts';
import type { IamInput, IamOperationName, IamOutput } from '../../shared/iam/operations.ts';
import type { CofferError } from '../../shared/kms/errors.ts';
import type { OperationInput, OperationName, OperationOutput } from '../../shared/kms/operations.ts';
import { iam, kms, on } from './api.ts';
import { asCofferError, isWithheld } from './errors.ts';
import { notifyError } from './notify.tsx';
import { rememberRetry } from './retries.ts';
import { sameSession, useSession } from './session.ts';

export interface Loaded<T> {
  /** The last answer for this key; `undefined` before the first. */
  readonly data: T | undefined;
  readonly error: CofferError | undefined;
  readonly loading: boolean;
  reload(): void;
}

/**
 * Loads something and keeps it fresh. `key` names what is loaded: when it changes the old answer is dropped and `load` runs
 * again; `null` loads nothing. `load` also runs again at each of `events`, keeping the old answer on the screen meanwhile.
 * An answer that was overtaken by a later question is ignored; one that is refused now is not shown any more.
 */
export function useLoad<T>(key: string | null, load: () => Promise<T>, events: readonly EventName[] = []): Loaded<T> {
  const [state, setState] = useState<{ key: string | null; data?: T; error?: CofferError; loading: boolean }>({
    key,
    loading: key !== null,
  });
  const latest = useRef(load);
  useEffect(() => {
    latest.current = load;
  });
  const question = useRef(0);
  const run = useCallback(async (forKey: string) => {
    const mine = ++question.current;
    setState((old) => (old.key === forKey ? { ...old, loading: true } : { key: forKey, loading: true }));
    try {
      const data = await latest.current();
      if (mine === question.current) setState({ key: forKey, data, loading: false });
    } catch (error) {
      const failure = asCofferError(error);
      if (mine === question.current)
        setState((old) => ({
          ...(old.key === forKey && !isWithheld(failure) ? old : { key: forKey }),
          error: failure,
          loading: false,
        }));
    }
  }, []);
  const eventNames = events.join(' ');
  useEffect(() => {
    if (key === null) return;
    void run(key);
    const stops = eventNames.split(' ').map((name) => (name ? on(name as EventName, () => void run(key)) : undefined));
    return () => {
      question.current++;
      for (const stop of stops) stop?.();
    };
  }, [key, eventNames, run]);
  const reload = useCallback(() => {
    if (key !== null) void run(key);
  }, [key, run]);
  const current = state.key === key ? state : { loading: key !== null };
  return {
    data: 'data' in current ? current.data : undefined,
    error: 'error' in current ? current.error : undefined,
    loading: current.loading,
    reload,
  };
}

/** Loads the answer of a KMS operation in the window's Region, as whom the window acts. `input: null` asks nothing. */
export function useKms<N extends OperationName>(
  operation: N,
  input: OperationInput<N> | null,
  events: readonly EventName[] = ['kms.changed', 'people.changed'],
): Loaded<OperationOutput<N>> {
  const region = useSession((session) => session.region);
  const principalArn = useSession((session) => session.principalArn);
  const key = input === null || !region ? null : JSON.stringify([operation, region, principalArn, input]);
  return useLoad(key, () => kms(operation, input as OperationInput<N>, region), events);
}

/** Loads the answer of one of IAM's operations, as whom the window acts or as the root of `accountId`. */
export function useIam<N extends IamOperationName>(
  operation: N,
  input: IamInput<N>,
  accountId?: string,
): Loaded<IamOutput<N>> {
  const principalArn = useSession((session) => session.principalArn);
  const key = JSON.stringify([operation, principalArn, accountId, input]);
  return useLoad(key, () => iam(operation, input, accountId), ['people.changed']);
}

export interface Action<A extends unknown[], T> {
  /** Runs it; answers `undefined` when it failed (then `error` says why). A second run while one is under way does nothing. */
  run(...args: A): Promise<T | undefined>;
  readonly busy: boolean;
  readonly error: CofferError | undefined;
  clear(): void;
}

/**
 * Something a person sets off: busy while it runs, its failure kept to be shown. `shown` says whether the dialog it is in is open, where
 * that is made once: what failed in it is not said when it opens again. A failure that comes when nothing is there to show it is a notice.
 */
export function useAction<A extends unknown[], T>(act: (...args: A) => Promise<T>, shown = true): Action<A, T> {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<CofferError>();
  const latest = useRef(act);
  const running = useRef(false);
  const again = useRef<(...args: A) => void>(() => undefined);
  const seen = useRef(false);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    seen.current = shown;
    if (!shown) setError(undefined);
    return () => {
      seen.current = false;
    };
  }, [shown]);
  const run = useCallback(async (...args: A): Promise<T | undefined> => {
    if (running.current) return undefined;
    running.current = true;
    setBusy(true);
    setError(undefined);
    const stillOpen = sameSession();
    try {
      return await latest.current(...args);
    } catch (thrown) {
      const failure = asCofferError(thrown);
      rememberRetry(failure, () => again.current(...args));
      if (seen.current) setError(failure);
      else if (failure.code !== 'Cancelled' && stillOpen()) notifyError(failure);
      return undefined;
    } finally {
      running.current = false;
      setBusy(false);
    }
  }, []);
  useEffect(() => {
    again.current = (...args) => void run(...args);
  }, [run]);
  return { run, busy, error, clear: useCallback(() => setError(undefined), []) };
}
