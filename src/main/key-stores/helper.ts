import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** A process of its own that runs one module, and takes and gives messages (structured clones, so bytes stay bytes). */
export interface HelperProcess {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Once, however it ended. */
  onExit(listener: () => void): void;
  kill(): void;
}

/** Starts a module, with arguments that are no secrets: everybody on the computer can read them. */
export type StartHelper = (module: URL, args: readonly string[]) => HelperProcess;

/** Under plain Node. Electron has a way of its own, which works without the fuse that lets it run as Node. */
export const startNodeHelper: StartHelper = (module, args) => {
  const child = fork(fileURLToPath(module), [...args], {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  // A failed start is an exit to whoever waits.
  let ended = false;
  const exits: (() => void)[] = [];
  const end = () => {
    if (ended) return;
    ended = true;
    for (const listener of exits) listener();
  };
  child.on('error', end);
  child.on('exit', end);
  child.unref();
  child.channel?.unref();
  return {
    post: (message) => {
      if (child.connected) child.send(message as object, (error) => error && end());
    },
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => exits.push(listener),
    kill: () => {
      // Node sends it to our own process group where the start has just failed.
      if (child.pid !== undefined) child.kill('SIGKILL');
    },
  };
};
