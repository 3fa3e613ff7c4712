// Runs the end-to-end specs: on Chromium always, on Electron where a runtime is.
import { bin, buildIfStale, electronProgram, run, withDisplay } from './lib.mjs';

if (!(await buildIfStale())) process.exit(1);
const electron = electronProgram();
if (!electron) console.log("Electron's runtime is not here: the specs run on Chromium only.");
const projects = ['--project=chromium', ...(electron ? ['--project=electron'] : [])];
process.exit(await run(...withDisplay(bin('playwright'), ['test', ...projects, ...process.argv.slice(2)])));
