import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { CofferError } from '../../../shared/kms/errors.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

function runs(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** An installed Chromium or Chrome; COFFER_CHROMIUM names another. @throws CofferError `NoBrowser`. */
export function findChromium(env: NodeJS.ProcessEnv = process.env): string {
  const wanted = env.COFFER_CHROMIUM;
  const onPath = (env.PATH ?? '').split(path.delimiter).flatMap((dir) => NAMES.map((name) => path.join(dir, name)));
  const found = [...(wanted ? [wanted] : []), ...onPath, ...ELSEWHERE].find(runs);
  if (!found)
    throw new CofferError(
      'NoBrowser',
      'Neither Electron nor an installed Chromium or Chrome was found. Install one of them.',
    );
  return found;
}
