import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { CallOutput } from '../shared/contract/index.ts';
import { CofferError } from '../shared/kms/errors.ts';
import { dataHome } from './shell/data-home.ts';

type Status = CallOutput<'app.fileType'>;

export interface FileTypeParts {
  readonly env: NodeJS.ProcessEnv;
  readonly platform: NodeJS.Platform;
  /** What starts Coffer with files, before their names; nothing where a start does not hand them to the window. */
  readonly opener: readonly string[] | undefined;
  /** The picture beside its name. */
  readonly icon: string;
}

const TYPE = 'application/x-coffer-encrypted';

/** The name is what tells: a file of the AWS Encryption SDK begins with too few bytes of its own. */
const TYPE_XML = `<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="${TYPE}">
    <comment>Encrypted file</comment>
    <glob pattern="*.encrypted"/>
  </mime-type>
</mime-info>
`;

/** Any string of a desktop entry (Desktop Entry Specification 1.5). */
const escaped = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

/** One argument of an `Exec` line, before it is escaped as every string is. */
const quoted = (argument: string): string => `"${argument.replace(/["`$\\]/g, '\\$&').replaceAll('%', '%%')}"`;

/**
 * What a double click on an encrypted file does, on Linux desktops: a file type by its name and a desktop entry that opens it, in
 * the person's own data folder (the Shared MIME-info and Desktop Entry specifications). Elsewhere it takes a package.
 */
export class FileType {
  readonly #parts: FileTypeParts;
  readonly #data: string;
  readonly #type: string;
  readonly #entry: string;

  constructor(parts: FileTypeParts) {
    this.#parts = parts;
    this.#data = dataHome(parts.env);
    this.#type = path.join(this.#data, 'mime', 'packages', 'coffer-encrypted.xml');
    this.#entry = path.join(this.#data, 'applications', 'coffer.desktop');
  }

  /** Whether it can be chosen here, and whether a double click opens this very Coffer. */
  async status(): Promise<Status> {
    const entry = this.#wanted();
    if (entry === undefined) return { possible: false, on: false };
    const [type, there] = await Promise.all([read(this.#type), read(this.#entry)]);
    return { possible: true, on: type === TYPE_XML && there === entry };
  }

  /** @throws CofferError `NoFileTypes` where the desktop's own tools are missing or refuse; then there is no entry. */
  async set(on: boolean): Promise<Status> {
    const entry = this.#wanted();
    if (entry === undefined)
      throw new CofferError('NoFileTypes', 'A double click cannot be given to Coffer on this system.');
    if (on) await this.#write(entry);
    else await this.#remove();
    return this.status();
  }

  #wanted(): string | undefined {
    const { env, platform, opener, icon } = this.#parts;
    if (platform !== 'linux' || !opener) return undefined;
    const home = env.COFFER_HOME ? ['env', `COFFER_HOME=${path.resolve(env.COFFER_HOME)}`] : [];
    return [
      '[Desktop Entry]',
      'Type=Application',
      'Name=Coffer',
      'Comment=Encrypt files and open them again',
      `Exec=${escaped([...home, ...opener].map(quoted).join(' '))} %F`,
      `Icon=${escaped(icon)}`,
      'Terminal=false',
      'Categories=Utility;Security;',
      `MimeType=${TYPE};`,
      '',
    ].join('\n');
  }

  async #write(entry: string): Promise<void> {
    try {
      for (const [file, text] of [
        [this.#type, TYPE_XML],
        [this.#entry, entry],
      ] as const) {
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        await writeFile(file, text);
      }
      await this.#tell();
    } catch (error) {
      await this.#remove().catch(() => undefined);
      throw refused(error);
    }
  }

  async #remove(): Promise<void> {
    await Promise.all([this.#type, this.#entry].map((file) => rm(file, { force: true })));
    await this.#tell().catch((error: unknown) => {
      throw refused(error);
    });
  }

  /** Desktops look into what these tools make of the files, not into the files. */
  async #tell(): Promise<void> {
    const { env } = this.#parts;
    await promisify(execFile)('update-mime-database', [path.join(this.#data, 'mime')], { env });
    await promisify(execFile)('update-desktop-database', [path.dirname(this.#entry)], { env });
  }
}

const read = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);

function refused(error: unknown): CofferError {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return new CofferError(
    'NoFileTypes',
    missing
      ? 'The desktop’s tools for file types are not installed: shared-mime-info and desktop-file-utils.'
      : 'The desktop’s list of file types could not be written.',
  );
}
