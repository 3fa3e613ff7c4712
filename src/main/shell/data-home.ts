import { homedir } from 'node:os';
import path from 'node:path';

/** Where desktop programs keep a person's data on Linux (XDG Base Directory Specification 0.8: a relative path does not count). */
export function dataHome({ XDG_DATA_HOME: data, HOME }: NodeJS.ProcessEnv): string {
  return data && path.isAbsolute(data) ? data : path.join(HOME || homedir(), '.local', 'share');
}
