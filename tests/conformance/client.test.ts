import {
  type KMS,
  type KMSClientConfig,
  paginateDescribeCustomKeyStores,
  paginateListAliases,
  paginateListGrants,
  paginateListKeyPolicies,
  paginateListKeyRotations,
  paginateListKeys,
  paginateListResourceTags,
  paginateListRetirableGrants,
} from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { disabled, NOWHERE, newKey, utf8 } from './rows/common.ts';
import { ACCOUNT, credentials, EVE, REGION, ROOT } from './support/service.ts';
import { refusal, served } from './support/suite.ts';

/** What the SDK does around its calls, and what every operation has in common. */
const parts = served();
const { ground, kms, service } = parts;

const numbered = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => make(index));

/** The pages of a listing, each told apart by `of`. */
async function pages<Page, Entry>(listing: AsyncIterable<Page>, of: (page: Page) => readonly Entry[] | undefined) {
  const found: (readonly Entry[])[] = [];
  for await (const page of listing) found.push(of(page) ?? []);
  return found;
}
const sizes = (found: readonly (readonly unknown[])[]) => found.map(({ length }) => length);

describe('paginators', () => {
  it('see every key once', async () => {
    const made = [];
    for (let i = 0; i < 7; i++) made.push(await newKey({ kms: kms() }, {}));
    const found = (await pages(paginateListKeys({ client: kms(), pageSize: 3 }, {}), ({ Keys }) => Keys)).flat();
    const ids = found.map(({ KeyId }) => KeyId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(made));
  });

  it('see every alias, tag, grant, rotation and policy of a key once', async () => {
    const { KeyId } = await ground();
    for (let i = 0; i < 5; i++) {
      await kms().createAlias({ AliasName: `alias/page-${i}`, TargetKeyId: KeyId });
      await kms().createGrant({
        KeyId,
        GranteePrincipal: EVE,
        RetiringPrincipal: `${ROOT.slice(0, -4)}user/pages`,
        Operations: ['Decrypt'],
        Name: `n${i}`,
      });
      await kms().rotateKeyOnDemand({ KeyId });
    }
    await kms().tagResource({ KeyId, Tags: numbered(5, (i) => ({ TagKey: `k${i}`, TagValue: '' })) });
    const by = { client: kms(), pageSize: 2 };
    const aliases = await pages(paginateListAliases(by, { KeyId }), ({ Aliases }) => Aliases);
    expect(sizes(aliases)).toEqual([2, 2, 1]);
    expect(aliases.flat().map(({ AliasName }) => AliasName)).toEqual(numbered(5, (i) => `alias/page-${i}`));
    const tags = await pages(paginateListResourceTags(by, { KeyId }), ({ Tags }) => Tags);
    expect(tags.flat().map(({ TagKey }) => TagKey)).toEqual(numbered(5, (i) => `k${i}`));
    const grants = await pages(paginateListGrants(by, { KeyId }), ({ Grants }) => Grants);
    expect(grants.flat().map(({ Name }) => Name)).toEqual(numbered(5, (i) => `n${i}`));
    const RetiringPrincipal = `${ROOT.slice(0, -4)}user/pages`;
    const retirable = await pages(paginateListRetirableGrants(by, { RetiringPrincipal }), ({ Grants }) => Grants);
    expect(sizes(retirable)).toEqual([2, 2, 1]);
    const rotations = await pages(paginateListKeyRotations(by, { KeyId }), ({ Rotations }) => Rotations);
    expect(sizes(rotations)).toEqual([2, 2, 1]);
    expect(await pages(paginateListKeyPolicies(by, { KeyId }), ({ PolicyNames }) => PolicyNames)).toEqual([
      ['default'],
    ]);
  });

  it('see every key store once', async () => {
    const { backing } = service();
    const made = [];
    for (let i = 0; i < 3; i++) made.push(await backing.create(kms(), backing.external()));
    const listing = paginateDescribeCustomKeyStores({ client: kms(), pageSize: 2 }, {});
    const found = await pages(listing, ({ CustomKeyStores }) => CustomKeyStores);
    expect(sizes(found)).toEqual([2, 1]);
    expect(found.flat().map(({ CustomKeyStoreId }) => CustomKeyStoreId)).toEqual(expect.arrayContaining(made));
  });
});

