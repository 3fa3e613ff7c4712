/** A random UUID (RFC 9562, version 4) from the engine's own source. */
export function uuid(bytes: Uint8Array): string {
  if (bytes.length !== 16) throw new RangeError('a UUID has 16 bytes');
  const out = Buffer.from(bytes);
  out.writeUInt8((out.readUInt8(6) & 0x0f) | 0x40, 6);
  out.writeUInt8((out.readUInt8(8) & 0x3f) | 0x80, 8);
  return out.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
