// Installs what is missing: npm's packages, Electron's runtime, and on Debian as root the system's packages. Elsewhere it prints the
// one command to run.
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  electronProgram,
  electronStarts,
  fingerprint,
  has,
  hasDisplay,
  isRoot,
  pythonWithBoto3,
  root,
  run,
  spawnSync,
} from './lib.mjs';

const MINIMUM_NODE = [20, 19];

/** Program to look for → Debian package that brings it. */
const display = [
  ['xvfb-run', 'xvfb'],
  ['xauth', 'xauth'],
];
const forTesting = [
  ...display,
  ['dbus-run-session', 'dbus'],
  ['gnome-keyring-daemon', 'gnome-keyring'],
  ['age', 'age'],
  ['openssl', 'openssl'],
  ['softhsm2-util', 'softhsm2'],
  ['update-mime-database', 'shared-mime-info'],
  ['update-desktop-database', 'desktop-file-utils'],
  ['gio', 'libglib2.0-bin'],
  ['aws', 'awscli'],
];
const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

function hasLibrary(name) {
  const listed = ['ldconfig', '/sbin/ldconfig'].map(
    (program) => spawnSync(program, ['-p'], { encoding: 'utf8' }).stdout,
  );
  return listed.some((libraries) => libraries?.includes(name));
}

/** The Debian packages that are not there: those nothing works without, and those it is only better with. */
function missingPackages(purpose) {
  const wanted = purpose === 'test' ? forTesting : purpose === 'serve' || hasDisplay() ? [] : display;
  const needed = wanted.filter(([program]) => !has(program)).map(([, name]) => name);
  // The specs drive the Chromium shell even where Electron is.
  const window = purpose === 'test' || (purpose === 'start' && !electronStarts());
  if (window && !process.env.COFFER_CHROMIUM && !browsers.some(has)) needed.push('chromium');
  if (purpose === 'test' && !pythonWithBoto3()) needed.push('python3-boto3');
  // A spec moves the pointer of an X server.
  if (purpose === 'test' && !hasLibrary('libXtst.so.6')) needed.push('libxtst6');
  // keytar's binary is linked against it.
  const libsecret = hasLibrary('libsecret-1.so.0') ? [] : ['libsecret-1-0'];
  return purpose === 'test' ? { needed: [...needed, ...libsecret], useful: [] } : { needed, useful: libsecret };
}

async function systemPackages(purpose) {
  if (process.platform !== 'linux') return true;
  const { needed, useful } = missingPackages(purpose);
  const missing = [...needed, ...useful];
  if (missing.length === 0) return true;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!has('apt-get') || !isRoot()) {
    const install = has('apt-get') ? `Run:  sudo ${command}` : 'Install them with your package manager.';
    if (needed.length > 0) {
      console.error(`Coffer needs these from your system: ${missing.join(', ')}.\n${install}`);
      return false;
    }
    console.log(
      `Without ${useful.join(', ')} Coffer cannot use the keychain; a passphrase opens the vault. ${install}`,
    );
    return true;
  }
  console.log(`Installing ${missing.join(', ')}…`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  await run('apt-get', ['update', '-qq'], quiet);
  return (await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], quiet)) === 0;
}

async function npmPackages() {
  const stamp = path.join(root, 'node_modules', '.coffer-installed');
  const now = fingerprint(['package.json', 'package-lock.json']);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return true;
  console.log('Installing npm packages…');
  // Standard output is the program's own.
  const stdio = ['inherit', process.stderr, 'inherit'];
  if ((await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { stdio })) !== 0) return false;
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
  return true;
}

/** How long the network has to bring Electron's runtime (about 110 MB), and for how long a failure is remembered. */
const DOWNLOAD_MS = 10 * 60_000;
const RETRY_AFTER_MS = 24 * 60 * 60_000;

/** Fetches Electron's runtime the first time. A network that has none is no failure: Chromium opens the same application. */
async function electronRuntime() {
  if (electronProgram() || process.env.ELECTRON_SKIP_BINARY_DOWNLOAD) return;
  const failed = path.join(root, 'node_modules', '.coffer-no-electron');
  if (existsSync(failed) && Date.now() - statSync(failed).mtimeMs < RETRY_AFTER_MS) return;
  console.log("Fetching Electron's runtime, this once…");
  const script = path.join(root, 'node_modules', 'electron', 'install.js');
  const quiet = { stdio: 'ignore', timeout: DOWNLOAD_MS };
  if ((await run(process.execPath, [script], quiet)) === 0 && electronProgram()) return;
  writeFileSync(failed, '');
  console.log('It could not be had now. Another try is made tomorrow.');
}

/** @param {'start' | 'serve' | 'test'} purpose */
export async function setup(purpose) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    console.error(`Coffer needs Node ${MINIMUM_NODE.join('.')} or later; this is ${process.versions.node}.`);
    return false;
  }
  if (!(await npmPackages())) return false;
  if (purpose === 'start') await electronRuntime();
  return systemPackages(purpose);
}
