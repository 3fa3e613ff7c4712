import type { KMS } from '@aws-sdk/client-kms';
import * as sdk from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actionOf, allBut, ROOT, type Service, type ServiceWish, startService } from './service.ts';
import { documentedExceptions, type Ground, type Row } from './table.ts';

/** Of AWS's exceptions those that are the service's fault have these statuses, and the caller's 400. */
const SERVER_FAULTS: Readonly<Record<string, number>> = {
  DependencyTimeoutException: 503,
  KeyUnavailableException: 500,
};

const exceptions = sdk as unknown as Readonly<Record<string, typeof sdk.KMSServiceException | undefined>>;

/** What a refused user is told, as AWS tells it: who, what, and on which key; nothing of the key but its ARN. */
const REFUSED =
  /^User: arn:aws:iam::111122223333:user\/[\w-]+ is not authorized to perform: kms:(\w+)( on resource: arn:aws:(kms:[\w-]+|iam:):111122223333:[\w/-]+)? (with an explicit deny in an identity-based policy|because no identity-based policy allows the kms:\1 action)$/;

/** What a call was refused with. */
export async function refusal(call: Promise<unknown>): Promise<sdk.KMSServiceException> {
  try {
    await call;
  } catch (error) {
    if (error instanceof sdk.KMSServiceException) return error;
    throw error;
  }
  throw new Error('it was answered');
}

async function groundOf(service: Service, kms: KMS, me: string): Promise<Ground> {
  const { KeyMetadata } = await kms.createKey({});
  return { service, kms, me, KeyId: KeyMetadata?.KeyId ?? '' };
}

/**
 * A program that serves for the tests of a file, which come after this call. `as` says whose calls they are; the account's
 * root's unless given.
 */
export function served(
  wish: ServiceWish | (() => Promise<ServiceWish>) = {},
  as: (service: Service) => KMS = (service) => service.client(),
  me = ROOT,
) {
  let service: Service;
  let kms: KMS;
  beforeAll(async () => {
    service = await startService(typeof wish === 'function' ? await wish() : wish);
    kms = as(service);
  });
  afterAll(() => service?.remove());
  return {
    service: () => service,
    kms: () => kms,
    ground: () => groundOf(service, kms, me),
    /** The last test of the file. */
    compareWithTrail() {
      it('every answer has its record, under the id the client was given', async () => {
        const { noted, unrecorded } = await service.finish();
        expect(unrecorded).toEqual([]);
        expect(noted).toBeGreaterThan(20);
      });
    },
  };
}

/** Each row's good call. */
export function testGood(rows: readonly Row[], { ground }: ReturnType<typeof served>): void {
  it.each(rows)('$name', async (row) => row.good(await ground()));
}

/** Each row whole: what is documented is in it, the good call, another's call, and each exception. */
export function testRows(rows: readonly Row[], parts: ReturnType<typeof served>): void {
  describe.each(rows)('$name', (row) => {
    it('names each exception its documentation names', () => {
      expect([...row.refused, ...Object.keys(row.uncovered)].sort()).toEqual(documentedExceptions(row.name).sort());
    });

    it('is answered', async () => row.good(await parts.ground()));

    it('is refused to a principal without permission', async () => {
      const error = await refusal(row.as(parts.service().client('eve'), await parts.ground()));
      expect([error.name, error.$metadata.httpStatusCode]).toEqual(['AccessDeniedException', 400]);
      expect(error.message).toMatch(REFUSED);
    });

    for (const name of row.refused)
      it(name, async () => {
        const error = await refusal(row.provoke(name, await parts.ground()));
        expect([error.name, error.message]).toEqual([name, expect.any(String)]);
        expect(error).toBeInstanceOf(exceptions[name]);
        expect(error.$metadata.httpStatusCode).toBe(SERVER_FAULTS[name] ?? 400);
        expect(error.$fault).toBe(name in SERVER_FAULTS ? 'server' : 'client');
      });
  });
}

/** Each operation, tried by a user whom everything is allowed but that operation, on a key of any state. */
export function testDenied(rows: readonly Row[], parts: ReturnType<typeof served>): void {
  it.each(rows)('$name', async (row) => {
    const error = await refusal(row.as(parts.service().client(allBut(row.name)), await parts.ground()));
    expect([error.name, error.$metadata.httpStatusCode]).toEqual(['AccessDeniedException', 400]);
    expect(error.message).toMatch(REFUSED);
    expect(error.message).toContain(`to perform: kms:${actionOf(row.name)} `);
    expect(error.message).toMatch(/ with an explicit deny in an identity-based policy$/);
    // Neither the decision nor anything else goes with it.
    expect(Object.keys(error).filter((name) => !name.startsWith('$'))).toEqual(['name', '__type', 'message']);
  });
}
