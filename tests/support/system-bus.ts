import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const LOGIND = 'org.freedesktop.login1';
const BUS = 'org.freedesktop.DBus';
/** The message types of the D-Bus specification. */
const METHOD_CALL = 1;
const SIGNAL = 4;

/** What logind says: whether the computer is about to sleep, that a session is to be locked or unlocked, that its screen is locked. */
export type Said = { sleeps: boolean } | 'Lock' | 'Unlock' | { locked: boolean };

/** A D-Bus of a test's own, which a process that has `address` as `DBUS_SYSTEM_BUS_ADDRESS` takes for the system's. */
export interface SystemBus {
  readonly address: string;
  /** Sends the signal as logind does. */
  say(said: Said): void;
  stop(): Promise<void>;
}

/** D-Bus's little-endian wire format, as far as logind's signals need it. */
class Body {
  #bytes: number[] = [];
  signature = '';

  get bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }
  align(to: number): this {
    while (this.#bytes.length % to !== 0) this.#bytes.push(0);
    return this;
  }
  byte(...values: number[]): this {
    this.#bytes.push(...values);
    return this;
  }
  uint32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return this.align(4).byte(...bytes);
  }
  string(text: string): this {
    const bytes = Buffer.from(text);
    return this.uint32(bytes.length).byte(...bytes, 0);
  }
  type(signature: string): this {
    return this.byte(signature.length, ...Buffer.from(signature), 0);
  }
  /** An array of structures or dictionary entries; its length leaves out what aligns the first one. */
  array(write: (body: Body) => void): this {
    const inner = new Body();
    write(inner);
    return this.uint32(inner.bytes.length)
      .align(8)
      .byte(...inner.bytes);
  }
}

interface Message {
  readonly type: number;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly destination?: string;
  readonly signature?: string;
  readonly body?: Body;
}

function encode(message: Message, serial: number): Buffer {
  const body = message.body?.bytes ?? Buffer.alloc(0);
  const head = new Body().byte('l'.charCodeAt(0), message.type, 0, 1).uint32(body.length).uint32(serial);
  head.array((fields) => {
    fields.align(8).byte(1).type('o').string(message.path);
    fields.align(8).byte(2).type('s').string(message.interface);
    fields.align(8).byte(3).type('s').string(message.member);
    if (message.destination) fields.align(8).byte(6).type('s').string(message.destination);
    if (message.signature) fields.align(8).byte(8).type('g').type(message.signature);
  });
  return Buffer.concat([head.align(8).bytes, body]);
}

function signalOf(said: Said): Omit<Message, 'type'> {
  const session = '/org/freedesktop/login1/session/_32';
  if (typeof said === 'string') return { path: session, interface: `${LOGIND}.Session`, member: said };
  if ('sleeps' in said)
    return {
      path: '/org/freedesktop/login1',
      interface: `${LOGIND}.Manager`,
      member: 'PrepareForSleep',
      signature: 'b',
      body: new Body().uint32(Number(said.sleeps)),
    };
  return {
    path: session,
    interface: 'org.freedesktop.DBus.Properties',
    member: 'PropertiesChanged',
    signature: 'sa{sv}as',
    body: new Body()
      .string(`${LOGIND}.Session`)
      .array((changed) => changed.string('LockedHint').type('b').uint32(Number(said.locked)))
      .uint32(0),
  };
}

/** Takes logind's name on the bus; resolves when it has it. */
async function takeName(socket: Socket): Promise<void> {
  let heard = '';
  const until = async (text: string) => {
    while (!heard.includes(text)) heard += ((await once(socket, 'data')) as [Buffer])[0].toString('latin1');
  };
  await once(socket, 'connect');
  const uid = Buffer.from(String(process.getuid?.())).toString('hex');
  socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
  await until('OK ');
  socket.write('BEGIN\r\n');
  const ask = { type: METHOD_CALL, path: '/org/freedesktop/DBus', interface: BUS, destination: BUS };
  socket.write(encode({ ...ask, member: 'Hello' }, 1));
  const body = new Body().string(LOGIND).uint32(0);
  socket.write(encode({ ...ask, member: 'RequestName', signature: 'su', body }, 2));
  await until(`${LOGIND}\0`);
}

/** Starts a bus with a logind of the test's on it. */
export async function systemBus(): Promise<SystemBus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'coffer-bus-'));
  const file = path.join(folder, 'bus');
  const daemon: ChildProcess = spawn(
    'dbus-daemon',
    ['--session', '--nofork', '--nopidfile', `--address=unix:path=${file}`, '--print-address=1'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const ended = once(daemon, 'exit');
  if (daemon.stdout) await once(daemon.stdout, 'data');
  const socket = createConnection(file);
  await takeName(socket);
  // Nobody is answered: logind would hand out inhibitors, which nobody waits for.
  socket.resume();
  let serial = 2;
  return {
    address: `unix:path=${file}`,
    say: (said) => socket.write(encode({ type: SIGNAL, ...signalOf(said) }, ++serial)),
    async stop() {
      socket.destroy();
      daemon.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
