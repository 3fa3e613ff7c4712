import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { canonicalContext } from '../../../src/main/kms/encryption-context.ts';
import { openTestEngine } from '../../support/engine.ts';

let t: Awaited<ReturnType<typeof openTestEngine>>;
beforeEach(async () => {
  t = await openTestEngine();
});
afterEach(async () => {
  expect(t.bugs).toEqual([]);
  await t.close();
});

/** Names and values that are likely to collide, and those a careless copy loses. */
const word = fc.oneof(
  fc.constantFrom('', 'a', 'ab', 'b', '__proto__', 'constructor', 'toString', 'é', '😀', '\0', '1', '01'),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const contexts = fc.uniqueArray(fc.tuple(word, word), { maxLength: 5, selector: ([name]) => name });
const contextOf = (pairs: readonly (readonly [string, string])[]) => Object.fromEntries(pairs);

it('two contexts share a form only when they are the same', () => {
  fc.assert(
    fc.property(contexts, contexts, (one, two) => {
      const sorted = (pairs: typeof one) => JSON.stringify([...pairs].sort());
      const same = sorted(one) === sorted(two);
      const forms = [one, two].map((pairs) => Buffer.from(canonicalContext(contextOf(pairs))).toString('hex'));
      expect(forms[0] === forms[1]).toBe(same);
      expect(canonicalContext(contextOf([...one].reverse()))).toEqual(canonicalContext(contextOf(one)));
    }),
    { numRuns: 2000 },
  );
});

it('a ciphertext opens under its own context and no other, and the record shows that context', async () => {
  const { id: KeyId } = await t.key();
  await fc.assert(
    fc.asyncProperty(contexts, contexts, async (one, two) => {
      const EncryptionContext = contextOf(one);
      const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: new Uint8Array(1), EncryptionContext });
      const [record] = await t.events(1);
      const shown = record?.RequestParameters?.encryptionContext;
      expect(Object.entries(shown ?? {}).sort()).toEqual(Object.entries(EncryptionContext).sort());
      await t.call('Decrypt', { CiphertextBlob, EncryptionContext: contextOf([...one].reverse()) });
      if (JSON.stringify([...one].sort()) === JSON.stringify([...two].sort())) return;
      const other = { CiphertextBlob, EncryptionContext: contextOf(two) };
      expect((await t.refused('Decrypt', other)).code).toBe('InvalidCiphertextException');
    }),
    { numRuns: 100 },
  );
});

it('a context is a map of text', async () => {
  const { id: KeyId } = await t.key();
  for (const EncryptionContext of [{ a: 1 }, { a: null }, ['x'], 'x', new Date(0), new Uint8Array(2), null])
    expect((await t.refused('Encrypt', { KeyId, Plaintext: new Uint8Array(1), EncryptionContext })).code).toMatch(
      /^(Serialization|Validation)Exception$/,
    );
});

it('any bits flipped, any bytes cut or added: the ciphertext does not open', async () => {
  const { id: KeyId } = await t.key();
  await t.key();
  await t.call('RotateKeyOnDemand', { KeyId });
  const { CiphertextBlob } = await t.call('Encrypt', { KeyId, Plaintext: new Uint8Array(40) });
  const bits = fc.uniqueArray(fc.nat(CiphertextBlob.length * 8 - 1), { minLength: 1, maxLength: 3 });
  await fc.assert(
    fc.asyncProperty(bits, fc.nat(5), fc.boolean(), async (flips, cut, named) => {
      const bytes = Uint8Array.from([
        ...CiphertextBlob.subarray(0, CiphertextBlob.length - cut),
        ...(cut === 5 ? [0] : []),
      ]);
      for (const bit of flips) if (bit >> 3 < bytes.length) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      if (Buffer.compare(bytes, CiphertextBlob) === 0) return;
      const error = await t.refused('Decrypt', { CiphertextBlob: bytes, ...(named ? { KeyId } : {}) });
      expect(error.code).toBe('InvalidCiphertextException');
    }),
    { numRuns: 300 },
  );
});

type Page = { readonly names: string[]; readonly Truncated: boolean; readonly NextMarker?: string | undefined };
type List = (page: { Limit: number; Marker?: string | undefined }) => Promise<Page>;

/** Reads every page, changing things in between. */
async function walk(list: List, Limit: number, between: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  let Marker: string | undefined;
  do {
    const page = await list({ Limit, Marker });
    expect(page.names.length).toBeLessThanOrEqual(Limit);
    expect(page.Truncated).toBe(page.NextMarker !== undefined);
    seen.push(...page.names);
    Marker = page.NextMarker;
    await between();
  } while (Marker);
  return seen;
}

