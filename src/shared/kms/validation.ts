import type { z } from 'zod';
import { KmsError } from './errors.ts';

/** What of zod's issues is read here. */
interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly origin?: string;
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
  readonly values?: readonly unknown[];
  readonly pattern?: string;
}

const SHOWN = 256;

/** AWS names a member in lower camel case, and an entry of a list by its 1-based place. */
function memberName(path: readonly PropertyKey[]): string {
  return path
    .map((part) => {
      if (typeof part === 'number') return `${part + 1}.member`;
      const text = String(part);
      return text.charAt(0).toLowerCase() + text.slice(1);
    })
    .join('.');
}

/** Members the API's model calls sensitive: no message says their value, as a message becomes part of the trail. */
const SENSITIVE: ReadonlySet<PropertyKey | undefined> = new Set([
  'AccessKeyId',
  'AuthenticationCode1',
  'AuthenticationCode2',
  'KeyStorePassword',
  'Message',
  'Plaintext',
  'RawSecretAccessKey',
  'TokenCode',
]);

/** The value as the message shows it: bytes never, long text shortened. */
function shown(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (value instanceof Uint8Array) return `'[${value.length} bytes]'`;
  if (typeof value === 'object') return `'[${Array.isArray(value) ? 'list' : 'structure'}]'`;
  const text = String(value);
  return `'${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text}'`;
}

/** The constraint that does not hold in AWS's words, or null when the value is of another type altogether. */
function constraint(issue: Issue, value: unknown): string | null {
  if (value === undefined || value === null) return 'Member must not be null';
  const measure = issue.origin === 'string' || issue.origin === 'array' ? 'length' : 'value';
  switch (issue.code) {
    case 'too_small':
      return `Member must have ${measure} greater than or equal to ${issue.minimum}`;
    case 'too_big':
      return `Member must have ${measure} less than or equal to ${issue.maximum}`;
    case 'invalid_value':
      return `Member must satisfy enum value set: [${(issue.values ?? []).join(', ')}]`;
    case 'invalid_format':
      return `Member must satisfy regular expression pattern: ${(issue.pattern ?? '').replace(/^\/(.*)\/[a-z]*$/, '$1')}`;
    default:
      return null;
  }
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => (value as Record<PropertyKey, unknown> | undefined)?.[part], input);
}

/**
 * Parses `input` by an operation's schema.
 * @throws KmsError `ValidationException` in AWS's words, `SerializationException` when a type is wrong.
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const details: string[] = [];
  for (const issue of result.error.issues as readonly Issue[]) {
    const value = valueAt(input, issue.path);
    const failed = constraint(issue, value);
    if (failed === null)
      throw new KmsError(
        'SerializationException',
        issue.path.length === 0
          ? 'The input is not a structure.'
          : `The value at '${memberName(issue.path)}' has the wrong type.`,
      );
    const hidden = value !== undefined && value !== null && SENSITIVE.has(issue.path.at(-1));
    const given = hidden ? 'Value' : `Value ${shown(value)}`;
    details.push(`${given} at '${memberName(issue.path)}' failed to satisfy constraint: ${failed}`);
  }
  const count = details.length === 1 ? '1 validation error' : `${details.length} validation errors`;
  throw new KmsError('ValidationException', `${count} detected: ${details.join('; ')}`);
}
