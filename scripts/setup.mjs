// Installs what is missing: npm's packages, and on Debian as root the system's. Elsewhere it prints the one command to run.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { electronProgram, fingerprint, has, isRoot, root, run, spawnSync } from './lib.mjs';

const MINIMUM_NODE = [20, 19];

/** Program or file to look for → Debian package that brings it. */
const forStarting = [
  ['chromium', 'chromium'],
  ['xvfb-run', 'xvfb'],
  ['xauth', 'xauth'],
  ['dbus-run-session', 'dbus'],
];
const forTesting = [
  ['gnome-keyring-daemon', 'gnome-keyring'],
  ['age', 'age'],
  ['openssl', 'openssl'],
];

function missingPackages(wanted) {
  const browsers = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
  const missing = wanted
    .filter(([program]) => (program === 'chromium' ? !browsers.some(has) && !electronProgram() : !has(program)))
    .map(([, name]) => name);
  // keytar's binary is linked against libsecret.
  const libraries = spawnSync('ldconfig', ['-p'], { encoding: 'utf8' }).stdout ?? '';
  if (!libraries.includes('libsecret-1.so.0') && !existsSync('/usr/lib/x86_64-linux-gnu/libsecret-1.so.0'))
    missing.push('libsecret-1-0');
  return missing;
}

async function systemPackages(wanted) {
  if (process.platform !== 'linux') return true;
  const missing = missingPackages(wanted);
  if (missing.length === 0) return true;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (!has('apt-get') || !isRoot()) {
    console.error(`Coffer needs these from your system: ${missing.join(', ')}.`);
    console.error(has('apt-get') ? `Run:  sudo ${command}` : 'Install them with your package manager.');
    return false;
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
  if ((await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'])) !== 0) return false;
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
  return true;
}

/** @param {'start' | 'test'} purpose */
export async function setup(purpose) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor < MINIMUM_NODE[1])) {
    console.error(`Coffer needs Node ${MINIMUM_NODE.join('.')} or later; this is ${process.versions.node}.`);
    return false;
  }
  const wanted = purpose === 'test' ? [...forStarting, ...forTesting] : forStarting;
  return (await npmPackages()) && (await systemPackages(wanted));
}
