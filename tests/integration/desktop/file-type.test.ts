import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FileType, type FileTypeParts } from '../../../src/main/file-type.ts';

const run = promisify(execFile);

// The desktop's own tools, on a data folder of the test's own; `gio open` is what a file manager does at a double click.
describe.runIf(process.platform === 'linux')('a double click on an encrypted file', () => {
  let home: string;
  let parts: FileTypeParts;
  const opened = () => readFile(path.join(home, 'opened.json'), 'utf8').then(JSON.parse);
  const gio = (...args: string[]) => run('gio', args, { env: { ...parts.env, GIO_USE_VFS: 'local' } });

  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), 'coffer-desktop-'));
    // Whatever a folder may be called reaches the program as it is.
    const folder = path.join(home, 'a "b" $c %d \\e `f`\ng');
    await mkdir(folder);
    const program = path.join(folder, 'open it');
    await writeFile(
      program,
      `#!${process.execPath}\nrequire('node:fs').writeFileSync(${JSON.stringify(path.join(home, 'opened.json'))},` +
        ' JSON.stringify([...process.argv.slice(2), process.env.COFFER_HOME]));\n',
    );
    await chmod(program, 0o755);
    const env = {
      PATH: process.env.PATH,
      HOME: home,
      XDG_DATA_HOME: path.join(home, 'data'),
      COFFER_HOME: path.join(home, 'of mine'),
    };
    parts = { env, platform: 'linux', opener: [program, '--first', folder], icon: path.join(home, 'icon.png') };
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('brings the file to this Coffer once it was chosen, and does not any more afterwards', async () => {
    const type = new FileType(parts);
    expect(await type.status()).toEqual({ possible: true, on: false });
    expect(await type.set(true)).toEqual({ possible: true, on: true });
    const file = path.join(home, 'my letter.txt.encrypted');
    await writeFile(file, 'x');
    expect((await gio('info', '-a', 'standard::content-type', file)).stdout).toContain(
      'application/x-coffer-encrypted',
    );
    await gio('open', file);
    await vi.waitFor(async () =>
      expect(await opened()).toEqual(['--first', parts.opener?.[2], file, parts.env.COFFER_HOME]),
    );
    // A Coffer that lies elsewhere is another one.
    expect(await new FileType({ ...parts, opener: ['/elsewhere'] }).status()).toEqual({ possible: true, on: false });

    expect(await type.set(false)).toEqual({ possible: true, on: false });
    await expect(gio('open', file)).rejects.toThrow();
    expect((await gio('mime', 'application/x-coffer-encrypted')).stdout).toContain('No default applications');
  });

  it('cannot be chosen without the desktop’s tools, and leaves nothing then', async () => {
    const type = new FileType({ ...parts, env: { ...parts.env, PATH: home } });
    await expect(type.set(true)).rejects.toMatchObject({ code: 'NoFileTypes' });
    expect(await type.status()).toEqual({ possible: true, on: false });
    await expect(readFile(path.join(home, 'data', 'applications', 'coffer.desktop'))).rejects.toThrow();
  });

  it('is no choice where another start would not hand the file on, nor on other systems', async () => {
    for (const other of [{ opener: undefined }, { platform: 'darwin' as const }]) {
      const type = new FileType({ ...parts, ...other });
      expect(await type.status()).toEqual({ possible: false, on: false });
      await expect(type.set(true)).rejects.toMatchObject({ code: 'NoFileTypes' });
    }
  });
});
