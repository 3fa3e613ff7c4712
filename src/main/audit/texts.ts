import type { Steps } from './turns.ts';

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

function searchSegment(
  { bytes, used, starts, owners }: Segment,
  needle: Buffer,
  from: number,
  found: (owner: number) => void,
) {
  const searched = bytes.subarray(0, used);
  let text = from;
  let at = searched.indexOf(needle, starts[text]);
  while (at >= 0) {
    // The text that begins at or before the hit: mostly one of the next few, else found by halving.
    let high = text + 1;
    for (let step = 1; high < starts.length && (starts[high] as number) <= at; step *= 2) {
      text = high;
      high = text + step;
    }
    high = Math.min(high, starts.length);
    while (high - text > 1) {
      const middle = (text + high) >>> 1;
      if ((starts[middle] as number) <= at) text = middle;
      else high = middle;
    }
    found(owners[text] as number);
    text++;
    if (text >= starts.length) return;
    at = searched.indexOf(needle, starts[text]);
  }
}
