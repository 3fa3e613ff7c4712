import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Writable } from 'node:stream';
import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { bundle } from './bundle.ts';
import { PASSPHRASE } from './vault.ts';

/** Long enough for scrypt on a busy machine; a program that is not ready by then never will be. */
const READY_MS = 60_000;

const READY = /^Coffer serves account (\d{12}) at http:\/\/127\.0\.0\.1:(\d+) in Regions (.*)$/m;
const PAIR = /^# (\S+), a new access key.*\nexport AWS_ACCESS_KEY_ID=(\S+)\nexport AWS_SECRET_ACCESS_KEY=(\S+)$/gm;

export interface ServeWish {
  /** A vault's folder, made when nothing is there; without one the vault is ephemeral. */
  readonly vault?: string;
  /** A seed file. */
  readonly seed?: string;
  /** Further options of the command line. */
  readonly args?: readonly string[];
  /** Leaves the vault to be opened by the keychain. */
  readonly byKeychain?: boolean;
}

/** An access key as the program printed it. */
export interface PrintedKey {
  readonly principalArn: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** A program that serves. */
export interface Serving {
  readonly port: number;
  readonly url: string;
  readonly accountId: string;
  readonly regions: readonly string[];
  /** The access keys made at this start; without a seed that makes some, one of the account's root. */
  readonly keys: readonly PrintedKey[];
  readonly stdout: string;
  stderr(): string;
  /** What a client of the SDK is made with; credentials are those of the first printed key unless given. */
  config(changes?: Partial<KMSClientConfig>): KMSClientConfig;
  /** Ends the program by a signal; resolves to its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface ServeProgram {
  /** The built program, and what it is started with, for tests that start it in a way of their own. */
  readonly file: string;
  readonly env: NodeJS.ProcessEnv;
  /** Starts it on a free port and resolves when it is ready. */
  start(wish?: ServeWish): Promise<Serving>;
  /** Runs it to its end, for command lines that end it; `input` is what file descriptor 3 holds. */
  run(args: readonly string[], input?: string): Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Ends what still runs and takes the built program away. */
  remove(): Promise<void>;
}

/** No settings of whoever runs the tests, and no keychain unless it is wanted. */
function environment(folder: string, keychain: boolean): NodeJS.ProcessEnv {
  const { INIT_CWD: _cwd, ...own } = process.env;
  const env = { ...own, COFFER_HOME: path.join(folder, 'home') };
  if (keychain) return env;
  const { DBUS_SESSION_BUS_ADDRESS: _bus, XDG_RUNTIME_DIR: _dir, ...rest } = env as NodeJS.ProcessEnv;
  return { ...rest, DBUS_SESSION_BUS_ADDRESS: '' };
}

/** Collects what a child says; resolves `ended` with its exit code. */
function listenTo(child: ChildProcess) {
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { said, ended };
}

/** Builds `npm run serve`'s program for plain Node. Whoever asks removes it. `keychain` leaves it the one of this session. */
export async function buildServe({ keychain = false } = {}): Promise<ServeProgram> {
  const built = await bundle('src/main/serve/index.ts');
  const { file: entry } = built;
  const env = environment(path.dirname(entry), keychain);
  const running = new Set<ChildProcess>();

  function launch(args: readonly string[], input: string, detached = false) {
    const child = spawn(process.execPath, [entry, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      detached,
    });
    running.add(child);
    const secret = child.stdio[3] as Writable;
    // A program that ends before it has read it is what some tests are about.
    secret.on('error', () => undefined);
    secret.end(input);
    const { said, ended } = listenTo(child);
    void ended.then(() => running.delete(child));
    return { child, said, ended };
  }

  return {
    file: entry,
    env,
    async start({ vault, seed, args = [], byKeychain = false } = {}) {
      const fresh = vault !== undefined && !existsSync(path.join(vault, 'header.json'));
      const way = byKeychain ? [] : ['--passphrase-fd', '3'];
      const where = vault === undefined ? ['--ephemeral'] : ['--vault', vault, ...way];
      const first = fresh ? ['--create', ...(seed === undefined ? ['--new-access-key'] : [])] : [];
      const from = seed === undefined ? [] : ['--seed', seed];
      const { child, said, ended } = launch(['--port', '0', ...where, ...first, ...from, ...args], `${PASSPHRASE}\n`);
      const ready = await new Promise<RegExpExecArray>((resolve, reject) => {
        const fail = (why: string) => reject(new Error(`serve ${why}: ${said.stderr}`));
        const late = setTimeout(() => {
          child.kill('SIGKILL');
          fail('was not ready in time');
        }, READY_MS);
        child.stdout?.on('data', () => {
          const found = READY.exec(said.stdout);
          if (!found) return;
          clearTimeout(late);
          resolve(found);
        });
        void ended.then((code) => {
          clearTimeout(late);
          fail(`ended with ${code}`);
        });
      });
      const [, accountId = '', port = '', regions = ''] = ready;
      const url = `http://127.0.0.1:${port}`;
      const keys = [...said.stdout.matchAll(PAIR)].map(
        ([, principalArn = '', accessKeyId = '', secretAccessKey = '']) => ({
          principalArn,
          accessKeyId,
          secretAccessKey,
        }),
      );
      return {
        port: Number(port),
        url,
        accountId,
        regions: regions.split(' '),
        keys,
        stdout: said.stdout,
        stderr: () => said.stderr,
        config: (changes = {}) => ({
          endpoint: url,
          region: 'eu-central-1',
          maxAttempts: 1,
          ...(keys[0] ? { credentials: keys[0] } : {}),
          ...changes,
        }),
        stop(signal = 'SIGTERM') {
          child.kill(signal);
          return ended;
        },
      };
    },
    async run(args, input = '') {
      // A session of its own has no terminal to ask a passphrase on.
      const { said, ended } = launch(args, input, true);
      return { code: await ended, ...said };
    },
    async remove() {
      for (const child of running) child.kill('SIGKILL');
      await Promise.all([...running].map((child) => new Promise((resolve) => child.once('close', resolve))));
      built.remove();
    },
  };
}
