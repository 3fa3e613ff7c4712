/**
 * SM3 (GB/T 32905-2016), a piece at a time: sm-crypto-v2 hashes only what is in memory as a whole, and BoringSSL has no SM3.
 * It hashes messages, which are no secrets, and nothing of it is zeroed.
 */
export const SM3_BYTES = 32;
const BLOCK = 64;

/** Section 4.1. */
const INITIAL = [
  0x7380166f, 0x4914b2b9, 0x172442d7, 0xda8a0600, 0xa96f30bc, 0x163138aa, 0xe38dee4d, 0xb0fb0e4e,
] as const;

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));
/** The permutations of section 4.4. */
const p0 = (x: number): number => x ^ rotate(x, 9) ^ rotate(x, 17);
const p1 = (x: number): number => x ^ rotate(x, 15) ^ rotate(x, 23);

/** The constants of section 4.2, rotated as each round takes them. */
const CONSTANTS = Int32Array.from({ length: 64 }, (_, j) => rotate(j < 16 ? 0x79cc4519 : 0x7a879d8a, j % 32));

/** A hash under way. */
export class Sm3 {
  readonly #state = Int32Array.from(INITIAL);
  readonly #words = new Int32Array(68);
  readonly #block = new Uint8Array(BLOCK);
  readonly #view = new DataView(this.#block.buffer);
  #filled = 0;
  #length = 0;

  update(piece: Uint8Array): this {
    this.#length += piece.length;
    for (let at = 0; at < piece.length; ) {
      const part = piece.subarray(at, at + BLOCK - this.#filled);
      this.#block.set(part, this.#filled);
      this.#filled += part.length;
      at += part.length;
      if (this.#filled === BLOCK) this.#compress();
    }
    return this;
  }

  /** Pads the message (section 5.2) and ends the hash, which takes nothing more. */
  digest(): Uint8Array {
    const bits = BigInt(this.#length) * 8n;
    this.#block[this.#filled] = 0x80;
    this.#block.fill(0, this.#filled + 1);
    if (this.#filled >= BLOCK - 8) {
      this.#compress();
      this.#block.fill(0);
    }
    this.#view.setBigUint64(BLOCK - 8, bits);
    this.#compress();
    const digest = new Uint8Array(SM3_BYTES);
    const view = new DataView(digest.buffer);
    this.#state.forEach((word, index) => {
      view.setInt32(index * 4, word);
    });
    return digest;
  }

  /** Sections 5.3.2 and 5.3.3. */
  #compress(): void {
    const w = this.#words;
    const at = (index: number): number => w[index] ?? 0;
    for (let j = 0; j < 16; j++) w[j] = this.#view.getInt32(j * 4);
    for (let j = 16; j < 68; j++)
      w[j] = p1(at(j - 16) ^ at(j - 9) ^ rotate(at(j - 3), 15)) ^ rotate(at(j - 13), 7) ^ at(j - 6);
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = this.#state;
    for (let j = 0; j < 64; j++) {
      const a12 = rotate(a, 12);
      const ss1 = rotate((a12 + e + (CONSTANTS[j] ?? 0)) | 0, 7);
      const ff = j < 16 ? a ^ b ^ c : (a & b) | (a & c) | (b & c);
      const gg = j < 16 ? e ^ f ^ g : (e & f) | (~e & g);
      const tt1 = (ff + d + (ss1 ^ a12) + (at(j) ^ at(j + 4))) | 0;
      const tt2 = (gg + h + ss1 + at(j)) | 0;
      [d, c, b, a] = [c, rotate(b, 9), a, tt1];
      [h, g, f, e] = [g, rotate(f, 19), e, p0(tt2)];
    }
    [a, b, c, d, e, f, g, h].forEach((word, index) => {
      this.#state[index] = (this.#state[index] ?? 0) ^ word;
    });
    this.#filled = 0;
  }
}
