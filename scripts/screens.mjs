// npm run screens -- [PART…]: takes a picture of every screen, on a vault that somebody has used for a year, in both themes and at three sizes
// of the window, into out/screens/. PART is start, keys, files, access, activity or frame; all of
// them unless some are named.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { bin, buildIfStale, root, run, withDisplay } from './lib.mjs';
import { setup } from './setup.mjs';

if (!(await setup('test')) || !(await buildIfStale())) process.exit(1);
rmSync(path.join(root, 'out', 'screens'), { recursive: true, force: true });
const config = path.join('tests', 'screens', 'playwright.config.ts');
const env = { ...process.env, COFFER_SCREENS_PARTS: JSON.stringify(process.argv.slice(2)) };
process.exit(await run(...withDisplay(bin('playwright'), ['test', '--config', config]), { env }));
