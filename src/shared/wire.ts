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
    const out: Record<string, unknown> = {};
    let count = 0;
    let first = '';
    for (const [key, item] of Object.entries(value)) {
      if (item === undefined) continue;
      if (count++ === 0) first = key;
      // An assignment to the name __proto__ would lose it.
      if (key === '__proto__') Object.defineProperty(out, key, { value: tag(item), enumerable: true });
      else out[key] = tag(item);
    }
    return count === 1 && first.startsWith('$') ? { [PLAIN]: [first, out[first]] } : out;
  }
  return value;
}

export function encodeWire(value: unknown): string {
  return JSON.stringify(tag(value)) ?? 'null';
}

/** What a tagged object stands for, its members being in place; any other stays. */
function untagged(value: Record<string, unknown>, key: string): unknown {
  const only = value[key];
  if (key === BYTES && typeof only === 'string') return fromBase64(only);
  if (key === DATE && typeof only === 'number') return new Date(only);
  if (key === PLAIN && Array.isArray(only)) return Object.fromEntries([only as [string, unknown]]);
  return value;
}

/** Puts what tags stand for in their place. By hand: JSON.parse with a function takes several times as long for a long list. */
function untag(value: object): unknown {
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const item: unknown = value[i];
      if (typeof item === 'object' && item !== null) value[i] = untag(item);
    }
    return value;
  }
  const members = value as Record<string, unknown>;
  const keys = Object.keys(members);
  for (const key of keys) {
    const item = members[key];
    // JSON.parse made the name __proto__ a member like any other, and the assignment finds it as one.
    if (typeof item === 'object' && item !== null) members[key] = untag(item);
  }
  const [only] = keys;
  return keys.length === 1 && only !== undefined ? untagged(members, only) : value;
}

/** @throws SyntaxError when `text` is not JSON. */
export function decodeWire(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return typeof value === 'object' && value !== null ? untag(value) : value;
}
