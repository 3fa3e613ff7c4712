import { openSync, read } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ReadStream, WriteStream } from 'node:tty';
import { promisify } from 'node:util';
import { CofferError } from '../../shared/kms/errors.ts';

/** Bytes a passphrase has at most. */
const LENGTH_MAX = 1024;
const RETRY_MS = 10;

const readFrom = promisify(read);

const unusable = (message: string) => new CofferError('NoPassphrase', message);

/** The first line of what comes from a file descriptor, without its end. @throws CofferError `NoPassphrase` */
export async function readPassphrase(fd: number): Promise<string> {
  const buffer = Buffer.alloc(LENGTH_MAX + 2);
  let length = 0;
  try {
    // Piece by piece, so that nothing waits for a writer that keeps the descriptor open after the line.
    while (length < buffer.length && !buffer.subarray(0, length).includes(0x0a)) {
      let bytesRead: number;
      try {
        ({ bytesRead } = await readFrom(fd, buffer, length, buffer.length - length, null));
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code !== 'EAGAIN') throw unusable(`The passphrase cannot be read from file descriptor ${fd} (${code}).`);
        await sleep(RETRY_MS);
        continue;
      }
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    const end = buffer.indexOf(0x0a);
    const text = buffer.toString('utf8', 0, end >= 0 && end < length ? end : length).replace(/\r$/, '');
    if (text === '') throw unusable(`There is no passphrase on file descriptor ${fd}.`);
    if (Buffer.byteLength(text) > LENGTH_MAX) throw unusable(`A passphrase has no more than ${LENGTH_MAX} bytes.`);
    return text;
  } finally {
    buffer.fill(0);
  }
}

interface Terminal {
  readonly input: ReadStream;
  readonly output: NodeJS.WritableStream;
  close(): void;
}

/** The terminal of the process, also while its standard streams lead elsewhere. */
function openTerminal(): Terminal | undefined {
  if (process.stdin.isTTY && process.stderr.isTTY) {
    const { stdin } = process;
    return { input: stdin, output: process.stderr, close: () => stdin.pause() };
  }
  if (process.platform === 'win32') return undefined;
  try {
    const [input, output] = [new ReadStream(openSync('/dev/tty', 'r')), new WriteStream(openSync('/dev/tty', 'w'))];
    return {
      input,
      output,
      close() {
        input.destroy();
        output.destroy();
      },
    };
  } catch {
    return undefined;
  }
}

const BACKSPACE = new Set(['\u007f', '\b']);
const ENTER = new Set(['\r', '\n', '\u0004']);

/** One line from a terminal in raw mode: nothing of it is shown. `undefined` when it was interrupted. */
function hiddenLine({ input }: Terminal): Promise<string | undefined> {
  return new Promise((resolve) => {
    let typed: string[] = [];
    const done = (line: string | undefined) => {
      input.off('data', onData);
      resolve(line);
    };
    const onData = (data: Buffer | string) => {
      for (const character of data.toString()) {
        if (character === '\u0003') return done(undefined);
        if (ENTER.has(character)) return done(typed.join(''));
        if (BACKSPACE.has(character)) typed.pop();
        else if (character === '\u0015') typed = [];
        else if (character >= ' ' && typed.length < LENGTH_MAX) typed.push(character);
      }
    };
    input.setEncoding('utf8');
    input.on('data', onData);
    input.resume();
  });
}

/**
 * Asks on the terminal, without echo; each question in turn.
 * @throws CofferError `NoPassphrase` when there is no terminal, or the person gave up.
 */
export async function askPassphrases(questions: readonly string[]): Promise<string[]> {
  const terminal = openTerminal();
  if (!terminal) throw unusable('There is no terminal to ask for the passphrase on. Give it with --passphrase-fd.');
  try {
    const answers: string[] = [];
    // Before the question is there to be answered: what is typed early is not shown either.
    terminal.input.setRawMode(true);
    for (const question of questions) {
      terminal.output.write(question);
      const line = await hiddenLine(terminal);
      terminal.output.write('\n');
      if (line === undefined) throw unusable('No passphrase was given.');
      answers.push(line);
    }
    return answers;
  } finally {
    terminal.input.setRawMode(false);
    terminal.close();
  }
}
