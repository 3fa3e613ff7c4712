import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** `npm run serve` as a person types it, on a vault in memory. */
export interface NpmServe {
  readonly url: string;
  /** Endpoint and credentials for programs, and a home of their own, without settings and credentials of anybody. */
  readonly env: NodeJS.ProcessEnv;
  /** A folder of the test's own. */
  readonly folder: string;
  stop(): Promise<void>;
}

const READY = /^Coffer serves account (\d{12}) at (http:\/\/127\.0\.0\.1:\d+) in Regions /m;
const KEY = /^export AWS_ACCESS_KEY_ID=(\S+)\nexport AWS_SECRET_ACCESS_KEY=(\S+)$/m;

export async function npmServe(): Promise<NpmServe> {
  const folder = mkdtempSync(path.join(tmpdir(), 'coffer-conformance-'));
  const { DBUS_SESSION_BUS_ADDRESS: _bus, INIT_CWD: _from, ...rest } = process.env;
  const child = spawn('npm', ['run', '--silent', 'serve', '--', '--port', '0', '--ephemeral'], {
    env: { ...rest, COFFER_HOME: path.join(folder, 'coffer') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  let errors = '';
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stderr.on('data', (data) => {
    errors += data;
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (data) => {
      said += data;
      const [, , at] = READY.exec(said) ?? [];
      if (at) resolve(at);
    });
    void ended.then(() => reject(new Error(`npm run serve ended: ${errors}`)));
  });
  const [, id, secret] = KEY.exec(said) ?? [];
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return {
    url,
    folder,
    env: {
      ...Object.fromEntries(inherited),
      HOME: folder,
      AWS_ACCESS_KEY_ID: id,
      AWS_SECRET_ACCESS_KEY: secret,
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_PAGER: '',
      COFFER_ENDPOINT: url,
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
