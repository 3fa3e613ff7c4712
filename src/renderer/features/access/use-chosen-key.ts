import { useKeys } from '../keys/index.ts';

/** The key of that id or, when the Region has none of it, its first one; undefined until the keys are read, or without any. */
export function useChosenKey(keyId: string | null) {
  const { keys, error } = useKeys();
  return { key: keys?.find((each) => each.KeyId === keyId) ?? keys?.[0], none: keys?.length === 0, error };
}
