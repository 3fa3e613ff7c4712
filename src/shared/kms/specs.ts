import type { EncryptionAlgorithm, KeySpec, KeyUsage } from './enums.ts';

/** What a key spec can be used for, and with which algorithms. */
export interface SpecFacts {
  readonly usages: readonly KeyUsage[];
  readonly encryption: readonly EncryptionAlgorithm[];
  /** Whether AWS rotates keys of this spec. */
  readonly rotates: boolean;
}

/** The specs the engine makes keys of. A spec that is not here is known to the schemas and refused by CreateKey. */
export const specs: Partial<Record<KeySpec, SpecFacts>> = {
  SYMMETRIC_DEFAULT: { usages: ['ENCRYPT_DECRYPT'], encryption: ['SYMMETRIC_DEFAULT'], rotates: true },
};
