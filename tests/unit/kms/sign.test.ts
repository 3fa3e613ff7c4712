import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KeyPairSpec } from '../../../src/main/crypto/key-pairs.ts';
import {
  type MessageType,
  messageTypes,
  type SigningAlgorithm,
  signingAlgorithms,
} from '../../../src/shared/kms/enums.ts';
import { specs } from '../../../src/shared/kms/specs.ts';
import { flipped, text } from '../../support/crypto.ts';
import { ACCOUNT } from '../../support/engine.ts';
import { toSign, verifiesElsewhere } from '../../support/independent.ts';
import { type KeyPairEngine, openKeyPairEngine } from '../../support/key-pairs.ts';

let t: KeyPairEngine;
beforeAll(async () => {
  t = await openKeyPairEngine();
});
afterAll(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

const HASHED = ['RAW', 'DIGEST'] as const;
/** What each algorithm takes, and the lengths of its signatures where the spec does not decide them. */
const taken: Partial<Record<SigningAlgorithm, readonly MessageType[]>> = {
  ED25519_SHA_512: ['RAW'],
  ED25519_PH_SHA_512: ['DIGEST'],
  ML_DSA_SHAKE_256: ['RAW', 'EXTERNAL_MU'],
};
const signatureBytes: Partial<Record<KeyPairSpec, number>> = {
  RSA_2048: 256,
  RSA_3072: 384,
  RSA_4096: 512,
  ECC_NIST_EDWARDS25519: 64,
  ML_DSA_44: 2420,
  ML_DSA_65: 3309,
  ML_DSA_87: 4627,
};
const signing = Object.entries(specs).flatMap(([spec, { signing: algorithms }]) =>
  algorithms ? [{ spec: spec as KeyPairSpec, algorithms }] : [],
);
const message = text('a message');

it('has every algorithm of the API', () => {
  expect([...new Set(signing.flatMap(({ algorithms }) => algorithms))].sort()).toEqual([...signingAlgorithms].sort());
  expect(signing).toHaveLength(12);
});

describe.each(signing)('$spec', ({ spec, algorithms }) => {
  it.each(algorithms)('signs and verifies with %s', { timeout: 120_000 }, async (SigningAlgorithm) => {
    const { id: KeyId, arn } = await t.keyOf(spec, 'SIGN_VERIFY');
    const publicKey = await t.publicKey(KeyId);
    const types = taken[SigningAlgorithm] ?? HASHED;
    const digest = SigningAlgorithm === 'ED25519_PH_SHA_512';
    for (const MessageType of types) {
      const Message = toSign(SigningAlgorithm, MessageType, publicKey, message);
      const signed = await t.call('Sign', { KeyId, Message, MessageType, SigningAlgorithm });
      expect(signed).toMatchObject({ KeyId: arn, SigningAlgorithm });
      const { Signature } = signed;
      expect(Signature.length).toBe(signatureBytes[spec] ?? Signature.length);
      // Ed25519ph signs the digest as its message, so that is what another side verifies.
      const seen = digest ? Message : message;
      expect(verifiesElsewhere(spec, SigningAlgorithm, publicKey, seen, Signature)).toBe(true);
      expect(verifiesElsewhere(spec, SigningAlgorithm, publicKey, text('another'), Signature)).toBe(false);

      // What was signed in one form verifies in each.
      for (const type of types) {
        const given = toSign(SigningAlgorithm, type, publicKey, message);
        const verified = { KeyId, Message: given, MessageType: type, SigningAlgorithm, Signature };
        expect(await t.call('Verify', verified)).toEqual({ KeyId: arn, SignatureValid: true, SigningAlgorithm });
      }
      const verify = { KeyId, Message, MessageType, SigningAlgorithm, Signature };
      const { id: other } = await t.keyOf(spec, 'SIGN_VERIFY', 'another');
      for (const wrong of [
        { Message: flipped(Message) },
        { Signature: flipped(Signature) },
        { Signature: flipped(Signature, -1) },
        { Signature: Signature.subarray(0, -1) },
        { Signature: Uint8Array.from([...Signature, 0]) },
        { Signature: Uint8Array.of(0) },
        { Signature: new Uint8Array(Signature.length) },
        { KeyId: other },
      ]) {
        const refusal = await t.refused('Verify', { ...verify, ...wrong });
        expect([Object.keys(wrong), refusal.code]).toEqual([Object.keys(wrong), 'KMSInvalidSignatureException']);
      }
      for (const another of algorithms.filter((each) => each !== SigningAlgorithm)) {
        if (!(taken[another] ?? HASHED).includes('RAW') || MessageType !== 'RAW') continue;
        const refusal = await t.refused('Verify', { ...verify, SigningAlgorithm: another });
        expect(refusal.code).toBe('KMSInvalidSignatureException');
      }
    }
    // RAW is what is meant when nothing is said.
    if (types.includes('RAW')) {
      const { Signature } = await t.call('Sign', { KeyId, Message: message, SigningAlgorithm });
      expect(verifiesElsewhere(spec, SigningAlgorithm, publicKey, message, Signature)).toBe(true);
    }
  });

  it('takes no other message types, digests of other lengths or algorithms', { timeout: 120_000 }, async () => {
    const { id: KeyId } = await t.keyOf(spec, 'SIGN_VERIFY');
    const refused = async (input: object, code: string, said: string) => {
      const whole = { KeyId, Message: new Uint8Array(32), ...input };
      expect(await t.refused('Sign', whole)).toMatchObject({ code, message: said });
      expect(await t.refused('Verify', { ...whole, Signature: new Uint8Array(64) })).toMatchObject({
        code,
        message: said,
      });
    };
    for (const SigningAlgorithm of algorithms) {
      const types = taken[SigningAlgorithm] ?? HASHED;
      for (const MessageType of messageTypes) {
        if (types.includes(MessageType)) continue;
        const ed25519 = spec === 'ECC_NIST_EDWARDS25519' && MessageType !== 'EXTERNAL_MU';
        const what = ed25519 ? `algorithm ${SigningAlgorithm}` : `key spec ${spec}`;
        await refused(
          { SigningAlgorithm, MessageType },
          'ValidationException',
          `Message type ${MessageType} is incompatible with ${what}.`,
        );
      }
      const exact = {
        DIGEST: toSign(SigningAlgorithm, 'DIGEST', await t.publicKey(KeyId), message).length,
        EXTERNAL_MU: 64,
      };
      for (const MessageType of ['DIGEST', 'EXTERNAL_MU'] as const) {
        if (!types.includes(MessageType)) continue;
        for (const length of [1, 20, exact[MessageType] - 1, exact[MessageType] + 1, 4096]) {
          const what = MessageType === 'DIGEST' ? 'Digest' : 'External Mu';
          const said = `${what} is invalid length for algorithm ${SigningAlgorithm}.`;
          await refused(
            { SigningAlgorithm, MessageType, Message: new Uint8Array(length) },
            'ValidationException',
            said,
          );
        }
      }
    }
    for (const SigningAlgorithm of signingAlgorithms) {
      if (algorithms.includes(SigningAlgorithm)) continue;
      const said = `Algorithm ${SigningAlgorithm} is incompatible with key spec ${spec}.`;
      // The algorithm is looked at before the message.
      await refused({ SigningAlgorithm, MessageType: 'DIGEST' }, 'InvalidKeyUsageException', said);
    }
  });
});

describe('Sign and Verify', () => {
  it('take 1 to 4,096 bytes', async () => {
    const { id: KeyId } = await t.keyOf('ECC_NIST_P256', 'SIGN_VERIFY');
    const input = { KeyId, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    const Message = new Uint8Array(4096).fill(7);
    const { Signature } = await t.call('Sign', { ...input, Message });
    await t.call('Verify', { ...input, Message, Signature });
    for (const length of [0, 4097]) {
      const wrong = { ...input, Message: new Uint8Array(length) };
      for (const [name, whole] of [
        ['Sign', wrong],
        ['Verify', { ...wrong, Signature }],
      ] as const)
        expect((await t.refused(name, whole)).message).toContain(`: Value at 'message'`);
    }
    expect((await t.refused('Sign', { ...input, Message, SigningAlgorithm: 'FOO' })).message).toBe(
      "1 validation error detected: Value 'FOO' at 'signingAlgorithm' failed to satisfy constraint: Member must satisfy enum value set: [RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512, RSASSA_PKCS1_V1_5_SHA_256, RSASSA_PKCS1_V1_5_SHA_384, RSASSA_PKCS1_V1_5_SHA_512, ECDSA_SHA_256, ECDSA_SHA_384, ECDSA_SHA_512, ED25519_SHA_512, ED25519_PH_SHA_512, SM2DSA, ML_DSA_SHAKE_256]",
    );
  });

  it('are for keys of that usage', async () => {
    const symmetric = await t.key();
    const hmac = await t.key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    const agreeing = await t.keyOf('ECC_NIST_P256', 'KEY_AGREEMENT');
    const input = { Message: message, SigningAlgorithm: 'ECDSA_SHA_256', Signature: new Uint8Array(64) };
    for (const [{ arn }, usage] of [
      [symmetric, 'ENCRYPT_DECRYPT'],
      [hmac, 'GENERATE_VERIFY_MAC'],
      [agreeing, 'KEY_AGREEMENT'],
    ] as const)
      for (const name of ['Sign', 'Verify'] as const)
        expect(await t.refused(name, { ...input, KeyId: arn })).toMatchObject({
          code: 'InvalidKeyUsageException',
          message: `${arn} key usage is ${usage} which is not valid for ${name}.`,
        });
  });

  it('dry runs say what a real one would, and sign nothing', async () => {
    const { id: KeyId } = await t.keyOf('ECC_NIST_P256', 'SIGN_VERIFY');
    const input = { KeyId, Message: message, SigningAlgorithm: 'ECDSA_SHA_256', DryRun: true };
    expect((await t.refused('Sign', input)).code).toBe('DryRunOperationException');
    const bad = { ...input, Signature: new Uint8Array(64) };
    expect((await t.refused('Verify', bad)).code).toBe('KMSInvalidSignatureException');
  });

  it('grants give each by itself', async () => {
    const { id: KeyId, arn } = await t.keyOf('ECC_NIST_P256', 'SIGN_VERIFY');
    const principalArn = `arn:aws:iam::${ACCOUNT}:user/signer`;
    const input = { KeyId: arn, Message: message, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    expect((await t.refused('Sign', input, { principalArn })).code).toBe('AccessDeniedException');
    await t.call('CreateGrant', { KeyId, GranteePrincipal: principalArn, Operations: ['Sign', 'GetPublicKey'] });
    const { Signature } = await t.call('Sign', input, { principalArn });
    const { PublicKey } = await t.call('GetPublicKey', { KeyId: arn }, { principalArn });
    expect(verifiesElsewhere('ECC_NIST_P256', 'ECDSA_SHA_256', PublicKey, message, Signature)).toBe(true);
    expect((await t.refused('Verify', { ...input, Signature }, { principalArn })).code).toBe('AccessDeniedException');
    const mac = { KeyId, GranteePrincipal: principalArn, Operations: ['GenerateMac'] };
    expect((await t.refused('CreateGrant', mac)).code).toBe('ValidationException');
  });

  it('replicas sign and verify for each other', async () => {
    const { id: KeyId } = await t.key({ KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY', MultiRegion: true });
    const region = 'us-east-1';
    await t.call('ReplicateKey', { KeyId, ReplicaRegion: region });
    t.clock.time += 60_000;
    const input = { KeyId, Message: message, SigningAlgorithm: 'ECDSA_SHA_384' } as const;
    const here = await t.call('Sign', input);
    const there = await t.call('Sign', input, { region });
    expect(there.KeyId).toBe(here.KeyId.replace('eu-central-1', region));
    await t.call('Verify', { ...input, Signature: here.Signature }, { region });
    await t.call('Verify', { ...input, Signature: there.Signature });
    const replica = await t.call('GetPublicKey', { KeyId }, { region });
    expect(replica.PublicKey).toEqual(await t.publicKey(KeyId));
  });
});
