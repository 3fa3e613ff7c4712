import type { Steps } from '../vault/turns.ts';

const SEGMENT_BYTES = 2 ** 20;
/** Ends every text. No UTF-8 has this byte, so nothing that is looked for reaches from one text into the next. */
const END = 0xff;

interface Segment {
  readonly bytes: Buffer;
  used: number;
  /** Where each text begins, and whose it is. */
  readonly starts: number[];
  readonly owners: number[];
}

/** How far a search has come: everything before this text is done. */
export interface Place {
  segment: number;
  text: number;
}

/** Letters A to Z as a to z, byte by byte: what SQL's LIKE takes for the same. */
function fold(bytes: Uint8Array): void {
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte >= 0x41 && byte <= 0x5a) bytes[i] = byte | 0x20;
  }
}

/** What is looked for, in the form that `Texts` holds. */
export function needleOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8');
  fold(bytes);
  return bytes;
}

/**
 * Very many texts side by side in few blocks of memory, as UTF-8 without capitals, so that a word is found in them by comparing
 * bytes. Texts are only ever added.
 */
export class Texts {
  readonly #segments: Segment[] = [];

  /** Bytes of memory the texts take. */
  get bytes(): number {
    return this.#segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  add(owner: number, text: string): void {
    // A unit of UTF-16 has at most three bytes.
    const most = text.length * 3 + 1;
    let segment = this.#segments.at(-1);
    if (!segment || segment.bytes.length - segment.used < most) {
      // Not zeroed memory of the shared pool: a text that is dropped must not show again.
      const bytes = Buffer.alloc(Math.max(SEGMENT_BYTES, most));
      segment = { bytes, used: 0, starts: [], owners: [] };
      this.#segments.push(segment);
    }
    const { bytes, used } = segment;
    const length = bytes.write(text, used, 'utf8');
    fold(bytes.subarray(used, used + length));
    bytes[used + length] = END;
    segment.starts.push(used);
    segment.owners.push(owner);
    segment.used = used + length + 1;
  }

  /** Tells `found` the owner of every text from `place` on that holds `needle`, and moves `place` behind what was searched. */
  *search(needle: Buffer, place: Place, found: (owner: number) => void): Steps {
    for (;;) {
      const segment = this.#segments[place.segment];
      if (!segment) return;
      if (place.text < segment.starts.length) {
        searchSegment(segment, needle, place.text, found);
        place.text = segment.starts.length;
        yield;
        // Another search may share the place, and texts may have come meanwhile.
        continue;
      }
      if (place.segment === this.#segments.length - 1) return;
      place.segment++;
      place.text = 0;
    }
  }

  clear(): void {
    for (const { bytes } of this.#segments) bytes.fill(0);
    this.#segments.length = 0;
  }
}

/** Where `needle` is in `bytes` between two places, or -1. */
function indexWithin(bytes: Uint8Array, needle: Uint8Array, from: number, end: number): number {
  const first = needle[0] as number;
  const last = end - needle.length;
  for (let at = from; at <= last; at++) {
    if (bytes[at] !== first) continue;
    let same = 1;
    while (same < needle.length && bytes[at + same] === needle[same]) same++;
    if (same === needle.length) return at;
  }
  return -1;
}

/** The text that a place is in, from `text` on: mostly one of the next few, else found by halving. */
function textAt(starts: readonly number[], text: number, place: number): number {
  let low = text;
  let high = text + 1;
  for (let step = 1; high < starts.length && (starts[high] as number) <= place; step *= 2) {
    low = high;
    high = low + step;
  }
  high = Math.min(high, starts.length);
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] as number) <= place) low = middle;
    else high = middle;
  }
  return low;
}

function searchSegment(segment: Segment, needle: Buffer, from: number, found: (owner: number) => void): void {
  const { used, starts, owners } = segment;
  const bytes = segment.bytes.subarray(0, used);
  let text = from;
  while (text < starts.length) {
    const at = bytes.indexOf(needle, starts[text]);
    if (at < 0) return;
    text = textAt(starts, text, at);
    found(owners[text] as number);
    text++;
    // Where a text has the word the next ones often have it too; asking natively for each would take longer than looking.
    while (text < starts.length) {
      if (indexWithin(bytes, needle, starts[text] as number, starts[text + 1] ?? used) < 0) break;
      found(owners[text] as number);
      text++;
    }
    text++;
  }
}
