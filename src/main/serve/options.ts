import path from 'node:path';
import { parseArgs } from 'node:util';
import { DEFAULT_PORT } from '../../shared/contract/limits.ts';

export const USAGE = `usage: npm run serve -- [options]

Starts Coffer's engine and its AWS-compatible endpoint on 127.0.0.1, without a window.

  --port N            the port, ${DEFAULT_PORT} unless given; 0 takes a free one
  --vault DIR         the vault's folder; the one the window opened last unless given
  --create            makes the vault first, in a new or empty folder
  --passphrase-fd N   reads the passphrase from this file descriptor, to the end of its first line; otherwise
                      it comes from the keychain, or is asked for on the terminal. npm hands on
                      descriptor 0 only; node scripts/serve.mjs [options] takes any
  --ephemeral         a vault in memory, gone at exit
  --seed FILE         fills a new or empty vault with the accounts, principals and keys of a YAML file
  --pkcs11-module F   the PKCS#11 module (a shared library) whose tokens can be custom key stores; the environment
                      variable COFFER_PKCS11_MODULE names it, too
  --new-access-key    makes an access key for the account's root and prints it, this once
  --help              prints this
`;

/** A command line that says nothing sensible. Its words never repeat an argument, which may be a secret. */
export class UsageError extends Error {}

export interface ServeOptions {
  readonly port: number;
  readonly vault: string | undefined;
  readonly create: boolean;
  readonly passphraseFd: number | undefined;
  readonly ephemeral: boolean;
  readonly seed: string | undefined;
  readonly newAccessKey: boolean;
  readonly pkcs11Module: string | undefined;
}

const known = {
  port: { type: 'string' },
  vault: { type: 'string' },
  create: { type: 'boolean' },
  'passphrase-fd': { type: 'string' },
  ephemeral: { type: 'boolean' },
  seed: { type: 'string' },
  'new-access-key': { type: 'boolean' },
  'pkcs11-module': { type: 'string' },
  help: { type: 'boolean' },
} as const;

function number(name: string, text: string | undefined, max: number): number | undefined {
  if (text === undefined) return undefined;
  if (!/^\d{1,5}$/.test(text) || Number(text) > max) throw new UsageError(`--${name} takes a number up to ${max}.`);
  return Number(text);
}

function values(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: known, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const option = /^Unknown option '(--?[a-z-]+)'/.exec((error as Error).message)?.[1];
    const lacks = /^Option '(--[a-z-]+) /.exec((error as Error).message)?.[1];
    if (option) throw new UsageError(`There is no option ${option}.`);
    throw new UsageError(lacks ? `The value of ${lacks} is missing, or too much.` : 'Only options are taken.');
  }
}

/** Reads the command line; paths are from the folder `from`. `undefined` asks for help. @throws UsageError */
export function parseOptions(args: readonly string[], from: string): ServeOptions | undefined {
  const given = values(args);
  if (given.help) return undefined;
  const pathOf = (text: string | undefined) => (text === undefined ? undefined : path.resolve(from, text));
  const ephemeral = given.ephemeral ?? false;
  for (const name of ['vault', 'create', 'passphrase-fd'] as const)
    if (ephemeral && given[name] !== undefined) throw new UsageError(`--ephemeral has no use for --${name}.`);
  return {
    port: number('port', given.port, 65_535) ?? DEFAULT_PORT,
    vault: pathOf(given.vault),
    create: given.create ?? false,
    passphraseFd: number('passphrase-fd', given['passphrase-fd'], 99_999),
    ephemeral,
    seed: pathOf(given.seed),
    newAccessKey: given['new-access-key'] ?? false,
    pkcs11Module: pathOf(given['pkcs11-module']),
  };
}
