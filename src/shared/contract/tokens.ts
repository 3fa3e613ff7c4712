import { z } from 'zod';
import { entry } from './entry.ts';

const Nothing = z.strictObject({});

/** The PKCS#11 module that AWS_CLOUDHSM key stores reach their tokens by. */
export const TokenModule = z.strictObject({
  /** A shared library's path; absent while none is chosen. */
  path: z.string().optional(),
  /** Whether the environment variable COFFER_PKCS11_MODULE names it: then the window cannot. */
  fixed: z.boolean(),
  /** The modules that were found where they are usually installed. */
  installed: z.array(z.string()),
});

/** A token as it describes itself. */
export const TokenShown = z.strictObject({
  label: z.string(),
  serial: z.string(),
  /** Whether its user has a PIN. */
  userPin: z.boolean(),
  /** Whether it can make AES keys and encrypt with AES-GCM. */
  capable: z.boolean(),
});

/**
 * The module is native code, so a page that was taken over must not choose it: it is one that the main process found installed,
 * or a file that the person picks in a dialog of the system.
 */
export const tokens = {
  'tokens.module': entry(Nothing, TokenModule),
  /** The tokens that the module has now; none without a module. */
  'tokens.list': entry(Nothing, z.strictObject({ tokens: z.array(TokenShown) })),
  /** Opens the system's dialog; what was chosen before stays when the person cancels, or picks what is no module. */
  'tokens.pickModule': entry(Nothing, TokenModule),
  /** One of `installed`, or none. */
  'tokens.setModule': entry(z.strictObject({ path: z.string().max(4096).nullable() }), TokenModule),
};
