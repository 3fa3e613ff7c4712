import { useMemo } from 'react';
import { keyName, useKeys } from '../keys/index.ts';

export interface KeyName {
  readonly keyId: string;
  readonly name: string;
}

/** What people call the Region's keys, by ARN. */
export function useKeyNames(): ReadonlyMap<string, KeyName> {
  const { keys } = useKeys();
  return useMemo(() => new Map((keys ?? []).map((key) => [key.Arn, { keyId: key.KeyId, name: keyName(key) }])), [keys]);
}
