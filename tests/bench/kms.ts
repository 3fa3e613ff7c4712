import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { Vault } from '../../src/main/vault/vault.ts';
import type { OperationInput, OperationName } from '../../src/shared/kms/operations.ts';
import { startExampleEndpoint } from '../support/endpoint.ts';
import { signedClient } from '../support/signed-requests.ts';
import { PASSPHRASE } from '../support/vault.ts';
import { CALLER, engineOf, populate, productOptions } from '../support/vault-engine.ts';

/**
 * Calls a second, each recorded durably in a vault on the disk: in this process with many in flight, and through the
 * endpoint, served by a process of its own, from 32 connections of this one, which signs every request anew. What a
 * request costs the client is in the figure. Then how long the event loop of a process stands still while it makes RSA
 * keys. The last line of the output is one JSON object; COFFER_BENCH_SECONDS is how long each figure is measured.
 */
const SECONDS = Number(process.env.COFFER_BENCH_SECONDS ?? 3);
const CONNECTIONS = 32;
const IN_FLIGHT = 256;
const RSA_KEYS = 12;
const TMPFS = 0x01021994;

const say = (text: string) => console.error(text);

interface Call<N extends OperationName = OperationName> {
  readonly name: string;
  readonly operation: N;
  readonly input: OperationInput<N>;
}
const callOf = <N extends OperationName>(name: string, operation: N, input: OperationInput<N>): Call =>
  ({ name, operation, input }) as unknown as Call;

async function openVault(dir: string) {
  const vault = await Vault.open(dir, productOptions(), { kind: 'passphrase', secret: PASSPHRASE });
  const { engine, audit } = engineOf(vault);
  return {
    vault,
    engine,
    async close() {
      await vault.transact((tx) => audit.sealDigest(tx, Date.now()));
      await vault.close();
    },
  };
}

async function makeVault(dir: string): Promise<Call[]> {
  const { vault } = await Vault.create(dir, productOptions(), {
    name: 'bench',
    passphrase: PASSPHRASE,
    useKeychain: false,
  });
  await populate(vault);
  const { engine } = engineOf(vault);
  const key = async (input: OperationInput<'CreateKey'>) =>
    (await engine.call(CALLER, 'CreateKey', input)).output.KeyMetadata.KeyId;
  const symmetric = await key({});
  const p256 = await key({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
  const rsa = await key({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' });
  const mac = await key({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  const Plaintext = new Uint8Array(32).fill(7);
  const Message = new Uint8Array(256).fill(7);
  const EncryptionContext = { purpose: 'bench' };
  const sealed = await engine.call(CALLER, 'Encrypt', { KeyId: symmetric, Plaintext, EncryptionContext });
  const { CiphertextBlob } = sealed.output;
  await vault.close();
  return [
    callOf('encrypt', 'Encrypt', { KeyId: symmetric, Plaintext, EncryptionContext }),
    callOf('decrypt', 'Decrypt', { CiphertextBlob, EncryptionContext }),
    callOf('generate_data_key', 'GenerateDataKey', { KeyId: symmetric, KeySpec: 'AES_256', EncryptionContext }),
    callOf('sign_p256', 'Sign', { KeyId: p256, Message, SigningAlgorithm: 'ECDSA_SHA_256' }),
    callOf('sign_rsa2048', 'Sign', { KeyId: rsa, Message, SigningAlgorithm: 'RSASSA_PSS_SHA_256' }),
    callOf('generate_mac', 'GenerateMac', { KeyId: mac, Message, MacAlgorithm: 'HMAC_SHA_256' }),
  ];
}

/** Calls a second of `work`, with `parallel` under way, after a warm-up. */
async function rate(parallel: number, work: () => Promise<unknown>): Promise<number> {
  const run = async (seconds: number) => {
    const end = performance.now() + seconds * 1000;
    let calls = 0;
    const worker = async () => {
      while (performance.now() < end) {
        await work();
        calls++;
      }
    };
    const began = performance.now();
    await Promise.all(Array.from({ length: parallel }, worker));
    return (calls * 1000) / (performance.now() - began);
  };
  await run(SECONDS / 3);
  return Math.round(await run(SECONDS));
}

const wire = (input: object) =>
  JSON.stringify(input, (_name, value) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );

/** The process that serves: says its port on the first line and ends with its standard input. */
async function serve(dir: string): Promise<void> {
  const { engine, close } = await openVault(dir);
  const endpoint = await startExampleEndpoint(engine, (error) => say(String(error)));
  console.log(endpoint.port);
  process.stdin.resume();
  await once(process.stdin, 'end');
  await endpoint.close();
  await close();
}

async function started(dir: string): Promise<{ child: ChildProcess; port: number }> {
  const child = spawn(process.execPath, [process.argv[1] as string, 'serve', dir], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, port: Number(line) };
}

async function measure(home: string): Promise<Record<string, number>> {
  const dir = path.join(home, 'vault');
  const calls = await makeVault(dir);
  const figures: Record<string, number> = {};

  const opened = await openVault(dir);
  for (const { name, operation, input } of calls) {
    figures[`inproc_${name}_per_s`] = await rate(IN_FLIGHT, () => opened.engine.call(CALLER, operation, input));
    say(`in process, ${name}: ${figures[`inproc_${name}_per_s`]}/s`);
  }
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  for (let made = 0; made < RSA_KEYS; made++)
    await opened.engine.call(CALLER, 'CreateKey', { KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' });
  delay.disable();
  await opened.close();
  figures.loop_delay_p99_ms = Number((delay.percentile(99) / 1e6).toFixed(1));
  figures.loop_delay_max_ms = Number((delay.max / 1e6).toFixed(1));

  const { child, port } = await started(dir);
  const { send, close } = signedClient(port, CALLER.region, CONNECTIONS);
  try {
    for (const { name, operation, input } of calls) {
      const body = wire(input);
      figures[`endpoint_${name}_per_s`] = await rate(CONNECTIONS, async () => {
        const { status } = await send(operation, body);
        if (status !== 200) throw new Error(`${operation} answered ${status}`);
      });
      say(`through the endpoint, ${name}: ${figures[`endpoint_${name}_per_s`]}/s`);
    }
  } finally {
    close();
    child.stdin?.end();
    await once(child, 'exit');
  }
  return figures;
}

if (process.argv[2] === 'serve') {
  await serve(process.argv[3] as string);
} else {
  const out = path.join(process.cwd(), 'out');
  mkdirSync(out, { recursive: true });
  if (statfsSync(out).type === TMPFS) throw new Error('this folder is in memory: a sync there says nothing');
  const home = mkdtempSync(path.join(out, 'bench-kms-'));
  try {
    console.log(JSON.stringify(await measure(home)));
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}
