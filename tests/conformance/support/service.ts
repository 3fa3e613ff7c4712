import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { KMS, type KMSClientConfig, KMSServiceException } from '@aws-sdk/client-kms';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createAuditLog } from '../../../src/main/audit/log.ts';
import { lookupEvents } from '../../../src/main/audit/query.ts';
import { verifyTrail } from '../../../src/main/audit/verify.ts';
import { Vault } from '../../../src/main/vault/vault.ts';
import { buildServe, type Serving } from '../../support/serve.ts';
import { PASSPHRASE } from '../../support/vault.ts';
import { productOptions } from '../../support/vault-engine.ts';
import { type Backing, openBacking } from './stores.ts';
import { documentedOperations } from './table.ts';

export const REGION = 'eu-central-1';
export const ACCOUNT = '111122223333';
export const OTHER_ACCOUNT = '444455556666';
export const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
/** Of this account, and allowed nothing. */
export const EVE = `arn:aws:iam::${ACCOUNT}:user/eve`;

/**
 * Whose calls there are: the account's root; its users Eve, whom nothing allows anything, and Max, whose own policy allows
 * everything; and the root of another account. Test data, not secrets.
 */
export const credentials = {
  root: { accessKeyId: 'AKIACONFORMANCEROOT1', secretAccessKey: 'conformance/root/0000000000000000000001' },
  eve: { accessKeyId: 'AKIACONFORMANCEEVE01', secretAccessKey: 'conformance/eve/00000000000000000000001' },
  max: { accessKeyId: 'AKIACONFORMANCEMAX01', secretAccessKey: 'conformance/max/00000000000000000000001' },
  stranger: { accessKeyId: 'AKIACONFORMANCEXACC1', secretAccessKey: 'conformance/stranger/000000000000000001' },
} as const;
export type Who = keyof typeof credentials;

/** A user of whom the policies allow everything but one action, by which it is known. */
export const allBut = (action: string): Pair => {
  const mark = createHash('sha256').update(action).digest('hex').toUpperCase();
  return { accessKeyId: `AKIA${mark.slice(0, 16)}`, secretAccessKey: `conformance/${mark.slice(16, 40)}` };
};
/** ReEncrypt takes two permissions; to be refused one of them is enough. */
export const actionOf = (operation: string) => (operation === 'ReEncrypt' ? 'ReEncryptTo' : operation);

interface Pair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const pair = ({ accessKeyId, secretAccessKey }: Pair) => `[{ id: ${accessKeyId}, secret: ${secretAccessKey} }]`;
const ALL = '{ Effect: Allow, Action: "*", Resource: "*" }';
const SEED = `version: 1
accounts:
  - id: ${ACCOUNT}
    accessKeys: ${pair(credentials.root)}
    users:
      - name: eve
        accessKeys: ${pair(credentials.eve)}
      - name: max
        accessKeys: ${pair(credentials.max)}
        policies: { all: { Statement: [${ALL}] } }
${documentedOperations()
  .map(
    (operation) => `      - name: all-but-${operation}
        accessKeys: ${pair(allBut(operation))}
        policies:
          all: { Statement: [${ALL}, { Effect: Deny, Action: "kms:${actionOf(operation)}", Resource: "*" }] }`,
  )
  .join('\n')}
    roles:
      - name: Operator
        policies: { all: { Statement: [${ALL}] } }
        trust: { Statement: [{ Effect: Allow, Principal: { AWS: "${ACCOUNT}" }, Action: "sts:AssumeRole" }] }
  - id: ${OTHER_ACCOUNT}
    accessKeys: ${pair(credentials.stranger)}
`;

/** An answer, good or refused, as a client got it. */
interface Noted {
  readonly requestId: string | undefined;
  readonly name: string;
  readonly code: string | undefined;
}