it('pages show what stays exactly once while other things come and go', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 8 }), async (limit, count) => {
      const s = await openTestEngine();
      const { id: KeyId } = await s.key();
      const stays = { keys: [KeyId], aliases: [] as string[], tags: [] as string[] };
      for (let i = 0; i < count; i++) {
        stays.keys.push((await s.key()).id);
        stays.aliases.push(`alias/${i}m`);
        stays.tags.push(`${i}m`);
        await s.call('CreateAlias', { AliasName: `alias/${i}m`, TargetKeyId: KeyId });
        await s.call('TagResource', { KeyId, Tags: [{ TagKey: `${i}m`, TagValue: '' }] });
      }
      let step = 0;
      // Each step adds something before and behind what stays, and takes the last addition away again.
      const between = async () => {
        const name = (at: number) => `${at % 9}${at % 2 ? 'a' : 'z'}`;
        if (step > 0) {
          await s.call('DeleteAlias', { AliasName: `alias/${name(step - 1)}` });
          await s.call('UntagResource', { KeyId, TagKeys: [name(step - 1)] });
        }
        await s.call('CreateAlias', { AliasName: `alias/${name(step)}`, TargetKeyId: KeyId });
        await s.call('TagResource', { KeyId, Tags: [{ TagKey: name(step), TagValue: '' }] });
        await s.key();
        step++;
      };
      const lists: [List, string[]][] = [
        [
          async (page) => s.call('ListKeys', page).then((o) => ({ ...o, names: o.Keys.map((k) => k.KeyId) })),
          stays.keys,
        ],
        [
          async (page) => s.call('ListKeyOverviews', page).then((o) => ({ ...o, names: o.Keys.map((k) => k.KeyId) })),
          stays.keys,
        ],
        [
          async (page) => s.call('ListAliases', page).then((o) => ({ ...o, names: o.Aliases.map((a) => a.AliasName) })),
          stays.aliases,
        ],
        [
          async (page) =>
            s.call('ListAliases', { KeyId, ...page }).then((o) => ({ ...o, names: o.Aliases.map((a) => a.AliasName) })),
          stays.aliases,
        ],
        [
          async (page) =>
            s.call('ListResourceTags', { KeyId, ...page }).then((o) => ({ ...o, names: o.Tags.map((a) => a.TagKey) })),
          stays.tags,
        ],
      ];
      for (const [list, expected] of lists) {
        const seen = await walk(list, limit, between);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.filter((name) => expected.includes(name)).sort()).toEqual([...expected].sort());
        stays.keys.length = count + 1;
      }
      await s.close();
    }),
    { numRuns: 10 },
  );
});

it('pages of rotations go on where they ended while the key rotates', async () => {
  const { id: KeyId } = await t.key();
  for (let i = 0; i < 4; i++) await t.call('RotateKeyOnDemand', { KeyId });
  const seen = await walk(
    (page) =>
      t
        .call('ListKeyRotations', { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL', ...page })
        .then((o) => ({ ...o, names: o.Rotations.map((each) => each.KeyMaterialId) })),
    2,
    async () => t.call('RotateKeyOnDemand', { KeyId }),
  );
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThanOrEqual(5);
});

it('a marker is good only where it was given out', async () => {
  const { id: KeyId } = await t.key();
  await t.key();
  const { NextMarker: Marker } = await t.call('ListKeys', { Limit: 1 });
  expect(Marker).toBeDefined();
  for (const name of ['ListAliases', 'ListKeyOverviews', 'ListResourceTags', 'ListKeyRotations'] as const)
    expect((await t.refused(name, { KeyId, Marker })).code).toBe('InvalidMarkerException');
  for (const text of ['ListKeyRotations 1.5', 'ListKeyRotations -1', 'ListKeyRotations ', 'ListKeyRotations'])
    expect((await t.refused('ListKeyRotations', { KeyId, Marker: Buffer.from(text).toString('base64url') })).code).toBe(
      'InvalidMarkerException',
    );
});

it('gives back every description and tag as it was given', async () => {
  const { id: KeyId } = await t.key();
  const odd = fc.constantFrom('a\0b', '\0', '\ufeffx', `\ufeff${'x'.repeat(40)}`, '\u2028', '"\\', "'; --", '');
  await fc.assert(
    fc.asyncProperty(fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 40 })), async (Description) => {
      await t.call('UpdateKeyDescription', { KeyId, Description });
      expect((await t.call('DescribeKey', { KeyId })).KeyMetadata.Description).toBe(Description);
      expect((await t.call('GetKeyOverview', { KeyId })).Description).toBe(Description);
    }),
    { numRuns: 200 },
  );
  const value = fc.stringMatching(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,40}$/u);
  await fc.assert(
    fc.asyncProperty(value, async (TagValue) => {
      await t.call('TagResource', { KeyId, Tags: [{ TagKey: 'x', TagValue }] });
      expect((await t.call('ListResourceTags', { KeyId })).Tags).toEqual([{ TagKey: 'x', TagValue }]);
    }),
    { numRuns: 100 },
  );
});
