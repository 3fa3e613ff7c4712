import { useCallback, useEffect, useRef } from 'react';

/** Tells later whether the component still is there: an answer that comes when it has gone leads nobody elsewhere. */
export function useMounted(): () => boolean {
  const mounted = useRef(false);
  useEffect(() => {
    mounted.current = true;
    return () => {
      mounted.current = false;
    };
  }, []);
  return useCallback(() => mounted.current, []);
}
