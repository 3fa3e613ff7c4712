import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseHeader, sealHeader } from '../../../src/main/files/message/header.ts';
import { makeMessage, openMessage } from '../../support/message.ts';

/** Multiplication in GCM's field (NIST SP 800-38D, section 6.3), the first bit of a block being the highest here. */
function multiply(x: bigint, y: bigint): bigint {
  let [product, factor] = [0n, y];
  for (let bit = 127n; bit >= 0n; bit--) {
    if ((x >> bit) & 1n) product ^= factor;
    factor = factor & 1n ? (factor >> 1n) ^ (0xe1n << 120n) : factor >> 1n;
  }
  return product;
}

const toNumber = (block: Uint8Array) => BigInt(`0x${Buffer.from(block).toString('hex').padEnd(32, '0')}`);
const toBlock = (value: bigint) => Buffer.from(value.toString(16).padStart(32, '0'), 'hex');

/** GHASH (section 6.4) over additional data and ciphertext. */
function ghash(h: bigint, aad: Uint8Array, ciphertext: Uint8Array): bigint {
  let sum = 0n;
  for (const part of [aad, ciphertext])
    for (let at = 0; at < part.length; at += 16) sum = multiply(sum ^ toNumber(part.subarray(at, at + 16)), h);
  return multiply(sum ^ ((BigInt(aad.length * 8) << 64n) | BigInt(ciphertext.length * 8)), h);
}

/**
 * Why re-encrypting does not exchange the key inside alone. The header's tag has a nonce of zeros: a second header under the
 * same data key uses it twice, and from two tags under one nonce follows GHASH's key, which guards every frame.
 */
describe('a header is sealed once under its data key', () => {
  it('as two of them would let whoever has both alter the content unseen', async () => {
    const made = await makeMessage({ size: 20, frameLength: 64 });
    const first = parseHeader(made.bytes);
    const dataKeys = [{ providerId: 'aws-kms', providerInfo: 'another', ciphertext: new Uint8Array(20) }];
    const { bytes: rewrapped, key } = sealHeader({ ...first.header, dataKeys }, made.dataKey);
    const second = parseHeader(rewrapped);

    // The difference of the tags is a polynomial whose coefficients are public; the secret is one of its few roots.
    const h = toNumber(createCipheriv('aes-256-ecb', key, null).update(new Uint8Array(16)));
    const none = new Uint8Array(0);
    expect(ghash(h, first.body, none) ^ ghash(h, second.body, none)).toBe(toNumber(first.tag) ^ toNumber(second.tag));

    // With it, a frame is altered and its tag made to fit, without the data key.
    const forged = Buffer.from(made.bytes);
    const frame = forged.subarray(first.length);
    const [ciphertext, tag] = [frame.subarray(24, 44), frame.subarray(44, 60)];
    const count = Buffer.alloc(8);
    count.writeUInt32BE(20, 4);
    const aad = Buffer.concat([
      first.header.messageId,
      Buffer.from('AWSKMSEncryptionClient Final Frame'),
      frame.subarray(4, 8),
      count,
    ]);
    const before = ghash(h, aad, ciphertext);
    ciphertext.writeUInt8(ciphertext.readUInt8(3) ^ 0xff, 3);
    toBlock(toNumber(tag) ^ before ^ ghash(h, aad, ciphertext)).copy(tag);
    const opened = await openMessage(forged, made.dataKey);
    expect(opened.equals(made.plain)).toBe(false);
    expect(opened[3]).toBe((made.plain[3] ?? 0) ^ 0xff);
  });
});
