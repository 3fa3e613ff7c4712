import { gcm } from '@noble/ciphers/aes.js';
import { describe, expect, it } from 'vitest';
import { TAG_BYTES } from '../../../src/main/crypto/aead.ts';
import { CHUNK_BYTES, StreamOpener, sealStream, streamLength } from '../../../src/main/crypto/stream.ts';

const KEY = new Uint8Array(32).fill(9);
const message = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 255);

/** The message, or null as soon as a chunk is refused. */
function openAll(chunks: readonly Uint8Array[], key = KEY): Uint8Array | null {
  const opener = new StreamOpener(key);
  const parts: Uint8Array[] = [];
  for (const [index, chunk] of chunks.entries()) {
    const part = opener.open(chunk, index === chunks.length - 1);
    if (!part) return null;
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}

describe('a sealed stream', () => {
  it.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 2 * CHUNK_BYTES + 5])(
    'of %i bytes opens, and has the length it should',
    (length) => {
      const plain = message(length);
      const chunks = [...sealStream(KEY, plain)];
      expect(chunks.reduce((sum, chunk) => sum + chunk.length, 0)).toBe(streamLength(length));
      expect(chunks).toHaveLength(Math.max(1, Math.ceil(length / CHUNK_BYTES)));
      expect(Buffer.compare(openAll(chunks) ?? Buffer.from('no'), plain)).toBe(0);
    },
  );

  it('numbers its nonces in bytes 7 to 10 and marks the last chunk in byte 11, as another implementation reads it', () => {
    const plain = message(2 * CHUNK_BYTES + 5);
    const chunks = [...sealStream(KEY, plain)];
    for (const [index, chunk] of chunks.entries()) {
      const nonce = new Uint8Array(12);
      nonce[10] = index;
      nonce[11] = index === chunks.length - 1 ? 1 : 0;
      const part = gcm(KEY, nonce, new Uint8Array(0)).decrypt(chunk);
      expect(Buffer.compare(part, plain.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES))).toBe(0);
    }
  });

  it('is refused when chunks are exchanged, dropped, repeated, cut off or added, and under another key', () => {
    const [a, b, c] = [...sealStream(KEY, message(2 * CHUNK_BYTES + 5))] as [Uint8Array, Uint8Array, Uint8Array];
    expect(openAll([a, b, c])).not.toBeNull();
    for (const chunks of [[b, a, c], [a, c], [b, c], [a, b], [a], [a, a, b, c], [a, b, c, c], [a, b, c, b], [c]])
      expect(openAll(chunks)).toBeNull();
    expect(openAll([a, b, c], new Uint8Array(32))).toBeNull();
    expect(openAll([a, b, c.subarray(0, -1)])).toBeNull();
    expect(openAll([a, b, new Uint8Array(0)])).toBeNull();
    expect(openAll([a, b, new Uint8Array(TAG_BYTES)])).toBeNull();
  });

  it('is refused when it ends with a whole chunk and that end is not the message’s', () => {
    const [a] = [...sealStream(KEY, message(2 * CHUNK_BYTES))] as [Uint8Array];
    const [whole] = [...sealStream(KEY, message(CHUNK_BYTES))] as [Uint8Array];
    expect(openAll([a])).toBeNull();
    expect(openAll([whole, a])).toBeNull();
    expect(openAll([whole])).not.toBeNull();
  });
});
