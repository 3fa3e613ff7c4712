import path from 'node:path';
import { version } from '../../package.json';
import { placesOf } from './places.ts';
import { endProgram, firstEndSignal, outliveReaders } from './program.ts';
import { namedPaths } from './shell/named-paths.ts';
import type { Shell } from './shell/shell.ts';

/** The program: picks the shell that is running and hands it to the application. */
async function chooseShell(): Promise<Shell> {
  const stateDir = placesOf(process.env, process.platform).state;
  if (process.versions.electron)
    return (await import('./shell/electron/index.ts')).createElectronShell({
      profile: path.join(stateDir, 'electron'),
    });
  const files = namedPaths(process.argv.slice(2), process.cwd());
  return (await import('./shell/chromium/index.ts')).createChromiumShell({ stateDir, files });
}

async function main(shell: Shell): Promise<void> {
  // Loaded while the browser starts.
  const { startApplication } = await import('./application.ts');
  const application = await startApplication({
    shell,
    built: path.resolve(import.meta.dirname, '..'),
    version,
    onClosed: endProgram,
  });
  await firstEndSignal();
  await application.close().finally(endProgram);
}

outliveReaders();
// Electron becomes ready only after this module has been evaluated: its scheme is registered before that, the window opened after.
const shell = await chooseShell();
main(shell).catch((error: unknown) => {
  process.stderr.write(`Coffer could not start: ${error instanceof Error ? error.message : 'unknown reason'}\n`);
  process.exit(1);
});
