import { useCallback, useEffect, useRef, useState } from 'react';
import type { CofferError } from '../../../shared/kms/errors.ts';
import { kms, on } from '../../lib/api.ts';
import { asCofferError } from '../../lib/errors.ts';
import { useSession } from '../../lib/session.ts';
import type { TrailEvent } from './sentence.ts';
import type { toQuery } from './store.ts';

const PAGE = 200;

export interface TrailPages {
  readonly events: readonly TrailEvent[];
  readonly loading: boolean;
  readonly error: CofferError | undefined;
  /** Records that came since and are not shown, because the reader has scrolled down. */
  readonly waiting: number;
  more(): void;
  showNew(): void;
}

interface Shown {
  readonly events: readonly TrailEvent[];
  readonly fresh: readonly TrailEvent[];
  readonly next: string | undefined;
  readonly loading: boolean;
  readonly error: CofferError | undefined;
}

const empty: Shown = { events: [], fresh: [], next: undefined, loading: true, error: undefined };

/** The trail newest first: pages as they are scrolled to, and what is appended while it is on the screen. */
export function useTrail(query: ReturnType<typeof toQuery>, region: string, atTop: () => boolean): TrailPages {
  const principalArn = useSession((session) => session.principalArn);
  const key = JSON.stringify([region, principalArn, query]);
  const [shown, setShown] = useState<Shown>(empty);
  const latest = useRef({ query, region, atTop, shown });
  useEffect(() => {
    latest.current = { query, region, atTop, shown };
  });
  /** Counts questions of a kind: an answer to an older one is dropped. */
  const question = useRef(0);

  const load = useCallback(async (token: string | undefined) => {
    const { query, region } = latest.current;
    if (!region) return;
    const mine = ++question.current;
    setShown((old) => (token === undefined ? empty : { ...old, loading: true, error: undefined }));
    try {
      const page = await kms(
        'LookupEvents',
        { ...query, MaxResults: PAGE, ...(token ? { NextToken: token } : {}) },
        region,
      );
      if (mine !== question.current) return;
      setShown((old) => ({
        ...old,
        events: token ? [...old.events, ...page.Events] : page.Events,
        next: page.NextToken,
        loading: false,
      }));
    } catch (error) {
      if (mine === question.current) setShown((old) => ({ ...old, loading: false, error: asCofferError(error) }));
    }
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter or principal is another question
  useEffect(() => {
    void load(undefined);
    return () => {
      question.current++;
    };
  }, [key, load]);

  useEffect(() => {
    let asking = false;
    return on('audit.appended', async () => {
      const { query, region, shown } = latest.current;
      if (asking || !region || shown.loading) return;
      asking = true;
      const mine = question.current;
      const newest = shown.fresh[0]?.Sequence ?? shown.events[0]?.Sequence ?? 0;
      try {
        const { Events } = await kms('LookupEvents', { ...query, AfterSequence: newest, MaxResults: PAGE }, region);
        if (Events.length === 0 || mine !== question.current) return;
        const show = latest.current.atTop();
        setShown((old) => {
          const fresh = [...Events, ...old.fresh];
          return show ? { ...old, events: [...fresh, ...old.events], fresh: [] } : { ...old, fresh };
        });
      } catch {
        // The next record asks again; what is on the screen stays true.
      } finally {
        asking = false;
      }
    });
  }, []);

  const { next, loading } = shown;
  return {
    events: shown.events,
    loading,
    error: shown.error,
    waiting: shown.fresh.length,
    more: useCallback(() => {
      if (next && !loading) void load(next);
    }, [next, loading, load]),
    showNew: useCallback(() => setShown((old) => ({ ...old, events: [...old.fresh, ...old.events], fresh: [] })), []),
  };
}
