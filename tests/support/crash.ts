import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { lookupEvents } from '../../src/main/audit/query.ts';
import { verifyTrail } from '../../src/main/audit/verify.ts';
import { Vault } from '../../src/main/vault/vault.ts';
import { PASSPHRASE } from './vault.ts';
import { CALLER, engineOf, populate, productOptions } from './vault-engine.ts';

/** What the child was promised: a key, or a ciphertext under it, and the record of the call. */
export interface Acknowledged {
  readonly keyId: string;
  readonly requestId: string;
  readonly text?: string;
  readonly ciphertext?: string;
}

export interface CrashOutcome {
  rounds: number;
  acknowledged: number;
  /** Rounds after which opening dropped a torn record. */
  torn: number;
  /** Snapshots that the killed processes had begun. */
  generations: number;
  /** Rounds whose process died with a snapshot under way. */
  duringSnapshot: number;
}

/** So small that a child is always taking a snapshot; and so large that it never does. */
const SNAPSHOT_AFTER = [4_000, 30_000, 2 ** 40];
/** Keeps a vault small enough for every record to be looked up in each of its rounds. */
const ROUNDS_A_VAULT = 10;
const LATEST_KILL_MS = 400;

const way = { kind: 'passphrase', secret: PASSPHRASE } as const;

/** Starts the child, kills it at a random moment, and returns what it had been promised. */
async function runAndKill(program: string, dir: string, snapshotAfter: number): Promise<Acknowledged[]> {
  const child = spawn(process.execPath, [program, dir, String(snapshotAfter)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const acknowledged: Acknowledged[] = [];
  let complaint = '';
  child.stderr.on('data', (data) => {
    complaint += data;
  });
  const closed = new Promise<NodeJS.Signals | null>((resolve) => {
    child.on('close', (_code, signal) => resolve(signal));
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    let said: Acknowledged | { ready: true };
    try {
      said = JSON.parse(line);
    } catch {
      return; // The line that was being said when it died.
    }
    if ('ready' in said) setTimeout(() => child.kill('SIGKILL'), randomInt(LATEST_KILL_MS));
    else acknowledged.push(said);
  });
  const signal = await closed;
  if (signal !== 'SIGKILL') throw new Error(`the child ended by itself: ${complaint}`);
  return acknowledged;
}

/** The ids of every record. An id holds the record's chain value, so who is here is here as it was when it was promised. */
function recordIds(vault: Vault): ReadonlySet<string> {
  const ids = new Set<string>();
  let token: { NextToken?: string | undefined } = {};
  do {
    const page = lookupEvents(vault.db, { MaxResults: 1000, ...token });
    for (const { EventId } of page.Events) ids.add(EventId);
    token = { NextToken: page.NextToken };
  } while (token.NextToken !== undefined);
  return ids;
}

/**
 * Opens the vault as the next start would, verifies the trail, looks for the record of everything that was ever promised,
 * and uses the keys and ciphertexts of `used`.
 */
async function check(
  dir: string,
  promised: readonly Acknowledged[],
  used: readonly Acknowledged[],
): Promise<{ torn: boolean }> {
  const vault = await Vault.open(dir, productOptions(), way);
  try {
    const { engine, audit } = engineOf(vault);
    const verified = await verifyTrail(vault.db, audit);
    if (!verified.ok) throw new Error(`the trail is broken: ${JSON.stringify(verified.firstBad)}`);
    const ids = recordIds(vault);
    for (const { requestId } of promised) if (!ids.has(requestId)) throw new Error(`the record ${requestId} is lost`);
    // All at once: each use is a recorded call, and calls that are ready together share one sync.
    await Promise.all(
      used.map(async ({ keyId, text, ciphertext }) => {
        if (ciphertext === undefined) {
          await engine.call(CALLER, 'DescribeKey', { KeyId: keyId });
          return;
        }
        const { output } = await engine.call(CALLER, 'Decrypt', { CiphertextBlob: Buffer.from(ciphertext, 'base64') });
        if (new TextDecoder().decode(output.Plaintext) !== text) throw new Error(`${keyId} decrypts to something else`);
      }),
    );
    return { torn: vault.report.tornBytes > 0 };
  } finally {
    await vault.close();
  }
}

async function filesLeft(dir: string): Promise<{ newest: number; journals: number }> {
  const generations = (await readdir(dir)).flatMap((name) => /^journal-(\d+)\.sealed$/.exec(name)?.[1] ?? []);
  return { newest: Math.max(...generations.map(Number)), journals: generations.length };
}

/**
 * Kills a committing process `rounds` times and looks, each time, for everything that was acknowledged. Throws at the first
 * thing that is missing.
 */
export async function crashRounds(
  home: string,
  program: string,
  rounds: number,
  onRound: (outcome: CrashOutcome) => void = () => undefined,
): Promise<CrashOutcome> {
  const outcome: CrashOutcome = { rounds: 0, acknowledged: 0, torn: 0, generations: 0, duringSnapshot: 0 };
  let dir = '';
  let promised: Acknowledged[] = [];
  let newest = 1;
  for (let round = 0; round < rounds; round++) {
    if (round % ROUNDS_A_VAULT === 0) {
      dir = path.join(home, `vault-${round}`);
      promised = [];
      newest = 1;
      const { vault } = await Vault.create(dir, productOptions(), {
        name: 'Crash',
        passphrase: PASSPHRASE,
        useKeychain: false,
      });
      await populate(vault);
      await vault.close();
    }
    const fresh = await runAndKill(program, dir, SNAPSHOT_AFTER[round % SNAPSHOT_AFTER.length] ?? 0);
    promised.push(...fresh);
    const left = await filesLeft(dir);
    const last = round % ROUNDS_A_VAULT === ROUNDS_A_VAULT - 1 || round === rounds - 1;
    const { torn } = await check(dir, promised, last ? promised : fresh);
    outcome.rounds++;
    outcome.acknowledged += fresh.length;
    outcome.torn += torn ? 1 : 0;
    outcome.generations += Math.max(0, left.newest - newest);
    outcome.duringSnapshot += left.journals > 1 ? 1 : 0;
    newest = (await filesLeft(dir)).newest;
    onRound(outcome);
  }
  return outcome;
}
