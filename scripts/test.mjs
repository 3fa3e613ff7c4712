// npm test: sets up, then types, lint, unit, integration, conformance and end to end. The last line is `N passed, N failed`.

import path from 'node:path';
import { bin, buildIfStale, capture, root } from './lib.mjs';
import { setup } from './setup.mjs';

if (!(await setup('test'))) {
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const node = process.execPath;
const script = (name) => path.join(root, 'scripts', name);
const plain = { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' };

/** vitest: `Tests  2 failed | 31 passed (33)`. Playwright: `31 passed (1m)` and `2 failed` on lines of their own. */
function counts(output) {
  const vitest = output.match(/^\s*Tests\s+(.*)$/m)?.[1];
  const text =
    vitest ??
    output
      .split('\n')
      .filter((line) => /^\s*\d+ (passed|failed|flaky|did not run|interrupted)\b/.test(line))
      .join(' ');
  const of = (word) =>
    [...text.matchAll(new RegExp(`(\\d+) ${word}`, 'g'))].reduce((sum, match) => sum + Number(match[1]), 0);
  return { passed: of('passed'), failed: of('failed') + of('interrupted') + of('did not run') };
}

const stages = [
  ['types', bin('tsc'), ['--noEmit']],
  ['lint', bin('biome'), ['check', '.']],
  ['layers', node, [script('layers.mjs')]],
  // One worker a processor, where vitest would leave one free.
  ['unit', bin('vitest'), ['run', '--project', 'unit*', '--maxWorkers=100%'], true],
  ['integration', node, [script('integration.mjs'), '--maxWorkers=100%'], true],
  ['conformance', bin('vitest'), ['run', '--project', 'conformance', '--maxWorkers=100%'], true],
  ['end to end', node, [script('e2e.mjs')], true],
];

let passed = 0;
let failed = 0;
const results = [];
for (const [name, program, args, counted] of stages) {
  const began = Date.now();
  console.log(`\n== ${name}`);
  const { code, output } =
    ['conformance', 'end to end'].includes(name) && !(await buildIfStale())
      ? { code: 1, output: '' }
      : await capture(program, args, { env: plain });
  const seen = counted ? counts(output) : { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1 };
  // A stage that failed without naming a test, or ran none, is a failure itself.
  if ((code !== 0 && seen.failed === 0) || (counted && seen.passed + seen.failed === 0)) seen.failed++;
  passed += seen.passed;
  failed += seen.failed;
  results.push(`${name}: ${seen.passed} passed, ${seen.failed} failed in ${Math.round((Date.now() - began) / 1000)} s`);
}
console.log(`\n${results.join('\n')}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
