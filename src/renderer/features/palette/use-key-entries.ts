import { useCallback } from 'react';
import { kms } from '../../lib/api.ts';
import { useSession } from '../../lib/session.ts';
import { useLoad } from '../../lib/use-call.ts';
import type { KeyOverview } from './entries.ts';

const PAGES_MAX = 100;

/** All keys of the Region, read each time the palette opens and forgotten when it closes. */
export function useKeyEntries(opened: boolean): readonly KeyOverview[] {
  const region = useSession((session) => session.region);
  const load = useCallback(async () => {
    const keys: KeyOverview[] = [];
    let marker: string | undefined;
    for (let page = 0; page < PAGES_MAX; page++) {
      const answer = await kms('ListKeyOverviews', marker === undefined ? {} : { Marker: marker }, region);
      keys.push(...answer.Keys);
      if (!answer.Truncated || answer.NextMarker === undefined) break;
      marker = answer.NextMarker;
    }
    return keys;
  }, [region]);
  return useLoad(opened && region ? `keys ${region}` : null, load).data ?? [];
}
