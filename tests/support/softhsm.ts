import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const places = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib64/softhsm/libsofthsm2.so',
  '/usr/lib64/pkcs11/libsofthsm2.so',
  '/opt/homebrew/lib/softhsm/libsofthsm2.so',
  '/usr/local/lib/softhsm/libsofthsm2.so',
];

export const SOFTHSM_PIN = 'softhsm-pin-9';
const SO_PIN = 'security-officer';

/** SoftHSM 2 with tokens in a folder of its own. Its module reads where that is from the environment. */
export function openSoftHsm() {
  const module = places.find(existsSync);
  if (!module) throw new Error('SoftHSM 2 is not installed');
  const folder = mkdtempSync(path.join(tmpdir(), 'coffer-softhsm-'));
  const tokens = path.join(folder, 'tokens');
  mkdirSync(tokens);
  const file = path.join(folder, 'softhsm2.conf');
  writeFileSync(file, `directories.tokendir = ${tokens}\nobjectstore.backend = file\nlog.level = ERROR\n`);
  const before = process.env.SOFTHSM2_CONF;
  process.env.SOFTHSM2_CONF = file;
  return {
    module,
    /** Makes a token and gives its user a PIN. */
    addToken(label: string, pin = SOFTHSM_PIN) {
      execFileSync('softhsm2-util', ['--init-token', '--free', '--label', label, '--pin', pin, '--so-pin', SO_PIN], {
        stdio: 'ignore',
      });
    },
    /** Takes the tokens out of the computer, or puts them back. A module that runs notices neither. Whether it changed. */
    plug(inside: boolean): boolean {
      const outside = `${tokens}-outside`;
      if (inside === existsSync(tokens)) return false;
      if (inside) renameSync(outside, tokens);
      else renameSync(tokens, outside);
      return true;
    },
    /** Takes every token away. */
    removeTokens() {
      rmSync(tokens, { recursive: true, force: true });
      mkdirSync(tokens);
    },
    remove() {
      if (before === undefined) delete process.env.SOFTHSM2_CONF;
      else process.env.SOFTHSM2_CONF = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
