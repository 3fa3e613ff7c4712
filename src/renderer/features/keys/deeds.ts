import type { KeySpec, KeyUsage } from '../../../shared/kms/enums.ts';
import { type KindName, kindOf } from './kinds.ts';

/** What keys of one kind do, as the window's sentences need it. */
export interface Deeds {
  /** The label of the way to use it. */
  readonly use: string;
  /** What it does: "… once the key can be used again". */
  readonly does: string;
  /** What it does not do while it is off. */
  readonly nothing: string;
  /** What is lost with it. */
  readonly lost: string;
  /** What its public key is good for, where it has one. */
  readonly others?: string;
}

const deeds: Readonly<Record<KindName, Deeds>> = {
  symmetric: {
    use: 'Encrypt or decrypt',
    does: 'Encrypts and decrypts',
    nothing: 'encrypts and decrypts nothing: texts, files and data keys of programs that use it are refused',
    lost: 'nothing this key encrypted can ever be opened again: text, files and data keys of other programs',
  },
  sign: {
    use: 'Sign or verify',
    does: 'Signs and verifies',
    nothing: 'signs and verifies nothing; whoever has its public key can still verify',
    lost: 'nothing more can be signed with this key. Its signatures verify only where its public key was kept',
    others: 'Whoever has it can check what this key signed.',
  },
  'public-key': {
    use: 'Encrypt or decrypt',
    does: 'Decrypts what its public key encrypted',
    nothing: 'decrypts nothing; whoever has its public key can still encrypt',
    lost: 'nothing that was encrypted with its public key can ever be opened again',
    others: 'Whoever has it can encrypt what only this key opens.',
  },
  mac: {
    use: 'Make or verify a MAC',
    does: 'Makes and verifies MACs',
    nothing: 'makes and verifies no MACs',
    lost: 'no MAC this key made can ever be verified again',
  },
  agreement: {
    use: 'Derive a secret',
    does: 'Derives shared secrets',
    nothing: 'derives no secrets',
    lost: 'no secret that was agreed with this key can ever be derived again',
    others: 'Whoever has it and a key pair on the same curve can derive the secret they share with this key.',
  },
  encapsulation: {
    use: 'Encapsulate',
    does: 'Encapsulates and decapsulates',
    nothing: 'decapsulates nothing; whoever has its public key can still encapsulate',
    lost: 'no secret that was encapsulated for this key can ever be recovered again',
    others: 'Whoever has it can encapsulate a secret that only this key recovers.',
  },
};

export const deedsOf = (key: { readonly KeySpec: KeySpec; readonly KeyUsage: KeyUsage }): Deeds =>
  deeds[kindOf(key.KeySpec, key.KeyUsage)];
