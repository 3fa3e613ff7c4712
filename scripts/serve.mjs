// npm run serve: sets up, builds if stale and starts the engine with its endpoint, without a window, in this very process: a
// passphrase on a file descriptor is not handed on. Standard output is the program's own.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfStale, root } from './lib.mjs';
import { setup } from './setup.mjs';

console.log = console.error;
if (process.env.npm_lifecycle_event) {
  // A signal that ends npm ends its shell, which does not hand it on: then whoever asked for this is gone.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && process.emit('SIGTERM', 'SIGTERM'), 250).unref();
}
if (!(await setup('serve')) || !(await buildIfStale())) process.exit(1);
await import(pathToFileURL(path.join(root, 'out', 'main', 'serve.js')).href);
