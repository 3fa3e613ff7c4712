import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { openPreferences } from '../../src/main/preferences.ts';
import { Session, type SessionParts } from '../../src/main/session.ts';
import type { EventName, EventPayload } from '../../src/shared/contract/index.ts';
import { TestClock } from './engine.ts';
import { memoryKeychain, PASSPHRASE, QUICK_SCRYPT } from './vault.ts';

export const REGION = 'eu-central-1';

/** A session over a folder, with a clock that is moved by hand and looks at it every few milliseconds. */
export async function openTestSession(home: string, changes: Partial<SessionParts> = {}) {
  const clock = new TestClock();
  const events: { name: EventName; payload: unknown }[] = [];
  const bugs: { error: unknown; where: string }[] = [];
  const parts: SessionParts = {
    environment: { clock, random: { bytes: (length) => new Uint8Array(randomBytes(length)) } },
    keychain: memoryKeychain(),
    preferences: await openPreferences(path.join(home, 'config')),
    defaultVaultPath: path.join(home, 'vault'),
    version: '0.0.0-test',
    fileWorker: new URL('file:///nowhere.js'),
    emit: <N extends EventName>(name: N, payload: EventPayload<N>) => {
      events.push({ name, payload });
    },
    onBug: (error, where) => bugs.push({ error, where }),
    scrypt: QUICK_SCRYPT,
    tickMs: 5,
    ...changes,
  };
  const session = new Session(parts);
  return {
    session,
    parts,
    clock,
    events,
    bugs,
    /** Makes a vault with a passphrase, where the first one goes unless told otherwise, and leaves it open. */
    create: (place = parts.defaultVaultPath) =>
      session.create({
        path: place,
        name: 'Test',
        passphrase: PASSPHRASE,
        useKeychain: false,
        region: REGION,
      }),
    unlock: () => session.unlock({ kind: 'passphrase', secret: PASSPHRASE }),
    /** Resolves when the vault is locked; fails when that takes long. */
    async locked() {
      for (let i = 0; i < 400; i++) {
        const status = await session.status();
        if (status.state === 'locked') return status;
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
      throw new Error('the vault did not lock');
    },
  };
}

export type TestSession = Awaited<ReturnType<typeof openTestSession>>;
