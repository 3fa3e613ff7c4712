// npm run bench -- NAME [--json]: runs tests/bench/NAME.ts on Node, and on Electron where the bench asks for it.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { bundle } from './bundle.mjs';
import { buildIfStale, capture, electronProgram, root } from './lib.mjs';
import { setup } from './setup.mjs';

const [name] = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const json = process.argv.includes('--json');
const known = ['files', 'vault', 'start'];
if (!known.includes(name)) {
  console.error(`usage: npm run bench -- NAME [--json], with NAME one of ${known.join(', ')}`);
  process.exit(2);
}
if (!(await setup('test')) || !(await buildIfStale())) process.exit(1);
mkdirSync(path.join(root, 'out', 'bench'), { recursive: true });
const entry = await bundle(path.join('tests', 'bench', `${name}.ts`), path.join(root, 'out', 'bench'));
const results = {};
const runtimes = [['node', process.execPath, {}]];
const electron = electronProgram();
if (name === 'files' && electron) runtimes.push(['electron', electron, { ELECTRON_RUN_AS_NODE: '1' }]);
for (const [runtime, program, env] of runtimes) {
  const { code, output } = await capture(program, ['--expose-gc', entry], { env: { ...process.env, ...env } });
  if (code !== 0) process.exit(code);
  const line = output.trimEnd().split('\n').at(-1) ?? '{}';
  results[runtime] = JSON.parse(line);
}
for (const [runtime, figures] of Object.entries(results)) {
  console.log(`\n${name} on ${runtime}`);
  for (const [key, value] of Object.entries(figures))
    console.log(`  ${key.padEnd(24)} ${typeof value === 'object' ? JSON.stringify(value) : value}`);
}
const { node, ...others } = results;
const flat = { ...node };
for (const [runtime, figures] of Object.entries(others))
  for (const [key, value] of Object.entries(figures)) flat[`${runtime}_${key}`] = value;
if (json) console.log(JSON.stringify(flat));
