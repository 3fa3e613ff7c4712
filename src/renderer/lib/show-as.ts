/** Writes a call as the AWS CLI command and as the JavaScript SDK call that do the same at AWS. */

/** AWS's services whose operations the window shows. */
export type Service = 'kms' | 'cloudtrail' | 'iam';
const clients: Readonly<Record<Service, string>> = {
  kms: 'KMSClient',
  cloudtrail: 'CloudTrailClient',
  iam: 'IAMClient',
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

/** What the CLI's shorthand syntax can carry without quoting rules of its own. */
const isSimple = (value: unknown): boolean =>
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'string' && /^[\w@%+:./-]+$/.test(value));

function shorthand(value: Record<string, unknown>): string | null {
  const pairs = Object.entries(value);
  if (pairs.length === 0 || !pairs.every(([key, item]) => isSimple(key) && isSimple(item))) return null;
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
    if (value.every((item) => typeof item === 'string')) return [option, ...value];
    const short = value.map((item) => (isPlain(item) ? shorthand(item) : null));
    return [option, ...(short.every((item) => item !== null) ? short : [toJson(value)])];
  }
  if (isPlain(value)) return [option, shorthand(value) ?? toJson(value)];
  return [option, String(value)];
}

/** The `aws …` command, a line an option. IAM has no Regions. */
export function toCli(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  region: string,
  service: Service = 'kms',
): string {
  const lines = [`aws ${service} ${kebab(operation)}`];
  for (const [name, value] of Object.entries(input))
    if (value !== undefined) lines.push(cliWords(name, value).map(shellQuote).join(' '));
  if (service !== 'iam') lines.push(`--region ${shellQuote(region)}`);
  return lines.join(' \\\n  ');
}

/** How the command's blobs are to be read, when it has any. */
export function blobNote(input: Readonly<Record<string, unknown>>): string | null {
  const blobs = Object.values(input).filter((value) => value instanceof Uint8Array);
  if (blobs.length === 0) return null;
  const note = 'AWS CLI 2 takes bytes as base64, as shown. Version 1 takes them from a file: fileb://NAME.';
  return blobs.some((blob) => blob.length > INLINE_BLOB_BYTES)
    ? `${note} Long ones are shown as such a file here.`
    : note;
}

function literal(value: unknown, indent: string): string {
  if (value instanceof Uint8Array)
    return value.length > INLINE_BLOB_BYTES
      ? `await readFile('data.bin')`
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
    const entries = Object.entries(value).filter(([, item]) => item !== undefined);
    if (entries.length === 0) return '{}';
    const body = entries.map(([key, item]) => {
      const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : literal(key, deeper);
      return `${deeper}${name}: ${literal(item, deeper)},\n`;
    });
    return `{\n${body.join('')}${indent}}`;
  }
  return String(value);
}

/** The same call with the service's package of the AWS SDK for JavaScript. */
export function toSdk(
  operation: string,
  input: Readonly<Record<string, unknown>>,
  region: string,
  service: Service = 'kms',
): string {
  const client = clients[service];
  const hasFile = Object.values(input).some((item) => item instanceof Uint8Array && item.length > INLINE_BLOB_BYTES);
  return [
    ...(hasFile ? [`import { readFile } from 'node:fs/promises';`] : []),
    `import { ${[`${operation}Command`, client].sort().join(', ')} } from '@aws-sdk/client-${service}';`,
    '',
    `const ${service} = new ${client}(${service === 'iam' ? '' : `{ region: ${literal(region, '')} }`});`,
    `const answer = await ${service}.send(new ${operation}Command(${literal(input, '')}));`,
  ].join('\n');
}
