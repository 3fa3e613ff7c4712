import { useEffect } from 'react';
import { create } from 'zustand';
import type { CofferError } from '../../../shared/kms/errors.ts';
import { kms, on } from '../../lib/api.ts';
import { asCofferError } from '../../lib/errors.ts';
import { onSessionEnd, useSession } from '../../lib/session.ts';
import type { Filter, Grouping, KeyRow, Sort } from './model.ts';

interface KeysStore {
  /** The Region whose keys these are. */
  readonly region: string;
  /** `null` until the first answer. */
  readonly keys: readonly KeyRow[] | null;
  readonly error: CofferError | null;
  readonly loading: boolean;
  /** How the list is looked at; kept while one goes to a key and back. */
  readonly filter: Filter;
  readonly sort: Sort | null;
  readonly grouping: Grouping | null;
}

const empty: KeysStore = {
  region: '',
  keys: null,
  error: null,
  loading: false,
  filter: { text: '', state: null },
  sort: { column: 'alias', descending: false },
  grouping: null,
};

/** The keys of the window's Region: read once, shared by every screen, fresh at each change. */
export const useKeysStore = create<KeysStore>()(() => empty);
onSessionEnd(() => useKeysStore.setState(empty, true));

export const setFilter = (filter: Partial<Filter>): void =>
  useKeysStore.setState((store) => ({ filter: { ...store.filter, ...filter } }));

export const setGrouping = (grouping: Grouping | null): void => useKeysStore.setState({ grouping });

export const setSort = (sort: Sort): void => useKeysStore.setState({ sort });

async function allPages(region: string): Promise<KeyRow[]> {
  const keys: KeyRow[] = [];
  let marker: string | undefined;
  do {
    const page = await kms('ListKeyOverviews', marker === undefined ? {} : { Marker: marker }, region);
    keys.push(...page.Keys);
    marker = page.NextMarker;
  } while (marker !== undefined);
  return keys;
}

let reading: Promise<void> | null = null;
let stale = false;

async function readOnce(): Promise<void> {
  const { region } = useSession.getState();
  if (region === '') return;
  if (useKeysStore.getState().region !== region) useKeysStore.setState({ region, keys: null, error: null });
  useKeysStore.setState({ loading: true });
  let outcome: Partial<KeysStore>;
  try {
    outcome = { keys: await allPages(region), error: null };
  } catch (error) {
    outcome = { error: asCofferError(error) };
  }
  // Locked or another Region meanwhile: this answer is nobody's any more.
  if (useSession.getState().region === region) useKeysStore.setState({ ...outcome, loading: false });
}

/** Reads the list anew. Calls made while it is being read are answered by one more reading after it. */
export function reloadKeys(): Promise<void> {
  stale = true;
  reading ??= (async () => {
    while (stale) {
      stale = false;
      await readOnce();
    }
  })().finally(() => {
    reading = null;
  });
  return reading;
}

let users = 0;
let stop: (() => void) | undefined;

/** The keys of the window's Region for a component; `null` until the first answer. */
export function useKeys(): Pick<KeysStore, 'keys' | 'error' | 'loading'> {
  const region = useSession((session) => session.region);
  const store = useKeysStore();
  useEffect(() => {
    if (region === '') return;
    users++;
    stop ??= on('kms.changed', () => void reloadKeys());
    void reloadKeys();
    return () => {
      users--;
      if (users > 0) return;
      stop?.();
      stop = undefined;
    };
  }, [region]);
  return store.region === region ? store : { keys: null, error: null, loading: true };
}
