import path from 'node:path';
import { app } from 'electron';
import { namedPaths } from '../named-paths.ts';

/** What a first or second start says to the instance that runs. */
interface Said {
  readonly files: readonly string[];
}

/**
 * The files that this start names: what follows the application's own path, or all of it in a packaged one. Options of Electron
 * and Chromium stand among them, and are none.
 */
function namedHere(): string[] {
  const args = process.argv.slice(1);
  const own = app.isPackaged ? -1 : args.findIndex((arg) => path.resolve(arg) === app.getAppPath());
  return namedPaths(args.slice(own + 1), process.cwd());
}

/** Files named before there is anybody to tell. macOS names them by an event, which can come before the application is ready. */
let early: string[] | undefined = [];
let tell: (paths: readonly string[]) => void = (paths) => early?.push(...paths);

/** Must run before Electron is ready. */
export function watchOpening(): void {
  app.on('open-file', (event, file) => {
    event.preventDefault();
    tell([path.resolve(file)]);
  });
}

/**
 * Makes this the one instance; false when there is one already, which is told the files this start named. Then files go to
 * `onOpen`, and `onSecond` is called when the application is started again.
 */
export function beFirst(onOpen: (paths: readonly string[]) => void, onSecond: () => void): boolean {
  const files = namedHere();
  if (!app.requestSingleInstanceLock({ files })) return false;
  app.on('second-instance', (_event, _args, _cwd, said) => {
    const { files: named } = (said ?? {}) as Partial<Said>;
    if (Array.isArray(named)) onOpen(named.filter((file) => typeof file === 'string' && path.isAbsolute(file)));
    onSecond();
  });
  onOpen([...(early ?? []), ...files]);
  early = undefined;
  tell = onOpen;
  return true;
}
