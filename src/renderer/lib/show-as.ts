import type { IamCall } from './api.ts';

/** Writes calls as the AWS CLI commands and as the JavaScript SDK calls that do the same at AWS. */

/** AWS's services whose operations the window shows. */
export type Service = 'kms' | 'cloudtrail' | 'iam' | 'sts' | 'organizations';
const clients: Readonly<Record<Service, string>> = {
  kms: 'KMSClient',
  cloudtrail: 'CloudTrailClient',
  iam: 'IAMClient',
  sts: 'STSClient',
  organizations: 'OrganizationsClient',
};
/** These have no Regions. */
const isGlobal = (service: Service): boolean => service === 'iam' || service === 'organizations';

type Input = Readonly<Record<string, unknown>>;

/** One call to be shown. */
export interface ShownCall {
  readonly operation: string;
  readonly input: Input;
  /** KMS unless given. */
  readonly service?: Service;
}

/** Calls of IAM among those that are shown. */
export const shownIam = (calls: readonly IamCall[]): ShownCall[] =>
  calls.map(({ operation, input }) => ({ service: 'iam', operation, input: input as Input }));

/** The same KMS call for each of several keys. */
export interface CallForEach {
  readonly operation: string;
  readonly keyIds: readonly string[];
  /** What goes with each KeyId. */
  readonly input?: Input;
}

/** Where the calls go. */
export interface Place {
  readonly region: string;
  /** The address of an endpoint that is not AWS's own. */
  readonly endpoint?: string;
}

/** Up to so many keys have a command each; more are a loop. */
const FEW = 3;
/** More are read from a file: nobody reads their ids, and so long a text would take the window a while to lay out. */
const MANY = 100;
/** The file, with an id a line. */
export const IDS_FILE = 'key-ids.txt';

/** Whether the ids of so many keys lie in a file, where they are to be put. */
export const areInFile = (keyIds: readonly string[]): boolean => keyIds.length > MANY;

/** What the AWS CLI asks for beyond the operation's own members: where it puts the picture that brings the secret. */
const cliOnly: Readonly<Record<string, readonly string[]>> = {
  CreateVirtualMFADevice: ['--outfile QRCode.png', '--bootstrap-method QRCodePNG'],
};

/** Larger blobs are shown as a file: nobody pastes them. */
const INLINE_BLOB_BYTES = 512;
/** Stands for bytes that lie in a file, as the encrypted data key of an encrypted file does. */
export const blobInFile = new Uint8Array(INLINE_BLOB_BYTES + 1);

/** Quotes one word for a POSIX shell. */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `GenerateDataKeyWithoutPlaintext` → `generate-data-key-without-plaintext`, as the CLI spells members and operations. */
export function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

const isPlain = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);

/** What the CLI reads from a file instead, and version 1 of it from the network. */
const isPlace = (text: string): boolean => /^(fileb?|https?):\/\//.test(text);

/** What the CLI's shorthand syntax, and a list of words, can carry without quoting rules of their own. */
const isSimple = (value: unknown): boolean =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && /^(?!-)[\w@%+:./-]+$/.test(value) && !isPlace(value));

/** Shorthand has fewer letters for names, and `name@=` would read a file. */
const isSimpleName = (name: string): boolean => /^\w[\w:./-]*$/.test(name) && !isPlace(name);

function shorthand(value: Record<string, unknown>): string | null {
  const pairs = Object.entries(value);
  if (pairs.length === 0 || !pairs.every(([key, item]) => isSimpleName(key) && isSimple(item))) return null;
  return pairs.map(([key, item]) => `${key}=${item}`).join(',');
}

const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, item: unknown) => (item instanceof Uint8Array ? base64(item) : item));

function cliWords(name: string, value: unknown): string[] {
  const option = `--${kebab(name)}`;
  if (value === true) return [option];
  if (value === false) return [`--no-${kebab(name)}`];
  if (value instanceof Uint8Array)
    return [option, value.length > INLINE_BLOB_BYTES ? `fileb://${kebab(name)}.bin` : base64(value)];
  if (value instanceof Date) return [option, value.toISOString()];
  if (Array.isArray(value)) {
    const words = value.map((item) => (isPlain(item) ? shorthand(item) : isSimple(item) ? String(item) : null));
    return [option, ...(words.length > 0 && words.every((word) => word !== null) ? words : [toJson(value)])];
  }
  if (isPlain(value)) return [option, shorthand(value) ?? toJson(value)];
  const text = String(value);
  // In a word of its own it would be an option.
  return text.startsWith('-') ? [`${option}=${text}`] : [option, text];
}

function cliLines({ operation, input, service = 'kms' }: ShownCall, { region, endpoint }: Place): string[] {
  const lines = [`aws ${service} ${kebab(operation)}`];
  const given = Object.entries(input).filter(([, value]) => value !== undefined);
  const places = given.filter(([, value]) => typeof value === 'string' && isPlace(value));
  for (const [name, value] of given.filter((each) => !places.includes(each)))
    lines.push(cliWords(name, value).map(shellQuote).join(' '));
  // There a text is what it says, and nothing is read from where it points to.
  if (places.length > 0) lines.push(`--cli-input-json ${shellQuote(toJson(Object.fromEntries(places)))}`);
  lines.push(...(cliOnly[operation] ?? []));
  if (!isGlobal(service)) lines.push(`--region ${shellQuote(region)}`);
  if (endpoint !== undefined) lines.push(`--endpoint-url ${shellQuote(endpoint)}`);
  return lines;
}