/** A client as it comes: it is not waited for, and retries by itself. */
const plain = (changes: Partial<KMSClientConfig> = {}) => service().plainClient(changes);

describe('connections and retries', () => {
  it('a burst beyond the quota ends well, as the SDK tries again', async () => {
    const hasty = plain({ maxAttempts: 1 });
    const answers = await Promise.allSettled(numbered(200, () => hasty.listAliases({})));
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ name }) => name))).toEqual(new Set(['ThrottlingException']));
    expect(refused[0]).toMatchObject({ $metadata: { httpStatusCode: 400, requestId: expect.any(String) } });
    const patient = plain({ maxAttempts: 10 });
    // The quota is used up, so that most of these are refused at first.
    const done = await Promise.all(numbered(40, () => patient.listAliases({})));
    expect(Math.max(...done.map(({ $metadata }) => $metadata.attempts ?? 0))).toBeGreaterThan(1);
  });

  it('a connection that was closed when idle is opened again', async () => {
    const client = plain({ maxAttempts: 1 });
    await client.generateRandom({ NumberOfBytes: 8 });
    // Longer than the endpoint keeps a connection that nobody uses.
    await new Promise((resolve) => setTimeout(resolve, 22_000));
    expect((await client.generateRandom({ NumberOfBytes: 8 })).Plaintext?.length).toBe(8);
  });

  it('a clock that differs is found out: the SDK sets itself by the answer', async () => {
    for (const minutes of [16, -16]) {
      service().later(minutes * 60_000);
      const error = await refusal(plain({ maxAttempts: 1 }).listKeys({}));
      expect([error.name, error.$metadata.httpStatusCode]).toEqual(['InvalidSignatureException', 400]);
      expect(error.message).toMatch(minutes > 0 ? /^Signature expired: / : /^Signature not yet current: /);
      const client = plain({ maxAttempts: 3 });
      expect((await client.listKeys({})).$metadata.attempts).toBe(2);
      expect((await client.listKeys({})).$metadata.attempts).toBe(1);
      service().later(-minutes * 60_000);
    }
  });
});

