import { homedir } from 'node:os';
import path from 'node:path';

/** Where Coffer keeps things, by the platform's own conventions; COFFER_HOME puts everything into one folder (tests, portable use). */
export interface Places {
  readonly config: string;
  readonly state: string;
  readonly defaultVault: string;
}

export function placesOf(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): Places {
  const home = env.COFFER_HOME;
  if (home) {
    const at = path.resolve(home);
    return { config: path.join(at, 'config'), state: path.join(at, 'state'), defaultVault: path.join(at, 'vault') };
  }
  if (platform === 'win32') {
    const data = env.APPDATA ?? path.join(homedir(), 'AppData', 'Roaming');
    return {
      config: path.join(data, 'Coffer'),
      state: path.join(data, 'Coffer', 'state'),
      defaultVault: path.join(data, 'Coffer', 'vault'),
    };
  }
  if (platform === 'darwin') {
    const data = path.join(homedir(), 'Library', 'Application Support', 'Coffer');
    return { config: data, state: path.join(data, 'state'), defaultVault: path.join(data, 'vault') };
  }
  const dir = (variable: string | undefined, fallback: string) =>
    path.join(variable ?? path.join(homedir(), fallback), 'coffer');
  return {
    config: dir(env.XDG_CONFIG_HOME, '.config'),
    state: dir(env.XDG_STATE_HOME, '.local/state'),
    defaultVault: path.join(dir(env.XDG_DATA_HOME, '.local/share'), 'vault'),
  };
}