/** The `aws …` commands, one after the other, a line an option. */
export const toCli = (calls: readonly ShownCall[], place: Place): string =>
  calls.map((call) => cliLines(call, place).join(' \\\n  ')).join('\n\n');

/** A command a key, or a loop of the shell over the keys. One that is refused keeps none of the others. */
export function toCliForEach({ operation, keyIds, input = {} }: CallForEach, place: Place): string {
  if (keyIds.length <= FEW)
    return toCli(
      keyIds.map((KeyId) => ({ operation, input: { KeyId, ...input } })),
      place,
    );
  const [command = '', ...options] = cliLines({ operation, input }, place);
  const ids = areInFile(keyIds) ? `$(cat ${IDS_FILE})` : `\\\n  ${keyIds.map(shellQuote).join(' \\\n  ')}`;
  return [
    `for key_id in ${ids}`,
    'do',
    `  ${[command, '--key-id "$key_id"', ...options].join(' \\\n    ')}`,
    'done',
  ].join('\n');
}

/** How the commands' blobs are to be read, when they have any. */
export function blobNote(calls: readonly ShownCall[]): string | null {
  const blobs = calls.flatMap(({ input }) => Object.values(input)).filter((value) => value instanceof Uint8Array);
  if (blobs.length === 0) return null;
  const note = 'AWS CLI 2 takes bytes as base64, as shown. Version 1 takes them from a file: fileb://NAME.';
  return blobs.some((blob) => blob.length > INLINE_BLOB_BYTES)
    ? `${note} Long ones are shown as such a file here.`
    : note;
}

function literal(value: unknown, indent: string, member = ''): string {
  if (value instanceof Uint8Array)
    return value.length > INLINE_BLOB_BYTES
      ? `await readFile('${kebab(member)}.bin')`
      : `Buffer.from('${base64(value)}', 'base64')`;
  if (value instanceof Date) return `new Date('${value.toISOString()}')`;
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
  const deeper = `${indent}  `;
  if (Array.isArray(value))
    return value.length === 0
      ? '[]'
      : `[\n${value.map((item) => `${deeper}${literal(item, deeper)},\n`).join('')}${indent}]`;
  if (isPlain(value)) {
    const members = membersOf(value, deeper);
    return members === '' ? '{}' : `{\n${members}${indent}}`;
  }
  return String(value);
}

/** The members of an object, a line each. */
function membersOf(value: Input, indent: string): string {
  return Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .map(([key, item]) => {
      const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key, indent);
      return `${indent}${name}: ${literal(item, indent, key)},\n`;
    })
    .join('');
}

/** What the calls are made with: an import and a client for each of their services. */
function sdkBegin(calls: readonly ShownCall[], { region, endpoint }: Place, readsIds = false): string[] {
  const byService = new Map<Service, Set<string>>();
  for (const { operation, service = 'kms' } of calls) {
    const names = byService.get(service) ?? new Set([clients[service]]);
    byService.set(service, names.add(`${operation}Command`));
  }
  const hasFile = calls
    .flatMap(({ input }) => Object.values(input))
    .some((item) => item instanceof Uint8Array && item.length > INLINE_BLOB_BYTES);
  return [
    ...(hasFile || readsIds ? [`import { readFile } from 'node:fs/promises';`] : []),
    ...[...byService].map(
      ([service, names]) => `import { ${[...names].sort().join(', ')} } from '@aws-sdk/client-${service}';`,
    ),
    '',
    ...[...byService.keys()].map((service) => {
      // Where there are no Regions the client starts only with one, too.
      const where = [
        `region: ${literal(isGlobal(service) ? 'us-east-1' : region, '')}`,
        ...(endpoint === undefined ? [] : [`endpoint: ${literal(endpoint, '')}`]),
      ];
      return `const ${service} = new ${clients[service]}({ ${where.join(', ')} });`;
    }),
  ];
}

/** The same calls with the packages of the AWS SDK for JavaScript. */
export function toSdk(calls: readonly ShownCall[], place: Place): string {
  return [
    ...sdkBegin(calls, place),
    ...calls.map(
      ({ operation, input, service = 'kms' }) =>
        `${calls.length === 1 ? 'const answer = ' : ''}await ${service}.send(new ${operation}Command(${literal(input, '')}));`,
    ),
  ].join('\n');
}

/** The call, or a loop over the keys. One that is refused keeps none of the others. */
export function toSdkForEach({ operation, keyIds, input = {} }: CallForEach, place: Place): string {
  const [only] = keyIds;
  if (keyIds.length === 1) return toSdk([{ operation, input: { KeyId: only, ...input } }], place);
  const inFile = areInFile(keyIds);
  const members = membersOf(input, '      ');
  return [
    ...sdkBegin([{ operation, input }], place, inFile),
    `const keyIds = ${inFile ? `(await readFile('${IDS_FILE}', 'utf8')).match(/\\S+/g) ?? []` : literal(keyIds, '')};`,
    'for (const KeyId of keyIds) {',
    '  await kms',
    `    .send(new ${operation}Command(${members === '' ? '{ KeyId }' : `{\n      KeyId,\n${members}    }`}))`,
    '    .catch(({ message }) => console.error(KeyId, message));',
    '}',
  ].join('\n');
}
