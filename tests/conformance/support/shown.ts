import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll } from 'vitest';
import { base64, kebab, type Service, shellQuote, toCli, toSdk } from '../../../src/renderer/lib/show-as.ts';

/** Runs what the window shows as CLI and SDK call: by `sh` with the AWS CLI, and by Node with the SDK. */

export type Input = Readonly<Record<string, unknown>>;
type Env = NodeJS.ProcessEnv;
const run = promisify(execFile);
export const REGION = 'eu-central-1';
/** Whatever a shell, a command line or JavaScript could take for something else. */
export const AWKWARD = `it's "so", $HOME \`ls\` \\ \\n 50 %\n\tand – 日本 😀`;
export const KEY = '1234abcd-12ab-34cd-56ef-1234567890ab';
export const ROLE = 'arn:aws:iam::111122223333:role/reader';
export const policy = (Sid: string) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Sid, Effect: 'Allow', Action: 'kms:*', Resource: '*' }] });

/** Version 1 of the CLI takes bytes from files, as the note beside the command says. */
const takesFiles = execFileSync('aws', ['--version'], { encoding: 'utf8' }).startsWith('aws-cli/1.');

let folder: string;
/** The tests of a file share one folder. */
export function shownInFolder(): void {
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'coffer-show-as-'));
    // So that the SDK is found from there.
    symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
}

/** Writes a file that commands and calls read. */
export const writeInFolder = (name: string, content: string | Uint8Array) =>
  writeFileSync(path.join(folder, name), content);

/** Writes the bytes that the command or the call reads from files. */
function writeLongBlobs(input: Input): void {
  for (const [name, value] of Object.entries(input))
    if (value instanceof Uint8Array) writeInFolder(`${kebab(name)}.bin`, value);
}

/** Runs commands as somebody would who pastes them; answers what they print. */
export async function runShell(commands: string, url: string, env: Env): Promise<string> {
  const script = `aws() { command aws --endpoint-url ${url} --output json "$@"; }\n${commands}`;
  return (await run('sh', ['-c', script], { cwd: folder, env })).stdout.trim();
}

let scripts = 0;
/** Runs calls of the SDK, and `more` behind them; answers what they print. */
export async function runNode(calls: string, url: string, env: Env, more = ''): Promise<string> {
  const file = path.join(folder, `${++scripts}.mjs`);
  writeFileSync(file, `${calls}\n${more}\n`);
  return (await run(process.execPath, [file], { cwd: folder, env: { ...env, AWS_ENDPOINT_URL: url } })).stdout;
}

/** Makes one call by its command; answers what it answers. */
export async function byCli(operation: string, input: Input, service: Service, url: string, env: Env) {
  writeLongBlobs(input);
  let command = toCli([{ operation, input, service }], { region: REGION });
  for (const [name, value] of Object.entries(input))
    if (takesFiles && value instanceof Uint8Array)
      command = command.replace(
        `--${kebab(name)} ${shellQuote(base64(value))}`,
        `--${kebab(name)} fileb://${kebab(name)}.bin`,
      );
  const stdout = await runShell(command, url, env);
  return stdout === '' ? {} : JSON.parse(stdout);
}

/** The same by the SDK. */
export async function bySdk(operation: string, input: Input, service: Service, url: string, env: Env) {
  writeLongBlobs(input);
  // Bytes as the CLI prints them.
  const printed = `(_name, value) => ArrayBuffer.isView(value) ? Buffer.from(value).toString('base64') : value`;
  const call = toSdk([{ operation, input, service }], { region: REGION });
  return JSON.parse(await runNode(call, url, env, `console.log(JSON.stringify(answer, ${printed}));`));
}

/** As AWS's JSON protocol carries it. */
const asJson = (input: Input): unknown =>
  JSON.parse(
    JSON.stringify(input, function replace(this: Record<string, unknown>, key, value) {
      const item = this[key];
      if (item instanceof Uint8Array) return base64(item);
      return item instanceof Date ? item.getTime() / 1000 : value;
    }),
  );

/** As AWS's Query protocol carries it: a field a leaf. */
function asQuery(input: unknown, name = ''): [string, string][] {
  if (Array.isArray(input)) return input.flatMap((item, index) => asQuery(item, `${name}.member.${index + 1}`));
  if (typeof input !== 'object' || input === null) return [[name, String(input)]];
  return Object.entries(input).flatMap(([key, item]) => asQuery(item, name === '' ? key : `${name}.${key}`));
}

/** What arrives of a call's input. */
export const asSent = (service: Service, input: Input): unknown =>
  service === 'iam' || service === 'sts' ? Object.fromEntries(asQuery(input)) : asJson(input);

interface Arrived {
  readonly operation: string;
  readonly input: unknown;
}

/** A listener that answers every call of AWS's protocols with nothing and keeps what arrived. */
export function listening(): { readonly url: string; readonly env: Env; readonly arrived: Arrived[] } {
  const arrived: Arrived[] = [];
  const listener = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString('utf8');
    const target = request.headers['x-amz-target'];
    if (typeof target === 'string') {
      arrived.push({ operation: target.split('.').at(-1) ?? '', input: JSON.parse(body) });
      response.setHeader('content-type', 'application/x-amz-json-1.1').end('{}');
      return;
    }
    const { Action = '', Version: _version, ...input } = Object.fromEntries(new URLSearchParams(body));
    arrived.push({ operation: Action, input });
    // The CLI looks there for the picture that it writes into a file.
    const result = `<${Action}Result><VirtualMFADevice/></${Action}Result>`;
    response.setHeader('content-type', 'text/xml').end(`<${Action}Response>${result}</${Action}Response>`);
  });
  let url = '';
  beforeAll(async () => {
    listener.listen(0, '127.0.0.1');
    await once(listener, 'listening');
    url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    listener.closeAllConnections();
    listener.close();
  });
  return {
    arrived,
    get url() {
      return url;
    },
    get env() {
      return {
        PATH: process.env.PATH,
        HOME: folder,
        AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
        AWS_SECRET_ACCESS_KEY: 'x',
        // Of IAM's commands, which name none; they need none but for the endpoint.
        AWS_DEFAULT_REGION: 'us-east-1',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_PAGER: '',
      };
    },
  };
}
