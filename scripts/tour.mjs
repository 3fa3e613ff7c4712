// npm run tour -- [--electron] [FILE…]: drives the real window through the main job on copies of the files given (or on small
// samples), checks the results and leaves a picture of each step in out/tour/. Exit code 1 and a sentence when something differs.
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { bin, buildIfStale, electronProgram, hasDisplay, root, run, withDisplay } from './lib.mjs';
import { setup } from './setup.mjs';

const args = process.argv.slice(2);
const wantsElectron = args.includes('--electron');
const files = args.filter((arg) => arg !== '--electron').map((file) => path.resolve(file));
const missing = files.filter((file) => !existsSync(file));
if (missing.length > 0) {
  console.error(`The tour stops: ${missing.join(', ')} cannot be found.`);
  process.exit(1);
}
if (!(await setup('test')) || !(await buildIfStale())) process.exit(1);
if (wantsElectron && !electronProgram()) {
  console.error("The tour stops: Electron's runtime is not here. Without --electron it runs in Chromium.");
  process.exit(1);
}
if (!hasDisplay()) console.log('There is no display: the window opens on a virtual one (Xvfb).');
rmSync(path.join(root, 'out', 'tour'), { recursive: true, force: true });
const env = {
  ...process.env,
  COFFER_TEST_HEADED: '1',
  COFFER_TOUR_FILES: JSON.stringify(files),
  COFFER_TOUR_SHELL: wantsElectron ? 'electron' : 'chromium',
};
const config = path.join('tests', 'tour', 'playwright.config.ts');
process.exit(await run(...withDisplay(bin('playwright'), ['test', '--config', config]), { env }));
