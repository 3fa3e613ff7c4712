import { spawn } from 'node:child_process';

type Kind = 'file' | 'folder';

/**
 * The desktop's own dialogs, by the program that shows them: the browser's cannot name an empty folder, and what it hands out
 * goes through the page.
 */
function dialogs(kind: Kind, title: string): readonly (readonly [string, readonly string[]])[] {
  if (process.platform === 'darwin') {
    // The title is an argument of the script, never part of it.
    const script = `on run argv\nreturn POSIX path of (choose ${kind} with prompt (item 1 of argv))\nend run`;
    return [['osascript', ['-e', script, title]]];
  }
  if (process.platform === 'win32') return [];
  return [
    ['zenity', ['--file-selection', ...(kind === 'folder' ? ['--directory'] : []), `--title=${title}`]],
    ['kdialog', ['--title', title, kind === 'folder' ? '--getexistingdirectory' : '--getopenfilename', '.']],
  ];
}

/** What the program printed, null when the person cancelled, undefined when there is no such program or it shows nothing. */
function ask(program: string, args: readonly string[]): Promise<string | null | undefined> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    // Node gives no streams to a child that could not be started for want of file descriptors.
    child.stdout?.on('data', (data: Buffer) => {
      output += data.toString('utf8');
    });
    child.on('error', () => resolve(undefined));
    child.on('close', (code) => resolve(code === 0 ? output.replace(/\r?\n$/, '') : code === 1 ? null : undefined));
  });
}

/** Asks for one path. Returns it, null when the person cancelled, undefined when no dialog program is installed. */
export async function askForPath(kind: Kind, title: string): Promise<string | null | undefined> {
  for (const [program, args] of dialogs(kind, title)) {
    const answer = await ask(program, args);
    if (answer !== undefined) return answer || null;
  }
  return undefined;
}
