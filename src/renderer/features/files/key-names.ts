import { useMemo } from 'react';
import { useKms } from '../../lib/use-call.ts';

export interface KeyName {
  readonly keyId: string;
  readonly name: string;
}

/** What people call the Region's keys, by ARN. */
export function useKeyNames(): ReadonlyMap<string, KeyName> {
  const { data } = useKms('ListKeyOverviews', {});
  return useMemo(
    () =>
      new Map(
        (data?.Keys ?? []).map(({ Arn, KeyId, Aliases }) => [
          Arn,
          { keyId: KeyId, name: Aliases[0]?.replace(/^alias\//, '') ?? KeyId },
        ]),
      ),
    [data],
  );
}
