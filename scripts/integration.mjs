// Runs the integration tests inside a D-Bus session of their own with a real, unlocked Secret Service.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bin, has, run } from './lib.mjs';

export function withKeyring(command) {
  const home = mkdtempSync(path.join(tmpdir(), 'coffer-keyring-'));
  const env = {
    ...process.env,
    XDG_DATA_HOME: path.join(home, 'data'),
    XDG_RUNTIME_DIR: home,
    XDG_CACHE_HOME: path.join(home, 'cache'),
  };
  delete env.DBUS_SESSION_BUS_ADDRESS;
  const script = 'printf coffer-test | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"';
  return {
    program: 'dbus-run-session',
    args: ['--', 'bash', '-c', script, 'bash', ...command],
    options: { env },
    cleanUp: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }),
  };
}

if (process.argv[1] === import.meta.filename) {
  const command = [bin('vitest'), 'run', '--project', 'integration', ...process.argv.slice(2)];
  if (process.platform === 'linux' && has('dbus-run-session') && has('gnome-keyring-daemon')) {
    const { program, args, options, cleanUp } = withKeyring(command);
    const code = await run(program, args, options);
    cleanUp();
    process.exit(code);
  }
  process.exit(await run(command[0], command.slice(1)));
}
