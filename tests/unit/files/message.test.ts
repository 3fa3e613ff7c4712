import { randomBytes, randomInt } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { FRAME_LENGTH_MAX } from '../../../src/main/files/message/decrypt.ts';
import { parseHeader } from '../../../src/main/files/message/header.ts';
import { newSigningKey, PUBLIC_KEY_CONTEXT } from '../../../src/main/files/message/signature.ts';
import { CofferError } from '../../../src/shared/kms/errors.ts';
import { type MadeMessage, makeMessage, openMessage } from '../../support/message.ts';

const FRAME = 16;
const FRAME_BYTES = FRAME + 32;
const CODES = ['MessageDamaged', 'NotAnEncryptedMessage', 'UnsupportedMessage'];

async function codeOf(bytes: Uint8Array, dataKey: Uint8Array): Promise<string> {
  try {
    await openMessage(bytes, dataKey);
    return 'opened';
  } catch (error) {
    return error instanceof CofferError ? error.code : `a bug: ${error}`;
  }
}

const flipped = (bytes: Buffer, bit: number) => {
  const copy = Buffer.from(bytes);
  copy.writeUInt8(copy.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return copy;
};

describe.each([{ signed: false }, { signed: true }])('a message (signed: $signed)', ({ signed }) => {
  let small: MadeMessage;
  let large: MadeMessage;
  beforeAll(async () => {
    small = await makeMessage({ size: 3 * FRAME + 5, frameLength: FRAME, signed });
    large = await makeMessage({ size: 300_000, frameLength: 4096, signed });
  });

  it.each([0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME, 2 * FRAME + 1, 7 * FRAME])(
    'opens with %i bytes',
    async (size) => {
      const made = await makeMessage({ size, frameLength: FRAME, signed });
      expect((await openMessage(made.bytes, made.dataKey)).equals(made.plain)).toBe(true);
    },
  );

  it('is refused with any one bit flipped', async () => {
    const opened: number[] = [];
    for (let bit = 0; bit < small.bytes.length * 8; bit++) {
      const code = await codeOf(flipped(small.bytes, bit), small.dataKey);
      if (!CODES.includes(code)) opened.push(bit);
    }
    expect(opened).toEqual([]);
  });

  it('is refused with a bit flipped at 1,200 random places of a larger one', async () => {
    const opened: number[] = [];
    for (let round = 0; round < 1200; round++) {
      const bit = randomInt(large.bytes.length * 8);
      if (!CODES.includes(await codeOf(flipped(large.bytes, bit), large.dataKey))) opened.push(bit);
    }
    expect(opened).toEqual([]);
  });

  it('is refused cut at every offset, and at random ones of a larger one', async () => {
    for (let length = 0; length < small.bytes.length; length++)
      expect(CODES, `cut at ${length}`).toContain(await codeOf(small.bytes.subarray(0, length), small.dataKey));
    for (let round = 0; round < 200; round++) {
      const length = randomInt(large.bytes.length);
      expect(CODES, `cut at ${length}`).toContain(await codeOf(large.bytes.subarray(0, length), large.dataKey));
    }
  });

  it('is refused with frames swapped, repeated or removed', async () => {
    const { bytes, headerLength, dataKey } = small;
    const head = bytes.subarray(0, headerLength);
    const frames = [0, 1, 2].map((n) =>
      bytes.subarray(headerLength + n * FRAME_BYTES, headerLength + (n + 1) * FRAME_BYTES),
    );
    const rest = bytes.subarray(headerLength + 3 * FRAME_BYTES);
    const [a, b, c] = frames as [Buffer, Buffer, Buffer];
    expect(await codeOf(Buffer.concat([head, a, b, c, rest]), dataKey)).toBe('opened');
    const orders = [[b, a, c], [a, c, b], [a, a, b, c], [a, b, c, c], [b, c], [a, c], [a, b], []];
    for (const order of orders)
      expect(await codeOf(Buffer.concat([head, ...order, rest]), dataKey)).toBe('MessageDamaged');
    // The same with sequence and nonce made to fit: only the tag knows.
    const renumbered = (frame: Buffer, sequence: number) => {
      const copy = Buffer.from(frame);
      copy.writeUInt32BE(sequence, 0);
      copy.writeUInt32BE(sequence, 12);
      return copy;
    };
    const forged = Buffer.concat([head, renumbered(b, 1), renumbered(a, 2), c, rest]);
    expect(await codeOf(forged, dataKey)).toBe('MessageDamaged');
  });

  it('is refused with frames of another message under the same data key', async () => {
    const other = await makeMessage({ size: 3 * FRAME + 5, frameLength: FRAME, signed });
    const mixed = Buffer.concat([
      small.bytes.subarray(0, small.headerLength),
      other.bytes.subarray(other.headerLength),
    ]);
    expect(await codeOf(mixed, small.dataKey)).toBe('MessageDamaged');
  });

  it('is refused with bytes after its end', async () => {
    for (const more of [Buffer.of(0), randomBytes(100), small.bytes])
      expect(await codeOf(Buffer.concat([small.bytes, more]), small.dataKey)).toBe('MessageDamaged');
  });

  it('is refused under another key', async () => {
    expect(await codeOf(small.bytes, new Uint8Array(randomBytes(32)))).toBe('MessageDamaged');
  });

  it('releases no byte of a frame whose tag is false', async () => {
    const at = small.headerLength + FRAME_BYTES + 20;
    const { decryptMessage } = await import('../../../src/main/files/message/decrypt.ts');
    const { readerOf } = await import('../../support/message.ts');
    const got: Uint8Array[] = [];
    const read = async () => {
      for await (const piece of decryptMessage(readerOf(flipped(small.bytes, at * 8)), small.dataKey)) got.push(piece);
    };
    await expect(read()).rejects.toMatchObject({ code: 'MessageDamaged' });
    expect(got.reduce((sum, piece) => sum + piece.length, 0)).toBeLessThanOrEqual(FRAME);
  });
});

describe('a message', () => {
  it('without a signature is refused when its context names a signing key', async () => {
    const { publicKey } = newSigningKey();
    const made = await makeMessage({
      size: 10,
      frameLength: FRAME,
      header: { context: { [PUBLIC_KEY_CONTEXT]: publicKey } },
    });
    expect(await codeOf(made.bytes, made.dataKey)).toBe('MessageDamaged');
  });

  it('with frames larger than memory allows is refused', async () => {
    const made = await makeMessage({ size: 10, frameLength: FRAME_LENGTH_MAX + 1 });
    expect(await codeOf(made.bytes, made.dataKey)).toBe('UnsupportedMessage');
  });

  it('keeps its context to the letter: byte order marks, emoji, prototype names', async () => {
    const context = Object.fromEntries([
      ['\ufeffkey', '\ufeffvalue'],
      ['__proto__', 'x'],
      ['🗝️', 'ключ'],
      ['constructor', ''],
    ]);
    const made = await makeMessage({ size: 1, frameLength: FRAME, header: { context } });
    expect(Object.entries(parseHeader(made.bytes).header.context).sort()).toEqual(Object.entries(context).sort());
  });

  it('is not seen in what is none', async () => {
    for (const bytes of [Buffer.alloc(0), Buffer.of(2), Buffer.of(2, 4), Buffer.from('plain text'), Buffer.alloc(4096)])
      expect(await codeOf(bytes, new Uint8Array(32))).toBe('NotAnEncryptedMessage');
  });
});
