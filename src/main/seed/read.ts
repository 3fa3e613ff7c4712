import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Document, isMap, isNode, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { CofferError } from '../../shared/kms/errors.ts';
import { duplicatesIn, type Found } from './check.ts';
import { type Seed, seedSchema } from './schema.ts';

/** Bytes a seed file has at most. */
const SIZE_MAX = 4 * 2 ** 20;
/** Faults told at once. */
const FAULTS_MAX = 10;

export type Place = readonly PropertyKey[];

/** A seed that says what it should, with where it says it. */
export interface SeedFile {
  readonly seed: Seed;
  /** Tells this seed from others, whatever its layout and comments: SHA-256 of what it says, in hexadecimal digits. */
  readonly fingerprint: string;
  /** A fault found when the seed was carried out, with its place. */
  fault(place: Place, message: string): CofferError;
}

const invalid = (faults: readonly string[]) => {
  const more = faults.length - FAULTS_MAX;
  const lines = more > 0 ? [...faults.slice(0, FAULTS_MAX), `and ${more} more`] : faults;
  return new CofferError('SeedInvalid', lines.join('\n'));
};

/** The node of a place, or the nearest one around it. */
function nodeAt(document: Document, place: Place): Node | undefined {
  for (let length = place.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(place.slice(0, length), true);
    if (isNode(node) && node.range) return node;
  }
  return undefined;
}

/** The name of a member, which is where a member that is not known is. */
function nameIn(document: Document, place: Place, name: string): Node | undefined {
  const map = nodeAt(document, place);
  const pair = isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === name) : undefined;
  return isNode(pair?.key) ? pair.key : map;
}

/** `accounts[0].keys[2].spec` */
const nameOf = (place: Place) =>
  place.reduce<string>(
    (text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text && '.'}${String(part)}`),
    '',
  );

/** Reads the text of a seed file called `name`. @throws CofferError `SeedInvalid`, a line for each fault, none with a value in it */
export function parseSeed(name: string, text: string): SeedFile {
  const lines = new LineCounter();
  // Scalars stay the text they are: 012345678901 is an account, 2012-10-17 no date.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const told = (node: Node | undefined, place: Place, message: string) => {
    const where = nameOf(place);
    return `${at(node?.range?.[0] ?? 0)}: ${where === '' ? '' : `${where}: `}${message}`;
  };
  const broken = [...document.errors, ...document.warnings].sort((a, b) => a.pos[0] - b.pos[0]);
  if (broken.length > 0) throw invalid(broken.map(({ pos, message }) => `${at(pos[0])}: ${message}`));
  const parsed = seedSchema.safeParse(contentOf(document, (message) => invalid([`${at(0)}: ${message}`])));
  if (!parsed.success)
    throw invalid(
      parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => told(nameIn(document, issue.path, key), issue.path, `there is no member ${key}`))
          : [told(nodeAt(document, issue.path), issue.path, messageOf(issue))],
      ),
    );
  const found: readonly Found[] = duplicatesIn(parsed.data);
  const fault = (place: Place, message: string) => told(nodeAt(document, place), place, message);
  if (found.length > 0) throw invalid(found.map(({ place, message }) => fault(place, message)));
  return {
    seed: parsed.data,
    fingerprint: createHash('sha256').update(JSON.stringify(parsed.data)).digest('hex'),
    fault: (place, message) => invalid([fault(place, message)]),
  };
}

/** Aliases of YAML are followed, but not without end. */
function contentOf(document: Document, refuse: (message: string) => CofferError): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw refuse('its aliases cannot be followed');
  }
}

function messageOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type' && issue.input === undefined) return 'it is missing';
  return issue.code === 'custom' ? issue.message : issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
}

/** Reads a seed file. @throws CofferError `SeedInvalid`, `SeedUnreadable` */
export async function readSeed(file: string): Promise<SeedFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CofferError('SeedUnreadable', `The seed ${file} cannot be read (${code}).`);
  }
  if (bytes.length > SIZE_MAX) throw new CofferError('SeedUnreadable', `The seed ${file} is larger than 4 MiB.`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CofferError('SeedUnreadable', `The seed ${file} is not UTF-8 text.`);
  }
  return parseSeed(path.basename(file), text);
}
