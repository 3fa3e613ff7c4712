import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { digest } from '../../src/main/crypto/digest.ts';
import type { KeySpec, KeyUsage } from '../../src/shared/kms/enums.ts';
import { flipped, random } from '../support/crypto.ts';
import { wrapped } from '../support/importing.ts';
import { encryptionOptions, openOpenssl, type Signing, signings } from '../support/openssl.ts';
import { newKey } from './rows/common.ts';
import { refusal, served } from './support/suite.ts';

/** openssl's command line with the public keys that GetPublicKey hands out, and with private keys that are imported. */
const parts = served();
const { kms } = parts;
let openssl: ReturnType<typeof openOpenssl>;
beforeAll(() => {
  openssl = openOpenssl();
});
afterAll(() => openssl?.remove());

/** RSA takes seconds, so a key of a spec and usage is made once: by Coffer, or by openssl and imported. */
const made = new Map<string, Promise<string>>();
const theirs = new Map<KeySpec, string>();

function ownKey(KeySpec: KeySpec, KeyUsage: KeyUsage): Promise<string> {
  const id = `${KeySpec} ${KeyUsage}`;
  const key = made.get(id) ?? newKey({ kms: kms() }, { KeySpec, KeyUsage });
  made.set(id, key);
  return key;
}

/** The file of openssl's private key of a spec. */
function theirKey(signing: Signing): string {
  const file = theirs.get(signing.spec) ?? openssl.file(openssl.privateKey(signing));
  theirs.set(signing.spec, file);
  return file;
}

async function imported(signing: Signing, KeyUsage: KeyUsage, material: Uint8Array): Promise<string> {
  const KeyId = await newKey({ kms: kms() }, { KeySpec: signing.spec, KeyUsage, Origin: 'EXTERNAL' });
  const WrappingAlgorithm = 'RSA_AES_KEY_WRAP_SHA_256';
  const parameters = await kms().getParametersForImport({ KeyId, WrappingAlgorithm, WrappingKeySpec: 'RSA_2048' });
  await kms().importKeyMaterial({
    KeyId,
    ImportToken: parameters.ImportToken,
    EncryptedKeyMaterial: wrapped(WrappingAlgorithm, parameters.PublicKey ?? new Uint8Array(), material),
    ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
  });
  return KeyId;
}
/** The key whose private half openssl has, too. */
async function theirsHere(signing: Signing, KeyUsage: KeyUsage): Promise<string> {
  const id = `${signing.spec} ${KeyUsage} imported`;
  const key = made.get(id) ?? imported(signing, KeyUsage, new Uint8Array(readFileSync(theirKey(signing))));
  made.set(id, key);
  return key;
}

const publicKey = async (KeyId: string) =>
  openssl.file((await kms().getPublicKey({ KeyId })).PublicKey ?? new Uint8Array());

describe('signatures', () => {
  it.each(signings)('$spec, $algorithm', async (signing) => {
    const { spec, algorithm: SigningAlgorithm, hash } = signing;
    const Message = random.bytes(1000);
    const input = openssl.file(Message);
    const own = await ownKey(spec, 'SIGN_VERIFY');
    const key = await publicKey(own);
    const { Signature: ours = new Uint8Array() } = await kms().sign({ KeyId: own, Message, SigningAlgorithm });
    expect(openssl.verifies(key, input, ours, signing)).toBe(true);
    expect(openssl.verifies(key, openssl.file(flipped(Message)), ours, signing)).toBe(false);
    if (hash) {
      const digested = { Message: digest(hash, Message), MessageType: 'DIGEST' as const };
      const { Signature = new Uint8Array() } = await kms().sign({ KeyId: own, ...digested, SigningAlgorithm });
      expect(openssl.verifies(key, input, Signature, signing)).toBe(true);
    }

    const KeyId = await theirsHere(signing, 'SIGN_VERIFY');
    const Signature = openssl.sign(theirKey(signing), input, signing);
    expect((await kms().verify({ KeyId, Message, Signature, SigningAlgorithm })).SignatureValid).toBe(true);
    const wrong = { KeyId, Message: flipped(Message), Signature, SigningAlgorithm };
    expect((await refusal(kms().verify(wrong))).name).toBe('KMSInvalidSignatureException');
    const { Signature: again = new Uint8Array() } = await kms().sign({ KeyId, Message, SigningAlgorithm });
    expect(openssl.verifies(openssl.file(openssl.publicKey(theirKey(signing))), input, again, signing)).toBe(true);
  });
});

describe('encryption', () => {
  const of = (spec: string) => signings.find((signing) => signing.spec === spec) as Signing;
  it.each([
    ['RSA_2048', 'RSAES_OAEP_SHA_1', 'sha1', 214],
    ['RSA_2048', 'RSAES_OAEP_SHA_256', 'sha256', 190],
    ['RSA_3072', 'RSAES_OAEP_SHA_256', 'sha256', 318],
    ['RSA_4096', 'RSAES_OAEP_SHA_1', 'sha1', 470],
    ['SM2', 'SM2PKE', 'sm3', 1024],
  ] as const)('%s, %s', async (spec, EncryptionAlgorithm, hash, most) => {
    const options = encryptionOptions(hash);
    const own = await ownKey(spec, 'ENCRYPT_DECRYPT');
    const signing = of(spec);
    const KeyId = await theirsHere(signing, 'ENCRYPT_DECRYPT');
    for (const length of [1, most]) {
      const Plaintext = random.bytes(length);
      const theirCiphertext = openssl.encrypt(await publicKey(own), Plaintext, options);
      const input = { KeyId: own, CiphertextBlob: theirCiphertext, EncryptionAlgorithm };
      expect((await kms().decrypt(input)).Plaintext).toEqual(Plaintext);
      const { CiphertextBlob = new Uint8Array() } = await kms().encrypt({ KeyId, Plaintext, EncryptionAlgorithm });
      expect(openssl.decrypt(theirKey(signing), CiphertextBlob, options)).toEqual(Plaintext);
    }
  });
});

describe('key agreement', () => {
  it.each(signings.filter(({ spec }) => spec.startsWith('ECC_NIST_P')))('$spec', async (signing) => {
    const KeyId = await ownKey(signing.spec, 'KEY_AGREEMENT');
    const mine = theirKey(signing);
    const derived = openssl.output(
      ...['pkeyutl', '-derive', '-keyform', 'DER', '-inkey', mine],
      ...['-peerform', 'DER', '-peerkey', await publicKey(KeyId)],
    );
    const PublicKey = openssl.publicKey(mine);
    const { SharedSecret } = await kms().deriveSharedSecret({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey });
    expect(SharedSecret).toEqual(derived);
  });
});

parts.compareWithTrail();
