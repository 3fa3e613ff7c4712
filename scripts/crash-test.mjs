// npm run crash-test [-- ROUNDS]: kills a committing process 300 times and looks for everything it had been promised.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bundle } from './bundle.mjs';
import { root, run } from './lib.mjs';

const rounds = process.argv[2] ?? '300';
if (!/^[1-9]\d*$/.test(rounds)) {
  console.error('usage: npm run crash-test -- ROUNDS');
  process.exit(2);
}
const out = path.join(root, 'out');
mkdirSync(out, { recursive: true });
const folder = mkdtempSync(path.join(out, 'crash-'));
try {
  const child = await bundle('tests/support/crash-child.ts', folder);
  const main = await bundle('tests/support/crash-main.ts', folder);
  process.exitCode = await run(process.execPath, [main, child, rounds]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
