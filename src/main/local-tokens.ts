import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { StartHelper } from './key-stores/helper.ts';
import { moduleTokens, noTokens, type Tokens } from './key-stores/tokens.ts';

/**
 * The tokens of the PKCS#11 module that this computer is set up with, by whoever is named first: the command line, the
 * environment variable COFFER_PKCS11_MODULE, the preferences. Nothing is started before a token is needed.
 * @param built the folder of the built main program
 */
export function localTokens(
  named: readonly (string | undefined)[],
  { built, start }: { readonly built: string; readonly start: StartHelper },
): Tokens {
  const module = named.find((name) => name !== undefined && name !== '');
  if (module === undefined) return noTokens;
  return moduleTokens({ host: pathToFileURL(path.join(built, 'token-host.js')), module: path.resolve(module), start });
}
