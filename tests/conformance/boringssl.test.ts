import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { electronStarts } from '../../scripts/lib.mjs';
import { bundle } from '../support/bundle.ts';
import { rows } from './rows/index.ts';
import { testSpecs } from './support/specs.ts';
import { served, testGood } from './support/suite.ts';

/**
 * Every operation and every kind of key once more, by a program whose node:crypto has no more than Electron's: on Electron's own
 * Node where that can be started, everywhere on a Node to which the rest is forbidden.
 */
describe('a Node with no more than BoringSSL has', () => {
  let built: Awaited<ReturnType<typeof bundle>>;
  const parts = served(async () => {
    built = await bundle('tests/support/boringssl-preload.ts');
    return { preload: built.file };
  });
  afterAll(() => built?.remove());

  it('is one', () => {
    const script = `import { createHash, generateKeyPairSync } from 'node:crypto';
      for (const call of [() => createHash('sm3'), () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' })])
        try { call(); } catch (error) { console.log(error.message); }`;
    const args = [`--import=${pathToFileURL(built.file).href}`, '--input-type=module', '-e', script];
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect(stdout).toBe('BoringSSL has no sm3\nBoringSSL has no secp256k1\n');
  });
  testGood(rows, parts);
  testSpecs(parts);
  parts.compareWithTrail();
});

const electron = electronStarts();
describe.runIf(electron)('Electron’s Node', () => {
  const parts = served({ ...(electron ? { node: electron } : {}), env: { ELECTRON_RUN_AS_NODE: '1' } });
  testGood(rows, parts);
  testSpecs(parts);
  parts.compareWithTrail();
});
