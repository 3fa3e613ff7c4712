// npm start: sets up, builds if stale and opens the window: in Electron where its runtime is, otherwise in an installed Chromium.
import path from 'node:path';
import { buildIfStale, electronStarts, hasDisplay, isRoot, root, runApplication } from './lib.mjs';
import { setup } from './setup.mjs';

if (!(await setup('start')) || !(await buildIfStale())) process.exit(1);

const args = process.argv.slice(2);
const electron = electronStarts();
if (!electron) console.log("Electron's runtime is not here: Coffer opens in the installed Chromium instead.");
if (!hasDisplay()) console.log('There is no display: the window opens on a virtual one (Xvfb).');
const command = electron
  ? [electron, [...(isRoot() ? ['--no-sandbox'] : []), root, ...args]]
  : [process.execPath, [path.join(root, 'out', 'main', 'index.js'), ...args]];
process.exit(await runApplication(...command));
