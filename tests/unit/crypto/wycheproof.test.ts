import { describe, expect, it } from 'vitest';
import {
  bitString,
  EncodingError,
  element,
  integer,
  octetString,
  oid,
  sequence,
} from '../../../src/main/crypto/der.ts';
import * as ecc from '../../../src/main/crypto/ecc.ts';
import * as ed25519 from '../../../src/main/crypto/ed25519.ts';
import { unwrap, unwrapPadded, wrap, wrapPadded } from '../../../src/main/crypto/key-wrap.ts';
import * as mlkem from '../../../src/main/crypto/mlkem.ts';
import * as rsa from '../../../src/main/crypto/rsa.ts';
import { disagreements, random, toHex, type Vector, wycheproof } from '../../support/crypto.ts';

/** What Coffer refuses as a key counts as not accepted; any other error is the test's. */
function accepted(check: () => boolean): boolean {
  try {
    return check();
  } catch (error) {
    if (error instanceof EncodingError) return false;
    throw error;
  }
}

const same = (a: Uint8Array | null, b: Uint8Array) => a !== null && toHex(a) === toHex(b);

const curveOids: Record<string, string> = {
  ECC_NIST_P256: '1.2.840.10045.3.1.7',
  ECC_NIST_P384: '1.3.132.0.34',
  ECC_NIST_P521: '1.3.132.0.35',
  ECC_SECG_P256K1: '1.3.132.0.10',
};

/** PKCS#8 of a scalar without its public point, which RFC 5915 leaves open. */
function scalarKey(spec: string, scalar: Uint8Array): Uint8Array {
  const algorithm = sequence(oid('1.2.840.10045.2.1'), oid(curveOids[spec] ?? ''));
  const key = sequence(integer(Uint8Array.of(1)), octetString(scalar));
  return sequence(integer(Uint8Array.of(0)), algorithm, octetString(key));
}

const kemAlgorithm = (spec: string) =>
  sequence(oid(`2.16.840.1.101.3.4.4.${['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'].indexOf(spec) + 1}`));

const seedKey = ({ spec, key }: Vector) =>
  sequence(integer(Uint8Array.of(0)), kemAlgorithm(spec), octetString(element(0x80, key)));

describe('Wycheproof', () => {
  it.each(['RAW', 'DIGEST'] as const)('ECDSA over a %s', async (messageType) => {
    const { digest } = await import('../../../src/main/crypto/digest.ts');
    const hashes = { ECC_NIST_P384: 'SHA_384', ECC_NIST_P521: 'SHA_512' } as Record<string, 'SHA_384' | 'SHA_512'>;
    const vectors = wycheproof('ecdsa');
    expect(vectors).toHaveLength(79);
    const wrong = disagreements(vectors, ({ spec, key, input, expected }) =>
      accepted(() => {
        const message = messageType === 'RAW' ? input : digest(hashes[spec] ?? 'SHA_256', input);
        return ecc.verify(spec as ecc.EccSpec, key, messageType, message, expected);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('RSASSA-PKCS1-v1_5 and RSASSA-PSS', () => {
    const vectors = wycheproof('rsa');
    expect(vectors).toHaveLength(81);
    const wrong = disagreements(vectors, ({ spec, key, input, expected }) =>
      rsa.verify(spec as rsa.RsaSigningAlgorithm, key, 'RAW', input, expected),
    );
    expect(wrong).toEqual([]);
  });

  it('RSAES-OAEP', () => {
    const vectors = wycheproof('oaep');
    expect(vectors).toHaveLength(46);
    const wrong = disagreements(vectors, ({ spec, key, input, expected }) =>
      same(rsa.decrypt(spec as rsa.RsaEncryptionAlgorithm, key, input), expected),
    );
    expect(wrong).toEqual([]);
  });

  it('Ed25519', () => {
    const vectors = wycheproof('ed25519');
    expect(vectors).toHaveLength(28);
    const wrong = disagreements(vectors, ({ key, input, expected }) =>
      ed25519.verify('ED25519_SHA_512', key, input, expected),
    );
    expect(wrong).toEqual([]);
  });

  it('ECDH', () => {
    const vectors = wycheproof('ecdh');
    expect(vectors).toHaveLength(101);
    const wrong = disagreements(vectors, ({ spec, key, input, expected }) =>
      accepted(() => {
        const eccSpec = spec as ecc.EccSpec;
        const privateKey = ecc.importPrivateKey(eccSpec, scalarKey(spec, key));
        return same(ecc.deriveSharedSecret(eccSpec, privateKey, input), expected);
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('AES key wrap, with padding and without', () => {
    const vectors = wycheproof('wrap');
    expect(vectors).toHaveLength(20);
    const wrong = disagreements(vectors, ({ spec, key, input, expected, valid }) => {
      const [forth, back] = spec === 'padded' ? [wrapPadded, unwrapPadded] : [wrap, unwrap];
      return same(back(key, input), expected) && (!valid || same(forth(key, expected), input));
    });
    expect(wrong).toEqual([]);
  });

  it('ML-KEM decapsulation, with implicit rejection', () => {
    const vectors = wycheproof('mlkem');
    expect(vectors).toHaveLength(6);
    const wrong = disagreements(vectors, (vector) =>
      same(mlkem.decapsulate(vector.spec as mlkem.MlKemSpec, seedKey(vector), vector.input), vector.expected),
    );
    expect(wrong).toEqual([]);
  });

  it('ML-KEM keys with a coefficient that is not below q', () => {
    const vectors = wycheproof('mlkem-key');
    expect(vectors).toHaveLength(3);
    for (const { spec, input } of vectors) {
      const spki = sequence(kemAlgorithm(spec), bitString(input));
      expect(() => mlkem.encapsulate(spec as mlkem.MlKemSpec, spki, random)).toThrow(EncodingError);
      expect(() => mlkem.requirePublicKey(spec as mlkem.MlKemSpec, spki)).toThrow(EncodingError);
    }
  });
});
