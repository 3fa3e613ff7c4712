import { createHash } from 'node:crypto';
import { expect, it, vi } from 'vitest';
// The suites that run once more; crypto/boringssl.test.ts has the others, and the time of all is halved.
import './import-rotation.test.ts';
import './import-wrapping.test.ts';
import './public-key.test.ts';

/** Electron's node:crypto is BoringSSL: the suites named above run once more without what that lacks. */
vi.mock('node:crypto', async (original) => {
  const { withBoringSslOnly } = await import('../../support/boringssl.ts');
  const node = withBoringSslOnly(await original());
  return { ...node, default: node };
});

it('node:crypto in this file lacks what BoringSSL lacks', () => {
  expect(() => createHash('sm3')).toThrow('BoringSSL has no');
});
