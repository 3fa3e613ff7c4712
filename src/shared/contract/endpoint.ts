import { z } from 'zod';
import { entry } from './entry.ts';

const Nothing = z.strictObject({});

/** A port an account may open without special rights. */
export const EndpointPort = z.number().int().min(1024).max(65_535);

/** Whether the endpoint is to answer, and whether it does. */
export const EndpointStatus = z.strictObject({
  on: z.boolean(),
  port: z.number(),
  /** Set while it listens. */
  url: z.string().optional(),
  /** Why it does not listen although it is on. */
  problem: z.strictObject({ code: z.string(), message: z.string() }).optional(),
});

/** The AWS-compatible endpoint on this computer's loopback address. Its switch is remembered outside the vault. */
export const endpoint = {
  'endpoint.status': entry(Nothing, EndpointStatus),
  /** Switches it; a port that cannot be opened is answered as a `problem`, and tried again at the next start. */
  'endpoint.set': entry(z.strictObject({ on: z.boolean().optional(), port: EndpointPort.optional() }), EndpointStatus),
};

export const endpointEvents = {
  'endpoint.changed': EndpointStatus,
};
