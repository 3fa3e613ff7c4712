// Fails when an import runs against the arrows of ARCHITECTURE.md: each folder lists the folders it may import.
// Plain Node, no dependencies, so that it runs before anything is installed.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** Folder → the folders it may import from, and whether it may import Node's own modules and Electron. */
const layers = {
  'src/shared': { may: [], node: false },
  'src/main/environment.ts': { may: ['src/shared'], node: false },
  'src/main/crypto': { may: ['src/shared', 'src/main/environment.ts'], node: true },
  'src/main/vault': { may: ['src/shared', 'src/main/environment.ts', 'src/main/crypto'], node: true },
  'src/main/audit': { may: ['src/shared', 'src/main/environment.ts', 'src/main/crypto', 'src/main/vault'], node: true },
  'src/main/access': {
    may: [
      'src/shared',
      'src/main/environment.ts',
      'src/main/crypto',
      'src/main/vault',
      'src/main/audit',
      'src/main/policy',
    ],
    node: true,
  },
  'src/main/policy': { may: ['src/shared', 'src/main/environment.ts', 'src/main/crypto'], node: true },
  'src/main/key-stores': { may: ['src/shared', 'src/main/environment.ts', 'src/main/crypto'], node: true },
  'src/main/kms': {
    may: [
      'src/shared',
      'src/main/environment.ts',
      'src/main/crypto',
      'src/main/key-stores',
      'src/main/vault',
      'src/main/audit',
      'src/main/policy',
      'src/main/access',
    ],
    node: true,
  },
  'src/main/files': {
    may: [
      'src/shared',
      'src/main/environment.ts',
      'src/main/patience.ts',
      'src/main/crypto',
      'src/main/vault/new-file.ts',
      'src/main/kms',
    ],
    node: true,
  },
  'src/main/signing': {
    may: [
      'src/shared',
      'src/main/environment.ts',
      'src/main/crypto',
      'src/main/vault',
      'src/main/files',
      'src/main/key-files.ts',
      'src/main/patience.ts',
      'src/main/throttle.ts',
    ],
    node: true,
  },
  'src/main/seed': {
    may: [
      'src/shared',
      'src/main/environment.ts',
      'src/main/crypto',
      'src/main/vault',
      'src/main/audit',
      'src/main/access',
      'src/main/kms',
      'src/main/vault-settings.ts',
    ],
    node: true,
  },
  'src/main/endpoint': {
    may: ['src/shared', 'src/main/environment.ts', 'src/main/crypto', 'src/main/access', 'src/main/kms'],
    node: true,
  },
  'src/main/shell': { may: ['src/shared'], node: true, electron: true },
  'src/main/ipc': {
    may: ['src/shared', 'src/main'],
    not: ['src/main/index.ts', 'src/main/shell/electron', 'src/main/shell/chromium'],
    node: true,
  },
  'src/main': { may: ['src/shared', 'src/main', 'package.json'], node: true },
  'src/preload': {
    may: [
      'src/shared/contract/names.ts',
      'src/shared/contract/bridge.ts',
      'src/shared/contract/paths-per-call.ts',
      'src/shared/wire.ts',
    ],
    node: false,
    electron: true,
  },
  'src/renderer': { may: ['src/shared'], node: false },
};

/** The DDL of the audit's own tables is the one thing a migration takes from above the vault. */
const exceptions = new Set(['src/main/vault/migrations/0001-initial.ts → src/main/audit/schema.ts']);

function* sources(folder) {
  for (const entry of readdirSync(path.join(root, folder), { withFileTypes: true })) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* sources(name);
    else if (/\.tsx?$/.test(entry.name)) yield name;
  }
}

const inside = (file, folder) => file === folder || file.startsWith(`${folder}/`);
const layerOf = (file) =>
  Object.keys(layers)
    .filter((folder) => inside(file, folder))
    .sort((a, b) => b.length - a.length)[0];

/** `… from 'x'`, `import('x')` and `import 'x'`. */
const IMPORT =
  /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*['"]([^'"]+)['"]|import\s*\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s*['"]([^'"]+)['"]/g;

const problems = [];
const graph = new Map();
for (const file of sources('src')) {
  const layer = layerOf(file);
  if (!layer) {
    problems.push(`${file}: no layer of scripts/layers.mjs covers it`);
    continue;
  }
  const rule = layers[layer];
  const text = readFileSync(path.join(root, file), 'utf8');
  const targets = [];
  for (const match of text.matchAll(IMPORT)) {
    const specifier = match[1] ?? match[2] ?? match[3];
    if (specifier.startsWith('.')) {
      const target = path.posix.join(path.posix.dirname(file), specifier).replace(/\?.*$/, '');
      targets.push(target);
      const own = inside(target, layer) && layerOf(target) === layer;
      const allowed =
        own ||
        (rule.may.some((folder) => inside(target, folder)) &&
          !(rule.not ?? []).some((folder) => inside(target, folder)));
      if (!allowed && !exceptions.has(`${file} → ${target}`))
        problems.push(`${file} imports ${target}: ${layer} may not`);
    } else if (specifier.startsWith('node:')) {
      if (!rule.node) problems.push(`${file} imports ${specifier}: ${layer} runs without Node`);
    } else if (specifier === 'electron' || specifier.startsWith('electron/')) {
      if (!rule.electron) problems.push(`${file} imports electron: only the shells and the preload may`);
    }
  }
  graph.set(file, targets);
}

// Cycles between files inside one layer are arrows that run backward too.
const state = new Map();
const walk = (file, trail) => {
  if (state.get(file) === 'done') return;
  if (state.get(file) === 'open') {
    problems.push(`cycle: ${[...trail.slice(trail.indexOf(file)), file].join(' → ')}`);
    return;
  }
  state.set(file, 'open');
  for (const next of graph.get(file) ?? []) if (graph.has(next)) walk(next, [...trail, file]);
  state.set(file, 'done');
};
for (const file of graph.keys()) walk(file, []);

for (const problem of problems) console.error(problem);
console.log(
  problems.length === 0
    ? `layers: ${graph.size} files, every arrow runs downward`
    : `layers: ${problems.length} problems`,
);
process.exit(problems.length === 0 ? 0 : 1);