export interface ServiceWish {
  /** The program that runs it instead of this Node. */
  readonly node?: string;
  /** A module loaded before the program. */
  readonly preload?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Ends as the program ends; what it served is compared with its trail. */
export interface Service {
  readonly url: string;
  readonly backing: Backing;
  /** A client of the newest SDK; every answer it gets is noted. */
  client(who?: Who | Pair, changes?: Partial<KMSClientConfig>): KMS;
  /** A client of a session of the role Operator, whose policy allows everything. */
  session(): KMS;
  /** A client of the account's root as the SDK makes it: nothing is noted, and no call waits for a quota. */
  plainClient(changes?: Partial<KMSClientConfig>): KMS;
  /** Sets the program's clock ahead by so many milliseconds more, and its clients' with it. */
  later(ms: number): void;
  /**
   * Stops the program; opens its vault as another process would and looks every noted answer up in the trail.
   * @returns how many were noted, and those that have no record.
   */
  finish(): Promise<{ readonly noted: number; readonly unrecorded: readonly Noted[] }>;
  remove(): Promise<void>;
}

/** `npm run serve` on a fresh vault on the disk, seeded with the principals above. */
export async function startService({ node, preload, env = {} }: ServiceWish = {}): Promise<Service> {
  const folder = mkdtempSync(path.join(tmpdir(), 'coffer-conformance-'));
  const vault = path.join(folder, 'vault');
  const seed = path.join(folder, 'seed.yaml');
  const clock = path.join(folder, 'clock');
  writeFileSync(seed, SEED);
  writeFileSync(clock, '0');
  const preloads = [path.resolve('tests/support/clock.mjs'), ...(preload ? [preload] : [])];
  const NODE_OPTIONS = preloads.map((file) => `--import=${pathToFileURL(file).href}`).join(' ');
  const program = await buildServe();
  const backing = await openBacking();
  const serving: Serving = await program.start({
    vault,
    seed,
    ...(node ? { node } : {}),
    env: { ...env, ...backing.env, NODE_OPTIONS, COFFER_TEST_CLOCK: clock },
  });
  backing.started(serving.pid);
  const noted: Noted[] = [];
  const clients: KMS[] = [];
  const plain: KMS[] = [];
  let ahead = 0;

  function note(client: KMS): void {
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          const name = String(commandName).replace(/Command$/, '');
          for (;;)
            try {
              const answer = await next(args);
              noted.push({ requestId: answer.output.$metadata.requestId, name, code: undefined });
              return answer;
            } catch (error) {
              // More than AWS's quota in a second is no fault here.
              if (error instanceof KMSServiceException && error.name === 'ThrottlingException') {
                await new Promise((resolve) => setTimeout(resolve, 100));
                continue;
              }
              const { $metadata, name: code } = error as { $metadata?: { requestId?: string }; name: string };
              noted.push({ requestId: $metadata?.requestId, name, code });
              throw error;
            }
        },
      { step: 'initialize', name: 'note' },
    );
  }

  async function assumeOperator(): Promise<Pair> {
    const sts = new STSClient({
      endpoint: serving.url,
      region: REGION,
      credentials: credentials.max,
      systemClockOffset: ahead,
    });
    const wish = { RoleArn: `arn:aws:iam::${ACCOUNT}:role/Operator`, RoleSessionName: 'conformance' };
    const { Credentials: made } = await sts.send(new AssumeRoleCommand(wish)).finally(() => sts.destroy());
    const {
      AccessKeyId: accessKeyId = '',
      SecretAccessKey: secretAccessKey = '',
      SessionToken: sessionToken = '',
    } = made ?? {};
    return { accessKeyId, secretAccessKey, sessionToken };
  }

  function client(who: Who | Pair | (() => Promise<Pair>) = 'root', changes: Partial<KMSClientConfig> = {}): KMS {
    const pair = typeof who === 'string' ? credentials[who] : who;
    const made = new KMS(serving.config({ credentials: pair, systemClockOffset: ahead, ...changes }));
    note(made);
    clients.push(made);
    return made;
  }

  return {
    url: serving.url,
    backing,
    client,
    session() {
      // A session ends, and the tests let days pass: whenever the clock was moved, the role is assumed anew.
      let held: { readonly at: number; readonly pair: Pair } | undefined;
      return client(async () => {
        if (held?.at !== ahead) held = { at: ahead, pair: await assumeOperator() };
        return { ...held.pair, expiration: new Date(0) };
      });
    },
    plainClient(changes = {}) {
      const client = new KMS(serving.config({ credentials: credentials.root, ...changes }));
      plain.push(client);
      return client;
    },
    later(ms) {
      ahead += ms;
      writeFileSync(clock, String(ahead));
      for (const { config } of clients) config.systemClockOffset = ahead;
    },
    async finish() {
      const code = await serving.stop();
      // It tells of tokens that were taken away.
      const said = serving.stderr().replace(/^coffer: the PKCS#11 token failed: .*\n/gm, '');
      if (code !== 0 || said !== '') throw new Error(`serve ended with ${code}: ${said}`);
      const opened = await Vault.open(vault, productOptions(), { kind: 'passphrase', secret: PASSPHRASE });
      try {
        const trail = createAuditLog(opened);
        const outcome = await verifyTrail(opened.db, trail, { onProgress: () => undefined });
        if (!outcome.ok) throw new Error('the trail is damaged');
        const records = new Map<string, string>();
        let NextToken: string | undefined;
        do {
          const page = lookupEvents(opened.db, { MaxResults: 1000, NextToken });
          for (const { EventId, EventName, ErrorCode } of page.Events)
            records.set(EventId, `${EventName} ${ErrorCode}`);
          NextToken = page.NextToken;
        } while (NextToken !== undefined);
        const unrecorded = noted.filter(
          ({ requestId, name, code }) => records.get(requestId ?? '') !== `${name} ${code}`,
        );
        return { noted: noted.length, unrecorded };
      } finally {
        await opened.close();
      }
    },
    async remove() {
      for (const client of [...clients, ...plain]) client.destroy();
      await program.remove();
      await backing.remove();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
