/**
 * How values cross the window's boundary, on both shells: JSON text in which bytes and dates are tagged, so that
 * Electron's IPC and the DevTools pipe carry exactly the same thing.
 */
const BYTES = '$bytes';
const DATE = '$date';

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
    for (const [key, item] of Object.entries(value)) if (item !== undefined) out[key] = tag(item);
    return out;
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
    return value;
  });
}
