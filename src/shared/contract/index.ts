import type { z } from 'zod';
import { accessKeys } from './access-keys.ts';
import { app, appEvents } from './app.ts';
import { audit, auditEvents } from './audit.ts';
import { endpoint, endpointEvents } from './endpoint.ts';
import type { Entry } from './entry.ts';
import { files, filesEvents } from './files.ts';
import { keys } from './keys.ts';
import { kms, kmsEvents } from './kms.ts';
import type { CallName, EventName } from './names.ts';
import { people, peopleEvents } from './people.ts';
import { policies } from './policies.ts';
import { tokens } from './tokens.ts';
import { vault, vaultEvents } from './vault.ts';

/** Everything the window may ask of the main process, and everything it may be told. */
export const contract = {
  ...app,
  ...vault,
  ...kms,
  ...keys,
  ...files,
  ...audit,
  ...endpoint,
  ...accessKeys,
  ...people,
  ...policies,
  ...tokens,
} satisfies Record<CallName, Entry>;
export const events = {
  ...appEvents,
  ...vaultEvents,
  ...kmsEvents,
  ...filesEvents,
  ...auditEvents,
  ...endpointEvents,
  ...peopleEvents,
} satisfies Record<EventName, z.ZodType>;

type Unlisted = Exclude<keyof typeof contract, CallName> | Exclude<keyof typeof events, EventName>;
/** Fails to compile when a schema exists whose name is not in `names.ts`. */
export type AllListed = Unlisted extends never ? true : ['not in names.ts', Unlisted];
export const allListed: AllListed = true;

export type Contract = typeof contract;
export type CallInput<N extends CallName> = z.input<Contract[N]['input']>;
export type CallOutput<N extends CallName> = z.output<Contract[N]['output']>;
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>;

export type { CallName, EventName } from './names.ts';
