import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';

export type ScreenName =
  | 'keys'
  | 'key'
  | 'key-calendar'
  | 'key-stores'
  | 'files'
  | 'sign'
  | 'access'
  | 'activity'
  | 'settings'
  | 'unknown';

/** Where the window is: `#/keys/<keyId>/<tab>?<query>`. */
export interface Route {
  readonly screen: ScreenName;
  readonly keyId?: string;
  readonly tab?: string;
  readonly eventId?: string;
  readonly section?: string;
  readonly query: URLSearchParams;
  readonly path: string;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

const currentPath = () => window.location.hash.replace(/^#/, '') || '/';

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** Reads a path such as `/keys/1234/rotation?new=1`. */
export function parseRoute(full: string): Route {
  const [path = '', query = ''] = full.split('?', 2);
  const [first = 'keys', second, third] = path.split('/').filter(Boolean).map(decode);
  const base = { path: full, query: new URLSearchParams(query) };
  if (first === 'keys') {
    if (second === undefined) return { ...base, screen: 'keys' };
    // No key has such an id.
    if (second === 'calendar') return { ...base, screen: 'key-calendar' };
    return { ...base, screen: 'key', keyId: second, ...(third === undefined ? {} : { tab: third }) };
  }
  if (first === 'key-stores') return { ...base, screen: 'key-stores' };
  if (first === 'files') return { ...base, screen: 'files' };
  if (first === 'sign') return { ...base, screen: 'sign', ...(second === undefined ? {} : { section: second }) };
  if (first === 'access') return { ...base, screen: 'access', ...(second === undefined ? {} : { section: second }) };
  if (first === 'activity')
    return { ...base, screen: 'activity', ...(second === undefined ? {} : { eventId: second }) };
  if (first === 'settings')
    return { ...base, screen: 'settings', ...(second === undefined ? {} : { section: second }) };
  return { ...base, screen: 'unknown' };
}

export function useRoute(): Route {
  const path = useSyncExternalStore(subscribe, currentPath);
  return useMemo(() => parseRoute(path), [path]);
}

/** Goes to `path` (`/keys/…`); `replace` leaves no step to go back to. */
export function navigate(path: string, options: { replace?: boolean } = {}): void {
  if (path === currentPath()) return;
  if (options.replace) window.location.replace(`#${path}`);
  else window.location.hash = path;
}

/** Leaves a key's page when the Region changes: a key lives in one Region, its page means nothing in another. */
export function leaveKeyFor(path: string): void {
  if (parseRoute(currentPath()).screen === 'key') navigate(path);
}

/** Whether the dialog is open that `<path>?new=1` opens too; the address is then put back, so that it can be asked for again. */
export function useNewDialog(path: string): [opened: boolean, setOpened: (opened: boolean) => void] {
  const route = useRoute();
  // A screen that is about to give way to another still sees the address of that one.
  const asked = route.query.has('new') && route.path.split('?')[0] === path;
  const [opened, setOpened] = useState(asked);
  useEffect(() => {
    if (!asked) return;
    setOpened(true);
    navigate(path, { replace: true });
  }, [asked, path]);
  return [opened, setOpened];
}

/** The path of a key's page, for `navigate` and links (`href={`#${keyPath(id)}`}`). */
export function keyPath(keyId: string, tab?: string): string {
  return `/keys/${encodeURIComponent(keyId)}${tab ? `/${encodeURIComponent(tab)}` : ''}`;
}

/** The path of Files, with the history of one key in sight. */
export const filesPath = (keyArn: string): string => `/files${keyArn ? `?key=${encodeURIComponent(keyArn)}` : ''}`;

/** The path of one record in Activity. */
export const recordPath = (eventId: string): string => `/activity/${encodeURIComponent(eventId)}`;

/** The path of a key's policy with one of its statements (from 0) lit up. */
export function policyPath(keyId: string, statement?: number): string {
  return `${keyPath(keyId, 'policy')}${statement === undefined ? '' : `?statement=${statement}`}`;
}
