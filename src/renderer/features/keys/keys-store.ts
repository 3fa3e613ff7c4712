import { useEffect } from 'react';
import { create } from 'zustand';
import type { CofferError } from '../../../shared/kms/errors.ts';
import { kms, on } from '../../lib/api.ts';
import { asCofferError, isWithheld } from '../../lib/errors.ts';
import { onSessionEnd, useSession } from '../../lib/session.ts';
import { byName, type Filter, type Grouping, type KeyRow, type Sort } from './model.ts';

interface KeysStore {
  /** The Region whose keys these are, and who asked for them. */
  readonly region: string;
  readonly principalArn: string;
  /** `null` until the first answer. */
  readonly keys: readonly KeyRow[] | null;
  /** While `keys` are read for the first time and there are many: the newest of them, to be looked at meanwhile. */
  readonly newest: readonly KeyRow[] | null;
  /** How many more there are that the acting principal may not describe. */
  readonly undescribed: number;
  readonly error: CofferError | null;
  readonly loading: boolean;
  /** How the list is looked at; kept while one goes to a key and back. */
  readonly filter: Filter;
  readonly sort: Sort | null;
  readonly grouping: Grouping | null;
}

const empty: KeysStore = {
  region: '',
  principalArn: '',
  keys: null,
  newest: null,
  undescribed: 0,
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

/** Keys read in one go: few enough for reading and sorting them to fit between two pictures of the screen. */
const PAGE = 500;
/** Those of the first reading: a screenful, at once. */
const FIRST_PAGE = 100;

/**
 * All keys of a Region, sorted by name. Each page is sorted when it comes and then merged, so that no single step is long. `onNewest`
 * gets the first page when others follow.
 */
export async function allKeys(
  region: string,
  onNewest: (keys: readonly KeyRow[]) => void = () => undefined,
): Promise<Pick<KeysStore, 'undescribed'> & { keys: readonly KeyRow[] }> {
  const pages: KeyRow[][] = [];
  let undescribed = 0;
  let marker: string | undefined;
  do {
    const input = marker === undefined ? { Limit: FIRST_PAGE } : { Limit: PAGE, Marker: marker };
    const page = await kms('ListKeyOverviews', input, region);
    pages.push(page.Keys.sort(byName));
    if (marker === undefined && page.NextMarker !== undefined) onNewest(page.Keys);
    undescribed += page.Undescribed;
    marker = page.NextMarker;
  } while (marker !== undefined);
  while (pages.length > 1) {
    const [first = [], second = []] = pages.splice(0, 2);
    pages.push(merge(first, second));
    await new Promise((resolve) => setTimeout(resolve));
  }
  return { keys: pages[0] ?? [], undescribed };
}

function merge(a: readonly KeyRow[], b: readonly KeyRow[]): KeyRow[] {
  const merged: KeyRow[] = [];
  let i = 0;
  let j = 0;
  for (let one = a[i], other = b[j]; one || other; one = a[i], other = b[j]) {
    const next = one && (!other || byName(one, other) <= 0) ? one : other;
    if (next === one) i++;
    else j++;
    if (next) merged.push(next);
  }
  return merged;
}

let reading: Promise<void> | null = null;
let stale = false;

async function readOnce(): Promise<void> {
  const { region, principalArn } = useSession.getState();
  if (region === '') return;
  const known = useKeysStore.getState();
  if (known.region !== region || known.principalArn !== principalArn)
    useKeysStore.setState({ region, principalArn, keys: null, newest: null, undescribed: 0, error: null });
  useKeysStore.setState({ loading: true });
  // Locked, another Region or somebody else meanwhile: what is read then is nobody's any more.
  const stillMine = () => {
    const now = useSession.getState();
    return now.region === region && now.principalArn === principalArn;
  };
  let outcome: Partial<KeysStore>;
  try {
    const onNewest = (newest: readonly KeyRow[]) => {
      if (useKeysStore.getState().keys === null && stillMine()) useKeysStore.setState({ newest });
    };
    outcome = { ...(await allKeys(region, onNewest)), newest: null, error: null };
  } catch (error) {
    const failure = asCofferError(error);
    outcome = { error: failure, ...(isWithheld(failure) ? { keys: null, newest: null, undescribed: 0 } : {}) };
  }
  if (stillMine()) useKeysStore.setState({ ...outcome, loading: false });
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
let listening = false;
/** Something changed while nobody looked: the next one to look has the list read. */
let changed = false;

function follow(): void {
  if (listening) return;
  listening = true;
  const read = () => {
    if (users > 0) void reloadKeys();
    else changed = true;
  };
  on('kms.changed', read);
  on('people.changed', read);
}

/** The keys of the window's Region for a component that wants them, sorted by name; `null` until the first answer. */
export function useKeys(wanted = true): Pick<KeysStore, 'keys' | 'newest' | 'undescribed' | 'error' | 'loading'> {
  const region = useSession((session) => session.region);
  const principalArn = useSession((session) => session.principalArn);
  const store = useKeysStore();
  useEffect(() => {
    if (region === '' || !wanted) return;
    users++;
    follow();
    const known = useKeysStore.getState();
    const others = known.region !== region || known.principalArn !== principalArn;
    if (changed || others || (known.keys === null && !known.loading)) {
      changed = false;
      void reloadKeys();
    }
    return () => {
      users--;
    };
  }, [region, principalArn, wanted]);
  const mine = store.region === region && store.principalArn === principalArn;
  return mine ? store : { keys: null, newest: null, undescribed: 0, error: null, loading: true };
}
