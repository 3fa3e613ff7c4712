import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildServe, type ServeProgram } from '../../support/serve.ts';
import { inTemporaryFolder, PASSPHRASE } from '../../support/vault.ts';

let serve: ServeProgram;
beforeAll(async () => {
  serve = await buildServe();
});
afterAll(() => serve.remove());

/** Runs the program on a terminal of its own and types an answer whenever it asks; resolves to what the terminal showed. */
async function onTerminal(args: readonly string[], answers: readonly (readonly [asks: string, typed: string])[]) {
  // util-linux's script makes the terminal. Its shell gives way to the program: a shell that waited beside it would be ended by
  // the terminal's Ctrl-C, and tell its own end as the program's.
  const command = `exec ${[process.execPath, serve.file, ...args].map((word) => `'${word}'`).join(' ')}`;
  const child = spawn('script', ['-qec', command, '/dev/null'], {
    env: { ...serve.env, SHELL: '/bin/sh' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  let shown = '';
  let from = 0;
  const waiting = [...answers];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    shown += text;
    const [next] = waiting;
    if (next && shown.slice(from).includes(next[0])) {
      from = shown.length;
      waiting.shift();
      child.stdin.write(next[1]);
    }
  });
  const [code] = await once(child, 'close');
  return { code, shown, waiting };
}

describe.runIf(process.platform === 'linux')('the passphrase on a terminal', () => {
  it('is asked for, twice for a new vault, and never shown', () =>
    inTemporaryFolder(async (home) => {
      const at = ['--port', '0', '--vault', path.join(home, 'vault')];
      const other = `${PASSPHRASE}s`;
      // Ctrl-U takes back the line, Delete a character, Ctrl-C ends the program once it is ready.
      const typed = `nothing\u0015${PASSPHRASE}x\u007f\r`;
      const ready = ['Coffer serves', '\u0003'] as const;
      const unlike = await onTerminal(
        [...at, '--create'],
        [
          ['Passphrase for the new vault: ', typed],
          ['The same again: ', `${other}\r`],
        ],
      );
      expect([unlike.code, unlike.waiting]).toEqual([1, []]);
      expect(unlike.shown).toContain('The two are not the same. No vault was made.');
      const made = await onTerminal(
        [...at, '--create'],
        [['Passphrase for the new vault: ', typed], ['The same again: ', typed], ready],
      );
      expect([made.code, made.waiting]).toEqual([0, []]);
      const opened = await onTerminal(at, [['Passphrase of vault: ', typed], ready]);
      expect([opened.code, opened.waiting]).toEqual([0, []]);
      const left = await onTerminal(at, [['Passphrase of vault: ', '\u0003']]);
      expect([left.code, left.shown.includes('No passphrase was given.')]).toEqual([1, true]);
      for (const { shown } of [unlike, made, opened, left]) expect(shown).not.toMatch(/correct|horse|nothing/);
    }));
});
