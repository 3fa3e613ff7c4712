import { open } from 'node:fs/promises';
import { waitAtMost } from '../../src/main/patience.ts';
import { endProgram } from '../../src/main/program.ts';

/** Waits a moment for the file of its argument to open, which one that nobody writes to never does, and ends. */
const [file = ''] = process.argv.slice(2);
await waitAtMost(
  200,
  open(file, 'r').then((handle) => handle.close()),
);
endProgram();
