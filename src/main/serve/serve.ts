import { CofferError } from '../../shared/kms/errors.ts';
import { regions } from '../../shared/kms/regions.ts';
import type { NewAccessKey } from '../access/access-keys.ts';
import { startEndpoint } from '../endpoint/server.ts';
import type { Served } from '../endpoint/types.ts';
import { applySeed, type SeedParts, trySeed } from '../seed/apply.ts';
import { readSeed, type SeedFile } from '../seed/read.ts';
import { ownCaller, type ServiceParts, type Services, servedBy, startServices } from '../services.ts';
import type { ServeOptions } from './options.ts';
import { type OpenedStore, openStore, type StoreParts } from './store.ts';

export interface HeadlessParts extends StoreParts, ServiceParts {
  readonly version: string;
  /** Takes one line of the program's output: the ready line, and the secrets a person has just asked for. */
  readonly print: (line: string) => void;
}

export interface Headless {
  /** Answers what is under way, signs the trail's end, drops every key. */
  close(): Promise<void>;
}

/** How often due rotations and deletions are looked for, in milliseconds. */
const TICK_MS = 5_000;

/** A new access key as a shell takes it. */
function printKey(
  { print }: HeadlessParts,
  principalArn: string,
  { accessKeyId, secretAccessKey }: NewAccessKey,
): void {
  print(`# ${principalArn}, a new access key: its secret is not shown again`);
  print(`export AWS_ACCESS_KEY_ID=${accessKeyId}`);
  print(`export AWS_SECRET_ACCESS_KEY=${secretAccessKey}`);
}

function seedParts({ environment, onBug, version }: HeadlessParts): SeedParts {
  return { environment, onBug, callerIn: (accountId, region) => ownCaller(accountId, region, version, 'seed') };
}

async function sow({ store }: OpenedStore, file: SeedFile, parts: HeadlessParts): Promise<void> {
  const generated = await applySeed(store, file, seedParts(parts));
  if (!generated) parts.say('The vault was filled from this seed before. Nothing was changed.');
  for (const key of generated ?? []) printKey(parts, key.principalArn, key);
}

/** An access key of the account's root, when it was asked for or nobody could call without. */
async function giveAccess(
  { accessKeys, accountId }: Services,
  wish: ServeOptions,
  parts: HeadlessParts,
): Promise<void> {
  const none = accessKeys.list().every(({ active }) => !active);
  if (wish.newAccessKey || (wish.ephemeral && none)) {
    const actor = ownCaller(accountId, regions[0], parts.version, 'serve');
    printKey(parts, actor.principalArn, await accessKeys.create(actor, { accountId, principal: null }));
  } else if (none) parts.say('The vault has no active access key: --new-access-key makes one.');
}

/**
 * Opens the store and serves it until it is closed. A seed is read and the port taken first, so that nobody types a passphrase in
 * vain; until the store is open, calls are answered as by a locked vault.
 * @throws CofferError, or the system's error when the port is taken
 */
export async function serveHeadless(wish: ServeOptions, parts: HeadlessParts): Promise<Headless> {
  const { environment, onBug, print } = parts;
  const file = wish.seed === undefined ? undefined : await readSeed(wish.seed);
  let served: Served | undefined;
  const endpoint = await startEndpoint({ clock: environment.clock, served: () => served, onBug }, wish.port);
  let opened: OpenedStore | undefined;
  try {
    if (file && wish.create) await trySeed(file, seedParts(parts));
    opened = await openStore(wish, parts);
    const { close } = opened;
    if (opened.recoveryCode) print(`# Recovery code of the new vault, not shown again: ${opened.recoveryCode}`);
    if (file) await sow(opened, file, parts);
    const services = await startServices(opened.store, parts);
    await giveAccess(services, wish, parts);
    served = servedBy(services, services.engine, parts);
    const at = `http://127.0.0.1:${endpoint.port}`;
    print(`Coffer serves account ${services.accountId} at ${at} in Regions ${regions.join(' ')}`);
    const tick = setInterval(() => {
      services.runDue().catch((error) => {
        // A full disk: tried again at the next tick.
        if (!(error instanceof CofferError)) onBug(error, 'tick');
      });
    }, TICK_MS);
    return {
      async close() {
        clearInterval(tick);
        await endpoint.close();
        await services.sealTrail();
        await close();
      },
    };
  } catch (error) {
    await endpoint.close();
    await opened?.close();
    throw error;
  }
}
