import path from 'node:path';
import { PASSPHRASE_MIN } from '../../shared/contract/limits.ts';
import { CofferError } from '../../shared/kms/errors.ts';
import type { Environment, Keychain } from '../environment.ts';
import { openMemoryStore } from '../vault/memory-store.ts';
import { migrations } from '../vault/migrations/index.ts';
import type { Store } from '../vault/types.ts';
import { Vault, type VaultOptions } from '../vault/vault.ts';
import type { ServeOptions } from './options.ts';
import { askPassphrases, readPassphrase } from './passphrase.ts';

export interface StoreParts {
  readonly environment: Environment;
  readonly keychain: Keychain;
  /** The vault the window opened last, or its default place. */
  readonly usualVault: string;
  /** What a person should know; never a secret. */
  readonly say: (text: string) => void;
}

export interface OpenedStore {
  readonly store: Store;
  /** Of a vault that was just made: its recovery code, this once. */
  readonly recoveryCode?: string;
  close(): Promise<void>;
}

async function newPassphrase({ passphraseFd }: ServeOptions): Promise<string> {
  let passphrase: string;
  if (passphraseFd !== undefined) passphrase = await readPassphrase(passphraseFd);
  else {
    const [first = '', again] = await askPassphrases(['Passphrase for the new vault: ', 'The same again: ']);
    if (first !== again) throw new CofferError('NoPassphrase', 'The two are not the same. No vault was made.');
    passphrase = first;
  }
  if ([...passphrase].length < PASSPHRASE_MIN)
    throw new CofferError('NoPassphrase', `A passphrase has at least ${PASSPHRASE_MIN} characters. No vault was made.`);
  return passphrase;
}

async function createVault(dir: string, wish: ServeOptions, options: VaultOptions): Promise<OpenedStore> {
  const passphrase = await newPassphrase(wish);
  const { vault, recoveryCode } = await Vault.create(dir, options, {
    name: path.basename(dir).slice(0, 100),
    passphrase,
    useKeychain: false,
  });
  return { store: vault, recoveryCode, close: () => vault.close() };
}

/** By the keychain where that works, otherwise by the passphrase. A descriptor that was named goes before both. */
async function unlockVault(dir: string, { passphraseFd }: ServeOptions, parts: StoreParts, options: VaultOptions) {
  const info = await Vault.inspect(dir).catch((error) => {
    if (!(error instanceof CofferError) || error.code !== 'NoVault') throw error;
    const how = 'Make one in the window (npm start), or here with --create; --ephemeral needs none.';
    throw new CofferError('NoVault', `There is no vault in ${dir}. ${how}`);
  });
  const has = (kind: string) => info.slots.some((slot) => slot.kind === kind);
  if (passphraseFd !== undefined)
    return Vault.open(dir, options, { kind: 'passphrase', secret: await readPassphrase(passphraseFd) });
  if (has('keychain')) {
    try {
      return await Vault.open(dir, options, { kind: 'keychain' });
    } catch (error) {
      const asks = error instanceof CofferError && ['KeychainKeyMissing', 'KeychainError'].includes(error.code);
      if (!asks) throw error;
      parts.say((error as CofferError).message);
    }
  }
  if (!has('passphrase')) throw new CofferError('NoSuchSlot', 'This vault has no passphrase. Add one in the window.');
  const [secret = ''] = await askPassphrases([`Passphrase of ${info.name}: `]);
  return Vault.open(dir, options, { kind: 'passphrase', secret });
}

/** The store to serve: in memory, a new vault, or one that exists. @throws CofferError as opening and making vaults do */
export async function openStore(wish: ServeOptions, parts: StoreParts): Promise<OpenedStore> {
  const { environment, keychain } = parts;
  if (wish.ephemeral) {
    const store = await openMemoryStore(environment, migrations);
    return { store, close: () => store.lock() };
  }
  const dir = path.resolve(wish.vault ?? parts.usualVault);
  const options: VaultOptions = { ...environment, keychain, migrations };
  if (wish.create) return createVault(dir, wish, options);
  const vault = await unlockVault(dir, wish, parts, options);
  const { headerUnrepaired } = vault.report;
  if (headerUnrepaired !== undefined)
    parts.say(
      `Only one of the two copies of the vault's header is good, and the other could not be written anew: ${headerUnrepaired}. Make a backup in the window.`,
    );
  return { store: vault, close: () => vault.close() };
}
