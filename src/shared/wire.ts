/**
 * How values cross the window's boundary, on both shells: JSON text in which bytes and dates are tagged, so that
 * Electron's IPC and the DevTools pipe carry exactly the same thing.
 */
const BYTES = '$bytes';
const DATE = '$date';
/** An object of one member whose own name looks like a tag: `[name, value]`. */
const PLAIN = '$plain';

function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

function tag(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [BYTES]: toBase64(value) };
  if (value instanceof Date) return { [DATE]: value.getTime() };
  if (Array.isArray(value)) return value.map(tag);
  if (value !== null && typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, tag(item)] as const);
    const [first] = entries;
    if (entries.length === 1 && first?.[0].startsWith('$')) return { [PLAIN]: first };
    // Entries, as an assignment to the name __proto__ would lose it.
    return Object.fromEntries(entries);
  }
  return value;
}

export function encodeWire(value: unknown): string {
  return JSON.stringify(tag(value)) ?? 'null';
}

/** @throws SyntaxError when `text` is not JSON. */
export function decodeWire(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    const keys = Object.keys(value);
    if (keys.length !== 1) return value;
    const only = (value as Record<string, unknown>)[keys[0] as string];
    if (keys[0] === BYTES && typeof only === 'string') return fromBase64(only);
    if (keys[0] === DATE && typeof only === 'number') return new Date(only);
    if (keys[0] === PLAIN && Array.isArray(only)) return Object.fromEntries([only as [string, unknown]]);
    return value;
  });
}
