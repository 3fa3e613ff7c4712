import { useKeys } from '../keys/index.ts';

/** The key of that id, or the Region's first one when none is chosen. */
export function useChosenKey(keyId: string | null) {
  const { keys, error, loading } = useKeys();
  const key = keyId === null ? keys?.[0] : keys?.find((each) => each.KeyId === keyId);
  return {
    key,
    error,
    /** The Region has no keys, or not the chosen one. */
    missing: key === undefined && keys !== null && !loading ? (keys.length === 0 ? 'all' : 'chosen') : null,
  } as const;
}
