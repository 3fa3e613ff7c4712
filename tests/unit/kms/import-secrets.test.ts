import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { KeySpec } from '../../../src/shared/kms/enums.ts';
import { KmsError } from '../../../src/shared/kms/errors.ts';
import { specs } from '../../../src/shared/kms/specs.ts';
import type { openTestEngine as Open } from '../../support/engine.ts';
import { openTestEngine } from '../../support/engine.ts';
import { freshMaterial, importer } from '../../support/importing.ts';

type Test = Awaited<ReturnType<typeof Open>>;

/** Everything the database holds, as one text in which bytes are hexadecimal. */
function contentsOf({ store: { db } }: Test): string {
  const tables = db.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table'");
  const rows = tables.flatMap(({ name }) => db.all(`SELECT * FROM "${name}"`));
  return rows
    .flatMap((row) => Object.values(row))
    .map((value) => (value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value)))
    .join('\n');
}

/** The forms in which a secret could be written, a part of it being enough. */
function formsOf(secret: Uint8Array): string[] {
  // The end of a PKCS #8 may be its public key; the private part of every kind is before.
  const middle = Buffer.from(secret.subarray(Math.min(36, secret.length - 28), 68));
  return [middle.toString('hex'), middle.toString('base64'), middle.toString('latin1'), [...middle].join(',')];
}

const kinds = ['SYMMETRIC_DEFAULT', 'HMAC_256', 'ECC_NIST_P256', 'ECC_SECG_P256K1'] as const satisfies KeySpec[];
const outcomes = ['imported', 'again', 'expired', 'deleted', 'tampered', 'of another spec', 'with a bad end'] as const;

it('imported material is in no table, record or error, whatever becomes of it', async () => {
  const t = await openTestEngine();
  const own = importer(t);
  const how = { WrappingAlgorithm: 'SM2PKE', WrappingKeySpec: 'SM2' } as const;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...kinds), fc.constantFrom(...outcomes), async (KeySpec, outcome) => {
      const KeyId = await own.external({ KeySpec, KeyUsage: specs[KeySpec].usages[0] });
      const material = freshMaterial(
        KeySpec === 'SYMMETRIC_DEFAULT' && outcome === 'of another spec' ? 'HMAC_512' : KeySpec,
      );
      const told: string[] = [];
      const input = await own.input(KeyId, material, how);
      const attempt = async (changes: object) => {
        try {
          told.push(JSON.stringify(await t.call('ImportKeyMaterial', { ...input, ...changes })));
        } catch (error) {
          if (!(error instanceof KmsError)) throw error;
          told.push(`${error.message}${JSON.stringify(error.details)}${error.stack}`);
        }
      };
      if (outcome === 'tampered') await attempt({ EncryptedKeyMaterial: input.EncryptedKeyMaterial.subarray(0, -1) });
      else if (outcome === 'with a bad end') await attempt({ ValidTo: new Date(0) });
      else await attempt({});
      if (outcome === 'again') await attempt({});
      if (outcome === 'deleted') await t.call('DeleteImportedKeyMaterial', { KeyId });
      if (outcome === 'expired') {
        const ValidTo = new Date(t.clock.now() + 1000);
        await attempt({ ValidTo, ExpirationModel: 'KEY_MATERIAL_EXPIRES' });
        t.clock.time += 1000;
        await t.engine.runSchedule(t.clock.now());
      }
      const records = JSON.stringify(await t.events(20));
      const everything = [contentsOf(t), records, ...told].join('\n');
      expect(formsOf(material).filter((form) => everything.includes(form))).toEqual([]);
      // The search finds what is there.
      expect(everything).toContain(KeyId);
    }),
    { numRuns: 60 },
  );
  const stored = t.store.db.get<{ sealed: Uint8Array }>('SELECT sealed FROM imports WHERE sealed IS NOT NULL');
  expect(formsOf(stored?.sealed ?? new Uint8Array(0)).some((form) => contentsOf(t).includes(form))).toBe(true);
  expect(t.bugs).toEqual([]);
  await t.close();
});

it('overwrites material once it is sealed, and whatever is refused before', async () => {
  const seen: Uint8Array[] = [];
  let full = false;
  const t = await openTestEngine({
    wrap: (store) =>
      new Proxy(store, {
        get(target, name) {
          if (name === 'sealMaterial')
            return (owner: string, id: string, material: Uint8Array) => {
              seen.push(material);
              if (full) throw new KmsError('KMSInternalException', 'full');
              return target.sealMaterial(owner, id, material);
            };
          const value: unknown = Reflect.get(target, name);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
  });
  const own = importer(t);
  for (const KeySpec of kinds) {
    const KeyId = await own.external({ KeySpec, KeyUsage: specs[KeySpec].usages[0] });
    await own.put(KeyId, freshMaterial(KeySpec));
    full = true;
    const other = await own.external({ KeySpec, KeyUsage: specs[KeySpec].usages[0] });
    await t.refused('ImportKeyMaterial', await own.input(other, freshMaterial(KeySpec)));
    full = false;
  }
  expect(seen.length).toBe(2 * kinds.length);
  expect(seen.filter((material) => material.some((byte) => byte !== 0))).toEqual([]);
  await t.close();
});
