import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  algorithmsFor,
  makeCommand,
  materialName,
  usualWrapping,
  wrapCommands,
  wrappingKeysFor,
} from '../../../src/renderer/features/keys/import/wrapping.ts';
import { type KeySpec, keySpecs } from '../../../src/shared/kms/enums.ts';
import { importable } from '../../../src/shared/kms/importing.ts';
import { specs } from '../../../src/shared/kms/specs.ts';
import { openTestEngine } from '../../support/engine.ts';
import { inTemporaryFolder } from '../../support/vault.ts';

const WRAPPING_KEY = "Ada's wrapping key.der";

describe('the commands of the import screen', () => {
  let t: Awaited<ReturnType<typeof openTestEngine>>;
  beforeAll(async () => {
    t = await openTestEngine();
  });
  afterAll(() => expect(t.bugs).toEqual([]));

  /** Runs the commands as they are shown, each time in a folder of its own, and imports what comes out. */
  const importBy = (spec: KeySpec, algorithm: ReturnType<typeof algorithmsFor>[number]) =>
    inTemporaryFolder(async (folder) => {
      const WrappingKeySpec = wrappingKeysFor(spec, algorithm)[0];
      if (!WrappingKeySpec) throw new Error(`${spec} by ${algorithm} has no wrapping key`);
      const { id: KeyId } = await t.key({ KeySpec: spec, KeyUsage: specs[spec].usages[0], Origin: 'EXTERNAL' });
      const parameters = await t.call('GetParametersForImport', {
        KeyId,
        WrappingAlgorithm: algorithm,
        WrappingKeySpec,
      });
      writeFileSync(path.join(folder, WRAPPING_KEY), parameters.PublicKey);
      const files = { wrappingKey: WRAPPING_KEY, material: materialName(spec), wrapped: 'wrapped.bin' };
      const script = `set -eu\n${makeCommand(spec)}\n${wrapCommands(algorithm, files)}`;
      execFileSync('sh', ['-c', script], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
      await t.call('ImportKeyMaterial', {
        KeyId,
        ImportToken: parameters.ImportToken,
        EncryptedKeyMaterial: new Uint8Array(readFileSync(path.join(folder, 'wrapped.bin'))),
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      });
      return (await t.call('DescribeKey', { KeyId })).KeyMetadata.KeyState;
    });

  const cases = keySpecs
    .filter(importable)
    .flatMap((spec) => algorithmsFor(spec).map((algorithm) => [spec, algorithm] as const));

  it('cover every spec that can be imported', () => {
    expect(new Set(cases.map(([spec]) => spec)).size).toBe(14);
    expect(cases.filter(([spec]) => spec.startsWith('RSA_')).map(([, algorithm]) => algorithm)).toEqual([
      'RSA_AES_KEY_WRAP_SHA_1',
      'RSA_AES_KEY_WRAP_SHA_256',
      'RSA_AES_KEY_WRAP_SHA_1',
      'RSA_AES_KEY_WRAP_SHA_256',
      'RSA_AES_KEY_WRAP_SHA_1',
      'RSA_AES_KEY_WRAP_SHA_256',
    ]);
  });

  it.each(cases)('make and wrap material for %s by %s', async (spec, algorithm) => {
    expect(await importBy(spec, algorithm)).toBe('Enabled');
  });

  it('start from what AWS advises', () => {
    expect(usualWrapping('SYMMETRIC_DEFAULT')).toEqual({ algorithm: 'RSAES_OAEP_SHA_256', wrappingKey: 'RSA_4096' });
    expect(usualWrapping('RSA_2048')).toEqual({ algorithm: 'RSA_AES_KEY_WRAP_SHA_256', wrappingKey: 'RSA_4096' });
    for (const spec of keySpecs.filter(importable)) {
      const { algorithm, wrappingKey } = usualWrapping(spec);
      expect(wrappingKeysFor(spec, algorithm)).toContain(wrappingKey);
    }
  });
});
