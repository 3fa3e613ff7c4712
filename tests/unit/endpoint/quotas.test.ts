import { expect, it } from 'vitest';
import type { z } from 'zod';
import { decodeInput } from '../../../src/main/endpoint/json.ts';
import { defaultQuotas, type QuotaClass, quotaOf } from '../../../src/main/endpoint/quotas.ts';
import { Throttle } from '../../../src/main/endpoint/throttle.ts';
import { dataKeyPairSpecs, encryptionAlgorithms, signingAlgorithms } from '../../../src/shared/kms/enums.ts';
import { type OperationName, operations } from '../../../src/shared/kms/operations.ts';

const ACCOUNT = '111122223333';

it('counts a call with its key’s kind, which its algorithm tells', () => {
  const kinds = (member: string, operation: OperationName, algorithms: readonly string[]) =>
    Object.fromEntries(algorithms.map((algorithm) => [algorithm, quotaOf(operation, { [member]: algorithm })]));
  for (const operation of ['Sign', 'Verify'] as const)
    expect(kinds('SigningAlgorithm', operation, signingAlgorithms)).toEqual({
      RSASSA_PSS_SHA_256: 'rsa',
      RSASSA_PSS_SHA_384: 'rsa',
      RSASSA_PSS_SHA_512: 'rsa',
      RSASSA_PKCS1_V1_5_SHA_256: 'rsa',
      RSASSA_PKCS1_V1_5_SHA_384: 'rsa',
      RSASSA_PKCS1_V1_5_SHA_512: 'rsa',
      ECDSA_SHA_256: 'ecc',
      ECDSA_SHA_384: 'ecc',
      ECDSA_SHA_512: 'ecc',
      ED25519_SHA_512: 'ecc',
      ED25519_PH_SHA_512: 'ecc',
      SM2DSA: 'ecc',
      ML_DSA_SHAKE_256: 'mldsa',
    });
  for (const operation of ['Encrypt', 'Decrypt'] as const)
    expect(kinds('EncryptionAlgorithm', operation, encryptionAlgorithms)).toEqual({
      SYMMETRIC_DEFAULT: 'symmetric',
      RSAES_OAEP_SHA_1: 'rsa',
      RSAES_OAEP_SHA_256: 'rsa',
      SM2PKE: 'ecc',
    });
});

it('counts the calls that name no algorithm, too, and odd ones', () => {
  const cases: [OperationName, Record<string, unknown>, QuotaClass][] = [
    ['Encrypt', {}, 'symmetric'],
    ['Decrypt', { EncryptionAlgorithm: 7 }, 'symmetric'],
    ['Sign', { SigningAlgorithm: ['RSA'] }, 'ecc'],
    ['ReEncrypt', {}, 'symmetric'],
    ['ReEncrypt', { DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }, 'rsa'],
    ['ReEncrypt', { SourceEncryptionAlgorithm: 'SM2PKE', DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }, 'ecc'],
    ['GenerateMac', {}, 'symmetric'],
    ['VerifyMac', {}, 'symmetric'],
    ['GenerateDataKey', {}, 'symmetric'],
    ['DeriveSharedSecret', {}, 'ecc'],
    ['Encapsulate', {}, 'mlkem'],
    ['Decapsulate', {}, 'mlkem'],
    ['GetPublicKey', {}, 'management'],
    ['CreateKey', {}, 'management'],
    ['GenerateDataKeyPair', {}, 'management'],
    ['GenerateDataKeyPair', { KeyPairSpec: '__proto__' }, 'management'],
  ];
  for (const [operation, input, quota] of cases)
    expect([operation, input, quotaOf(operation, input)]).toEqual([operation, input, quota]);
  for (const KeyPairSpec of dataKeyPairSpecs)
    for (const operation of ['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'] as const)
      expect(defaultQuotas[quotaOf(operation, { KeyPairSpec })]).toBeLessThanOrEqual(100);
});

it('keeps the classes apart, and AWS’s figures where none are given', () => {
  const clock = { time: 0, now: () => clock.time };
  const throttle = new Throttle(clock, { rsa: 2 });
  const take = (quota: QuotaClass) => throttle.take(ACCOUNT, 'eu-central-1', quota);
  expect([take('rsa'), take('rsa'), take('rsa'), take('ecc')]).toEqual([true, true, false, true]);
  const slow = 'GenerateDataKeyPair RSA_4096';
  expect([take(slow), take(slow)]).toEqual([true, false]);
  clock.time += 999;
  expect(take(slow)).toBe(false);
  clock.time += 1;
  expect(take(slow)).toBe(true);
});

it('decodes every member that is bytes from base64', () => {
  const found = new Set<string>();
  for (const { input } of Object.values(operations)) {
    for (const [name, schema] of Object.entries((input as z.ZodObject).shape)) {
      const member = schema as z.ZodType;
      const takes = (value: unknown) => member.safeParse(value).success;
      if (!takes(new Uint8Array(64)) || takes({})) continue;
      found.add(name);
      const body = Buffer.from(JSON.stringify({ [name]: Buffer.alloc(64, 1).toString('base64') }));
      expect([name, decodeInput(body)[name]]).toEqual([name, new Uint8Array(64).fill(1)]);
    }
  }
  expect([...found]).toEqual(expect.arrayContaining(['Message', 'Signature', 'Mac', 'SharedSecretCiphertextBlob']));
});
