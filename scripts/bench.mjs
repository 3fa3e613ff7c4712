// npm run bench -- NAME [--json]: runs tests/bench/NAME.ts on Node, and on Electron where the bench asks for it.
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { bundle } from './bundle.mjs';
import { withKeyring } from './integration.mjs';
import { applicationEnv, buildIfStale, capture, electronProgram, root, withDisplay } from './lib.mjs';
import { setup } from './setup.mjs';

const benches = path.join(root, 'tests', 'bench');
const known = readdirSync(benches)
  .filter((file) => file.endsWith('.ts'))
  .map((file) => path.basename(file, '.ts'))
  .sort();
const names = process.argv.slice(2).filter((arg) => !arg.startsWith('--'));
const options = process.argv.slice(2).filter((arg) => arg.startsWith('--'));
const [name] = names;
const json = options.includes('--json');
if (names.length !== 1 || !known.includes(name) || options.some((option) => option !== '--json')) {
  console.error(`usage: npm run bench -- NAME [--json], with NAME one of ${known.join(', ')}`);
  process.exit(2);
}
if (!(await setup('test')) || !(await buildIfStale())) process.exit(1);
const out = path.join(root, 'out', 'bench');
mkdirSync(out, { recursive: true });
const entry = await bundle(path.join('tests', 'bench', `${name}.ts`), out);

const electron = electronProgram();

/** The figures a bench prints as one JSON object on its last line. */
async function measure(runtime, program, env) {
  const plain = [program, ['--expose-gc', entry]];
  // A start is that of a window, on a desktop that has a keychain.
  const desktop = name === 'start' ? withKeyring(withDisplay(...plain).flat()) : undefined;
  const shown = ['ui', 'memory', 'files-window'].includes(name) ? withDisplay(...plain) : plain;
  const [command, args] = desktop ? [desktop.program, desktop.args] : shown;
  const { code, output } = await capture(command, args, desktop?.options ?? { env: { ...applicationEnv(), ...env } });
  desktop?.cleanUp();
  const line = output.trimEnd().split('\n').at(-1) ?? '';
  if (code === 0 && line.startsWith('{')) return JSON.parse(line);
  console.error(`The bench ${name} failed on ${runtime} (exit code ${code}).`);
  process.exit(code || 1);
}

const results = { node: await measure('node', process.execPath, { COFFER_BENCH_ELECTRON: electron ? '1' : '' }) };
if (name === 'files') {
  if (electron) results.electron = await measure('electron', electron, { ELECTRON_RUN_AS_NODE: '1' });
  else console.log('There is no Electron here; the figures are of Node alone.');
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
