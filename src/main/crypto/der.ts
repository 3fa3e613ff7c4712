import { concat } from './bytes.ts';

/**
 * The part of DER (ITU-T X.690, sections 8 and 10) that keys and signatures need, read strictly: definite lengths in their
 * shortest form, integers not negative and without spare leading zeros, nothing after the end. What a lenient parser would
 * accept beside that are second encodings of the same signature or key.
 */

/** The bytes are not the structure the standard asks for. The message names tags and lengths, never contents. */
export class EncodingError extends Error {
  override readonly name = 'EncodingError';
}

export const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  sequence: 0x30,
} as const;

/** The tag of a context-specific element: [n], primitive or constructed (X.690, section 8.1.2). */
export const contextTag = (n: number, constructed: boolean): number => 0x80 | (constructed ? 0x20 : 0) | n;

const hexTag = (tag: number) => `0x${tag.toString(16).padStart(2, '0')}`;

/** Reads elements one after the other. What it returns are views of the input, so that no copies of secrets are left. */
export class DerReader {
  readonly #bytes: Uint8Array;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** The next element's tag, or undefined at the end. */
  peek(): number | undefined {
    return this.#bytes[this.#offset];
  }

  /**
   * The contents of the next element.
   * @throws EncodingError when its tag is another, its length is not in shortest form, or it runs past the end.
   */
  read(tag: number): Uint8Array {
    const found = this.#byte();
    if (found !== tag) throw new EncodingError(`expected an element of tag ${hexTag(tag)}, found ${hexTag(found)}`);
    const length = this.#length();
    const end = this.#offset + length;
    if (end > this.#bytes.length) {
      throw new EncodingError(`an element of ${length} bytes in ${this.#bytes.length - this.#offset} bytes`);
    }
    const contents = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return contents;
  }

  /** The contents of the next element if it has this tag. */
  optional(tag: number): Uint8Array | undefined {
    return this.peek() === tag ? this.read(tag) : undefined;
  }

  sequence(): DerReader {
    return new DerReader(this.read(TAG.sequence));
  }

  /** A non-negative INTEGER: its big-endian magnitude without leading zeros; zero has no bytes. */
  integer(): Uint8Array {
    const contents = this.read(TAG.integer);
    const [first, second] = contents;
    if (first === undefined) throw new EncodingError('an INTEGER without contents');
    if (first >= 0x80) throw new EncodingError('a negative INTEGER');
    if (first !== 0) return contents;
    if (second !== undefined && second < 0x80) throw new EncodingError('an INTEGER with a spare leading zero');
    return contents.subarray(1);
  }

  /** A small non-negative INTEGER, such as a version. */
  version(): number {
    const magnitude = this.integer();
    if (magnitude.length > 1) throw new EncodingError(`a version of ${magnitude.length} bytes`);
    return magnitude[0] ?? 0;
  }

  /** A BIT STRING whose bits fill its bytes. */
  bitString(): Uint8Array {
    return wholeBytes(this.read(TAG.bitString));
  }

  /** @throws EncodingError when anything is left. */
  end(): void {
    const left = this.#bytes.length - this.#offset;
    if (left !== 0) throw new EncodingError(`${left} bytes after the end of a structure`);
  }

  #byte(): number {
    const byte = this.#bytes[this.#offset];
    if (byte === undefined) throw new EncodingError('the structure ends early');
    this.#offset += 1;
    return byte;
  }

  #length(): number {
    const first = this.#byte();
    if (first < 0x80) return first;
    const count = first & 0x7f;
    if (count < 1 || count > 3) throw new EncodingError('a length that is indefinite or out of bounds');
    let length = 0;
    for (let i = 0; i < count; i++) length = length * 256 + this.#byte();
    if (length < 0x80 || length < 256 ** (count - 1)) throw new EncodingError('a length not in its shortest form');
    return length;
  }
}

/** The bytes of a BIT STRING's contents, which must leave no bit unused. */
export function wholeBytes(contents: Uint8Array): Uint8Array {
  if (contents[0] !== 0) throw new EncodingError('a BIT STRING that does not end on a byte');
  return contents.subarray(1);
}

/** One element: tag, length, contents. */
export function element(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const size: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) size.unshift(rest % 256);
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 | size.length, ...size];
  return concat(Uint8Array.from(header), ...parts);
}

export const sequence = (...parts: readonly Uint8Array[]): Uint8Array => element(TAG.sequence, ...parts);
export const octetString = (bytes: Uint8Array): Uint8Array => element(TAG.octetString, bytes);
export const bitString = (bytes: Uint8Array): Uint8Array => element(TAG.bitString, Uint8Array.of(0), bytes);

/** An INTEGER from a big-endian magnitude, which may have leading zeros. */
export function integer(magnitude: Uint8Array): Uint8Array {
  let start = 0;
  while (start < magnitude.length - 1 && magnitude[start] === 0) start += 1;
  const digits = magnitude.length === 0 ? Uint8Array.of(0) : magnitude.subarray(start);
  return (digits[0] ?? 0) >= 0x80 ? element(TAG.integer, Uint8Array.of(0), digits) : element(TAG.integer, digits);
}

/** An OBJECT IDENTIFIER from its dotted form (X.690, section 8.19). */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second, ...rest].flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = arc >>> 7; left > 0; left >>>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return element(TAG.oid, Uint8Array.from(bytes));
}
