import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { EncodingError } from '../../../src/main/crypto/der.ts';
import { type KeyPairSpec, keyPairs, type PrivateKey } from '../../../src/main/crypto/key-pairs.ts';
import { random, text } from '../../support/crypto.ts';

/**
 * Whatever is done to the bytes, there are two answers: a key is refused with an EncodingError or is a sound one, a signature
 * or a ciphertext is false or null. Any other error would reach a caller as a bug.
 */
const specs: readonly KeyPairSpec[] = [
  'RSA_2048',
  'ECC_NIST_P256',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'ECC_NIST_EDWARDS25519',
  'SM2',
  'ML_DSA_44',
  'ML_KEM_512',
];

interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
}

/** One to three places where bytes are taken out and others put in. */
const edits = fc.array(
  fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat({ max: 3 }),
    insert: fc.uint8Array({ maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 3 },
);

function edited(bytes: Uint8Array, changes: readonly Edit[]): Uint8Array {
  let out = [...bytes];
  for (const { at, remove, insert } of changes) {
    // Structure is at the start: half of the edits go into the first 40 bytes.
    const index = at < 0.5 ? Math.floor(at * 80) : Math.floor(at * out.length);
    out = [...out.slice(0, index), ...insert, ...out.slice(index + remove)];
  }
  return Uint8Array.from(out);
}

const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((byte, i) => byte === b[i]);

describe.each(specs)('%s', (spec) => {
  const primitive = keyPairs[spec];
  const message = text('a message');
  let privateKey: Uint8Array;
  let opened: PrivateKey;
  let publicKey: Uint8Array;
  beforeAll(async () => {
    privateKey = await primitive.generate(random);
    opened = primitive.open(privateKey);
    publicKey = primitive.publicKey(privateKey);
  });
  const runs = { numRuns: 150 };

  it('private keys', async () => {
    await fc.assert(
      fc.asyncProperty(edits, async (changes) => {
        const imported = await primitive.importPrivateKey(edited(privateKey, changes)).catch((error: unknown) => {
          expect(error).toBeInstanceOf(EncodingError);
          return null;
        });
        if (imported) expect(await primitive.importPrivateKey(imported)).toEqual(imported);
      }),
      runs,
    );
  });

  it('public keys', () => {
    fc.assert(
      fc.property(edits, (changes) => {
        const spki = edited(publicKey, changes);
        try {
          primitive.requirePublicKey(spki);
        } catch (error) {
          expect(error).toBeInstanceOf(EncodingError);
          return;
        }
        // A sound key can be used.
        for (const scheme of Object.values(primitive.signing)) {
          const [messageType = 'RAW'] = scheme.messageTypes;
          if (messageType === 'RAW') scheme.verify(spki, messageType, message, new Uint8Array(64));
        }
        for (const scheme of Object.values(primitive.encryption)) scheme.encrypt(spki, message, random);
        primitive.deriveSharedSecret?.(opened, spki);
        primitive.encapsulation?.encapsulate(spki, random);
      }),
      runs,
    );
  });

  it('signatures and ciphertext', () => {
    const schemes = Object.values(primitive.signing).filter(({ messageTypes }) => messageTypes.includes('RAW'));
    const signed = schemes.map((scheme) => ({ scheme, signature: scheme.sign(opened, 'RAW', message, random) }));
    const sealed = Object.values(primitive.encryption).map((scheme) => ({
      scheme,
      ciphertext: scheme.encrypt(publicKey, message, random),
    }));
    fc.assert(
      fc.property(edits, (changes) => {
        for (const { scheme, signature } of signed) {
          const given = edited(signature, changes);
          if (!same(given, signature)) expect(scheme.verify(publicKey, 'RAW', message, given)).toBe(false);
        }
        for (const { scheme, ciphertext } of sealed) {
          const given = edited(ciphertext, changes);
          if (!same(given, ciphertext)) expect(scheme.decrypt(opened, given)).toBeNull();
        }
      }),
      { numRuns: spec === 'RSA_2048' ? 40 : 100 },
    );
  });
});
