// What the scripts share. Plain Node, no dependencies: they run before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..');

/** Whether a program is on the PATH. */
export function has(program) {
  return (process.env.PATH ?? '').split(path.delimiter).some((dir) => dir && existsSync(path.join(dir, program)));
}

/** A Python that has boto3: the one on the PATH, or else the system's. */
export function pythonWithBoto3() {
  const looks = 'import importlib.util, sys; sys.exit(importlib.util.find_spec("boto3") is None)';
  return ['python3', '/usr/bin/python3'].find((python) => spawnSync(python, ['-c', looks]).status === 0);
}

/** Runs a program to its end; its output goes to ours. Resolves to the exit code. */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

/**
 * The environment of the application. On Linux, Node's memory is glibc's, which hands what is freed back to the system at once, and takes
 * it anew page by page: a tenth of the time of encrypting a large file. It may keep 64 MiB a thread instead. Electron does not use it.
 */
export const applicationEnv = () => ({
  MALLOC_TRIM_THRESHOLD_: String(2 ** 26),
  MALLOC_TOP_PAD_: String(2 ** 24),
  MALLOC_MMAP_THRESHOLD_: String(2 ** 25),
  ...process.env,
});

/**
 * Runs the application to its end, on a virtual display where there is none. A signal that ends us goes to the application alone,
 * which locks its vault first; the display it draws on has to outlive it.
 */
export function runApplication(program, args) {
  const [first, rest] = hasDisplay()
    ? [program, args]
    : withDisplay('sh', ['-c', 'echo $$ >&3; exec 3>&- "$@"', 'sh', program, ...args]);
  return new Promise((resolve) => {
    const child = spawn(first, rest, {
      cwd: root,
      env: applicationEnv(),
      stdio: ['inherit', 'inherit', 'inherit', 'pipe'],
      // Out of the terminal's group: what it interrupts is us.
      detached: process.platform !== 'win32',
    });
    let pid = hasDisplay() ? child.pid : undefined;
    child.stdio[3].on('data', (data) => {
      pid = Number(data);
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => {
        try {
          process.kill(pid ?? child.pid, signal);
        } catch {
          // It has ended.
        }
      });
    }
    child.on('error', (error) => {
      console.error(`${program}: ${error.message}`);
      resolve(127);
    });
    child.on('exit', (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

/** Runs a program and returns its exit code and what it printed, which is shown as well. */
export function capture(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    let output = '';
    for (const [stream, target] of [
      [child.stdout, process.stdout],
      [child.stderr, process.stderr],
    ]) {
      stream.on('data', (data) => {
        output += data;
        target.write(data);
      });
    }
    child.on('error', (error) => resolve({ code: 127, output: String(error) }));
    child.on('exit', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** A package's program in node_modules. */
export const bin = (name) => path.join(root, 'node_modules', '.bin', name);

function* filesBelow(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) yield* filesBelow(file);
    else yield file;
  }
}

/** A fingerprint of files and folders, by content. */
export function fingerprint(names) {
  const hash = createHash('sha256');
  for (const name of names) {
    const full = path.join(root, name);
    if (!existsSync(full)) continue;
    for (const file of statSync(full).isDirectory() ? filesBelow(full) : [full]) {
      hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  }
  return hash.digest('hex');
}

/** Builds the application unless what is built was made from the same sources. */
export async function buildIfStale() {
  const stamp = path.join(root, 'out', '.built-from');
  const now = fingerprint(['src', 'package-lock.json', 'electron.vite.config.ts', 'scripts/bundle.mjs', 'resources']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return true;
  console.log('Building Coffer…');
  const { code, output } = await new Promise((resolve) => {
    const child = spawn(bin('electron-vite'), ['build', '--logLevel', 'warn'], { cwd: root });
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    child.stderr.on('data', (data) => {
      output += data;
    });
    child.on('error', (error) => resolve({ code: 127, output: String(error) }));
    child.on('exit', (code) => resolve({ code, output }));
  });
  if (code !== 0) {
    console.error(output);
    console.error('The build failed.');
    return false;
  }
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
  return true;
}

/** The Electron program that can be started here, or undefined: named by the environment, or downloaded. */
export function electronProgram() {
  const name =
    process.platform === 'win32'
      ? 'electron.exe'
      : process.platform === 'darwin'
        ? 'Electron.app/Contents/MacOS/Electron'
        : 'electron';
  const folders = [process.env.ELECTRON_OVERRIDE_DIST_PATH, path.join(root, 'node_modules', 'electron', 'dist')];
  return folders
    .filter(Boolean)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
}

/** The Electron program if it can be started: on a bare system the libraries it is linked against may be missing. */
export function electronStarts() {
  const program = electronProgram();
  const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
  return program && spawnSync(program, ['-p', '1'], { env, stdio: 'ignore' }).status === 0 ? program : undefined;
}

/** Whether a window can be shown without a virtual display. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/** Puts a virtual display in front of a command where there is none. */
export function withDisplay(program, args) {
  if (hasDisplay()) return [program, args];
  return ['xvfb-run', ['-a', '-s', '-screen 0 1400x900x24', program, ...args]];
}

export function isRoot() {
  return typeof process.getuid === 'function' && process.getuid() === 0;
}

export { spawnSync };
