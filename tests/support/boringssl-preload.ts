import type * as nodeCrypto from 'node:crypto';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { withBoringSslOnly } from './boringssl.ts';

/** Preloaded into a program under test: its node:crypto has no more than Electron's. */
const crypto: typeof nodeCrypto = createRequire(import.meta.url)('node:crypto');
const real = { ...crypto };
const changed = Object.entries(withBoringSslOnly(real)).filter(([name, value]) => real[name as never] !== value);
Object.assign(crypto, Object.fromEntries(changed));
syncBuiltinESMExports();
