import { createRequire, syncBuiltinESMExports } from 'node:module';
import { withBoringSslOnly } from './boringssl.ts';

/** Preloaded into a program under test: its node:crypto has no more than Electron's. */
const crypto: typeof import('node:crypto') = createRequire(import.meta.url)('node:crypto');
Object.assign(crypto, withBoringSslOnly({ ...crypto }));
syncBuiltinESMExports();
