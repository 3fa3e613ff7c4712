import { fileURLToPath } from 'node:url';
import { utilityProcess } from 'electron';
import type { Helper } from '../shell.ts';

/** A utility process: Node in a process of its own, also where the fuse that lets Electron run as Node is off. */
export function startHelper(module: URL, args: readonly string[]): Helper {
  const child = utilityProcess.fork(fileURLToPath(module), [...args], {
    serviceName: 'Coffer helper',
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return {
    post: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', listener),
    onExit: (listener) => child.once('exit', listener),
    kill: () => child.kill(),
  };
}
