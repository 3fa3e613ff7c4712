import type { SigningAlgorithm } from '../../../shared/kms/enums.ts';
import { type KeyRow, signingAlgorithms, useKeys } from '../keys/index.ts';

export const isSigningKey = (key: KeyRow): boolean => key.KeyUsage === 'SIGN_VERIFY';

interface Chosen {
  readonly keyId: string | null;
  readonly algorithm: SigningAlgorithm | null;
}

/** The chosen signing key, the only one there is where none is chosen, and its algorithms with the chosen or first one. */
export function useSigningKey({ keyId, algorithm }: Chosen) {
  const { keys } = useKeys();
  const own = (keys ?? []).filter(isSigningKey);
  const key = own.find((each) => each.KeyId === keyId) ?? (own.length === 1 ? own[0] : undefined);
  const algorithms = key ? signingAlgorithms(key.KeySpec) : [];
  const chosen = algorithms.find((each) => each === algorithm) ?? algorithms[0];
  return { key, algorithms, algorithm: chosen };
}
