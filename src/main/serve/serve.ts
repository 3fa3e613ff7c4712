import { regions } from '../../shared/kms/regions.ts';
import { startEndpoint } from '../endpoint/server.ts';
import type { Served } from '../endpoint/types.ts';
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

/** An access key of the account's root as a shell takes it. */
async function printNewKey(services: Services, { version, print }: HeadlessParts): Promise<void> {
  const { accessKeys, accountId } = services;
  const actor = ownCaller(accountId, regions[0], version, 'serve');
  const { accessKeyId, secretAccessKey } = await accessKeys.create(actor, { accountId, principal: null });
  print(`# ${actor.principalArn}, a new access key: its secret is not shown again`);
  print(`export AWS_ACCESS_KEY_ID=${accessKeyId}`);
  print(`export AWS_SECRET_ACCESS_KEY=${secretAccessKey}`);
}

/**
 * Opens the store and serves it until it is closed. The port is taken first, so that nobody types a passphrase in vain; until the
 * store is open, calls are answered as by a locked vault.
 * @throws CofferError, or the system's error when the port is taken
 */
export async function serveHeadless(wish: ServeOptions, parts: HeadlessParts): Promise<Headless> {
  const { environment, onBug, print, say } = parts;
  let served: Served | undefined;
  const endpoint = await startEndpoint({ clock: environment.clock, served: () => served, onBug }, wish.port);
  let opened: OpenedStore | undefined;
  try {
    opened = await openStore(wish, parts);
    const { close } = opened;
    const services = await startServices(opened.store, parts);
    if (opened.recoveryCode) print(`# Recovery code of the new vault, not shown again: ${opened.recoveryCode}`);
    const none = services.accessKeys.list().length === 0;
    if (wish.newAccessKey || (wish.ephemeral && none)) await printNewKey(services, parts);
    else if (none) say('The vault has no access key yet: --new-access-key makes one.');
    served = servedBy(services, services.engine, parts);
    const at = `http://127.0.0.1:${endpoint.port}`;
    print(`Coffer serves account ${services.accountId} at ${at} in Regions ${regions.join(' ')}`);
    const tick = setInterval(() => {
      services.runDue().catch((error) => onBug(error, 'tick'));
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
