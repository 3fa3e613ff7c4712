import { z } from 'zod';
import { macAlgorithms } from '../enums.ts';
import { limits } from '../limits.ts';
import { blob, bytes, dryRun, grantTokens, keyId } from './members.ts';

const macAlgorithm = z.enum(macAlgorithms);
const macInput = {
  KeyId: keyId,
  Message: blob(1, limits.messageBytes),
  MacAlgorithm: macAlgorithm,
  GrantTokens: grantTokens.optional(),
  DryRun: dryRun.optional(),
};

/** Using HMAC keys. */
export const mac = {
  GenerateMac: {
    input: z.object(macInput),
    output: z.strictObject({ Mac: bytes, MacAlgorithm: macAlgorithm, KeyId: z.string() }),
  },
  VerifyMac: {
    input: z.object({ ...macInput, Mac: blob(1, limits.signatureBytes) }),
    output: z.strictObject({ KeyId: z.string(), MacValid: z.literal(true), MacAlgorithm: macAlgorithm }),
  },
};
