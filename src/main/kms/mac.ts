import { KmsError } from '../../shared/kms/errors.ts';
import { mac, verify } from '../crypto/mac.ts';
import { keyToUse } from './find.ts';
import { requireAlgorithm } from './key-pair.ts';
import type { KeyRecord } from './key-rows.ts';
import { type Context, onKey, type Parsed } from './operation.ts';

/** The HMAC key's secret, once it has the algorithm. Not to be kept beyond the call. */
function secretOf(
  { tx, materials }: Context,
  { MacAlgorithm }: Parsed<'GenerateMac' | 'VerifyMac'>,
  key: KeyRecord,
): Uint8Array {
  requireAlgorithm(key, 'mac', MacAlgorithm);
  return materials.current(tx, key);
}

const generateMac = onKey({
  name: 'GenerateMac',
  readOnly: true,
  usage: 'GENERATE_VERIFY_MAC',
  find: keyToUse,
  run(context, input, key) {
    const { MacAlgorithm, Message } = input;
    const secret = secretOf(context, input, key);
    return { Mac: mac(MacAlgorithm, secret, Message), MacAlgorithm, KeyId: key.arn };
  },
  audit: { request: ['KeyId', 'MacAlgorithm', 'DryRun'] },
});

const verifyMac = onKey({
  name: 'VerifyMac',
  readOnly: true,
  usage: 'GENERATE_VERIFY_MAC',
  find: keyToUse,
  run(context, input, key) {
    const { MacAlgorithm, Message, Mac } = input;
    if (!verify(MacAlgorithm, secretOf(context, input, key), Message, Mac))
      throw new KmsError('KMSInvalidMacException', 'The HMAC is not that of this message by this key.');
    return { KeyId: key.arn, MacValid: true as const, MacAlgorithm };
  },
  audit: { request: ['KeyId', 'MacAlgorithm', 'DryRun'] },
});

export const macOperations = [generateMac, verifyMac];