describe('credentials', () => {
  const { root, eve } = credentials;
  const cases: [string, KMSClientConfig['credentials'], string, RegExp][] = [
    [
      'an access key nobody has',
      { ...root, accessKeyId: 'AKIANOBODYHASTHISKEY' },
      'UnrecognizedClientException',
      /^The security token included in the request is invalid\.$/,
    ],
    [
      'another secret',
      { ...root, secretAccessKey: eve.secretAccessKey },
      'InvalidSignatureException',
      /^The request signature we calculated does not match the signature you provided\./,
    ],
    [
      'a session token, which only temporary credentials have',
      { ...root, sessionToken: 'token' },
      'UnrecognizedClientException',
      /^The security token included in the request is invalid\.$/,
    ],
  ];
  it.each(cases)('%s', async (_name, given, name, says) => {
    const error = await refusal(plain({ maxAttempts: 1, credentials: given as typeof root }).listKeys({}));
    expect([error.name, error.$metadata.httpStatusCode]).toEqual([name, 400]);
    expect(error.message).toMatch(says);
    expect(error.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('a Region there is not', async () => {
    const error = await refusal(plain({ maxAttempts: 1, region: 'eu-atlantis-1' }).listKeys({}));
    expect(error.name).toBe('InvalidSignatureException');
    expect(error.message).toMatch(/^Credential should be scoped to a valid Region/);
  });

  it('each is its own principal', async () => {
    const { Keys } = await service().client('stranger').listKeys({});
    expect(Keys).toEqual([]);
    expect((await refusal(service().client('eve').listKeys({}))).message).toBe(
      `User: ${EVE} is not authorized to perform: kms:ListKeys because no identity-based policy allows the kms:ListKeys action`,
    );
  });
});

describe('validation', () => {
  const KeyId = NOWHERE;
  const cases: [string, (kms: KMS) => Promise<unknown>, string][] = [
    [
      'a member that is missing',
      (client) => client.encrypt({ KeyId: undefined, Plaintext: utf8('x') }),
      `1 validation error detected: Value null at 'keyId' failed to satisfy constraint: Member must not be null`,
    ],
    [
      'text that is too short',
      (client) => client.describeKey({ KeyId: '' }),
      `1 validation error detected: Value '' at 'keyId' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    ],
    [
      'a number out of its range',
      (client) => client.listKeys({ Limit: 1001 }),
      `1 validation error detected: Value '1001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 1000`,
    ],
    [
      'text of another pattern',
      (client) => client.createAlias({ AliasName: 'no alias', TargetKeyId: KeyId }),
      `1 validation error detected: Value 'no alias' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$`,
    ],
    [
      'a value that is none of the enumeration',
      (client) => client.createKey({ KeyUsage: 'EVERYTHING' as never }),
      `1 validation error detected: Value 'EVERYTHING' at 'keyUsage' failed to satisfy constraint: Member must satisfy enum value set: [`,
    ],
    [
      'two members at once',
      (client) => client.scheduleKeyDeletion({ KeyId: '', PendingWindowInDays: 31 }),
      `2 validation errors detected: Value '`,
    ],
    [
      'too many bytes, which are not repeated',
      (client) => client.encrypt({ KeyId, Plaintext: new Uint8Array(4097) }),
      `1 validation error detected: Value at 'plaintext' failed to satisfy constraint: Member must have length less than or equal to 4096`,
    ],
    [
      'a member of a structure in a list',
      (client) => client.tagResource({ KeyId, Tags: [{ TagKey: '', TagValue: 'x' }] }),
      `1 validation error detected: Value '' at 'tags.1.member.tagKey' failed to satisfy constraint: Member must have length greater than or equal to 1`,
    ],
  ];
  it.each(cases)('%s', async (_name, call, says) => {
    const error = await refusal(call(kms()));
    expect([error.name, error.$metadata.httpStatusCode]).toEqual(['ValidationException', 400]);
    expect(error.message).toSatisfy((message: string) => message.startsWith(says));
    expect(error.message).toContain(says);
  });
});

describe('the order of checks', () => {
  it('is: the request, then whether there is a key, then the permission, then the state, then the usage', async () => {
    const own = await ground();
    const eve = service().client('eve');
    await disabled(own, own);
    const { KeyId } = own;
    const nameOf = async (call: Promise<unknown>) => (await refusal(call)).name;
    const Plaintext = utf8('x');
    expect(await nameOf(eve.encrypt({ KeyId: NOWHERE, Plaintext: new Uint8Array(0) }))).toBe('ValidationException');
    expect(await nameOf(eve.encrypt({ KeyId: NOWHERE, Plaintext }))).toBe('NotFoundException');
    expect(await nameOf(eve.encrypt({ KeyId, Plaintext }))).toBe('AccessDeniedException');
    expect(await nameOf(kms().encrypt({ KeyId, Plaintext }))).toBe('DisabledException');
    const signing = await newKey(own, { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    await disabled(own, { KeyId: signing });
    expect(await nameOf(kms().encrypt({ KeyId: signing, Plaintext }))).toBe('DisabledException');
    await kms().enableKey({ KeyId: signing });
    expect(await nameOf(kms().encrypt({ KeyId: signing, Plaintext }))).toBe('InvalidKeyUsageException');
    expect(await nameOf(kms().encrypt({ KeyId: signing, Plaintext, DryRun: true }))).toBe('InvalidKeyUsageException');
  });

  it('tells another account nothing of a key', async () => {
    const { KeyId } = await ground();
    const stranger = service().client('stranger');
    const { CiphertextBlob } = await kms().encrypt({ KeyId, Plaintext: utf8('x') });
    expect((await refusal(stranger.decrypt({ CiphertextBlob }))).name).toBe('AccessDeniedException');
    const arn = `arn:aws:kms:${REGION}:${ACCOUNT}:key/${KeyId}`;
    expect((await refusal(stranger.describeKey({ KeyId: arn }))).name).toBe('AccessDeniedException');
  });
});

parts.compareWithTrail();
