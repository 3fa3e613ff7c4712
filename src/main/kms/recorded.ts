import type { Json } from '../audit/types.ts';

/** AWS spells members of a record in lower camel case. */
function memberName(name: string): string {
  return name.startsWith('AWS') ? `aWS${name.slice(3)}` : name.charAt(0).toLowerCase() + name.slice(1);
}

/** Names that are the caller's own, not members: copied as they are. */
const verbatim = new Set(['EncryptionContext', 'SourceEncryptionContext', 'DestinationEncryptionContext']);

/** A value as CloudTrail writes it. Bytes have no place in a record: they are left out wherever they are. */
export function toRecord(value: unknown, own = false): Json | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array || typeof value !== 'object') return undefined;
  if (Array.isArray(value)) return value.map((item) => toRecord(item) ?? null);
  const out: [string, Json][] = [];
  for (const [name, item] of Object.entries(value)) {
    const recorded = toRecord(item, !own && verbatim.has(name));
    if (recorded !== undefined) out.push([own ? name : memberName(name), recorded]);
  }
  // Entries, as an assignment to the name __proto__ would lose it.
  return Object.fromEntries(out);
}

/** The members of `input` named in `members`, as a record's `requestParameters`. */
export function requestParameters(
  input: Readonly<Record<string, unknown>>,
  members: readonly string[],
): { readonly [key: string]: Json } | null {
  const out: Record<string, Json> = {};
  let any = false;
  for (const name of members) {
    const recorded = toRecord(input[name], verbatim.has(name));
    if (recorded === undefined) continue;
    out[memberName(name)] = recorded;
    any = true;
  }
  return any ? out : null;
}
