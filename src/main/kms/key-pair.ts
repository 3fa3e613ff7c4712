import { KmsError } from '../../shared/kms/errors.ts';
import { type SpecFacts, specs } from '../../shared/kms/specs.ts';
import { isKeyPairSpec, type KeyPairPrimitive, type KeyPairSpec, keyPairs } from '../crypto/key-pairs.ts';
import type { KeyRecord } from './key-rows.ts';
import type { OpenKeyPair } from './materials.ts';
import type { Context } from './operation.ts';

/** @throws KmsError `InvalidKeyUsageException` unless keys of the spec have the algorithm. */
export function requireAlgorithm(
  { spec }: KeyRecord,
  kind: Exclude<keyof SpecFacts, 'usages' | 'rotates'>,
  algorithm: string,
): void {
  const offered: readonly string[] | undefined = specs[spec][kind];
  if (!offered?.includes(algorithm))
    throw new KmsError('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${spec}.`);
}

/** What a key pair can do, and the pair, opened. Drop it with the call. */
export interface KeyPair extends OpenKeyPair {
  readonly spec: KeyPairSpec;
  readonly primitive: KeyPairPrimitive;
}

/** The pair of a key whose usage and algorithm are checked, so that it has one. */
export function keyPairOf({ tx, materials }: Context, key: KeyRecord): KeyPair {
  const { spec } = key;
  if (!isKeyPairSpec(spec)) throw new Error(`a key of spec ${spec} used as a key pair`);
  return { ...materials.keyPair(tx, key, spec), spec, primitive: keyPairs[spec] };
}
