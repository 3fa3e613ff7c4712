import { type Endpoint, startEndpoint } from '../../src/main/endpoint/server.ts';
import { Throttle } from '../../src/main/endpoint/throttle.ts';
import type { Engine } from '../../src/main/kms/types.ts';
import { systemClock } from '../../src/main/system.ts';
import { EXAMPLE_KEY } from './signed-requests.ts';
import { ACCOUNT, CALLER } from './vault-engine.ts';

/** Quotas nobody reaches. */
const UNLIMITED = { symmetric: 1e9, rsa: 1e9, ecc: 1e9, management: 1e9 };

const unserved = () => Promise.reject(new Error('this endpoint gives no temporary credentials'));
/** Of an endpoint whose tests need no temporary credentials. */
export const noSts = { assumeRole: unserved, getSessionToken: unserved };

/** The endpoint on a free port, for the root of the test vaults' account with the example's access key, without quotas. */
export function startExampleEndpoint(engine: Engine, onBug: (error: unknown) => void): Promise<Endpoint> {
  const { secret } = EXAMPLE_KEY;
  const { principalArn, region } = CALLER;
  const served = {
    engine,
    regions: [region],
    sts: noSts,
    noteUse: () => undefined,
    accessKey: (id: string, token?: string) =>
      id === EXAMPLE_KEY.id && token === undefined
        ? { secret, userId: ACCOUNT, principalArn, accountId: ACCOUNT }
        : undefined,
  };
  const throttle = new Throttle(systemClock, UNLIMITED);
  return startEndpoint({ clock: systemClock, served: () => served, onBug, throttle }, 0);
}
