import type { JournaledStatement } from './database.ts';
import type { SqlValue } from './types.ts';

/**
 * The plaintext of a journal record: the statements of one transaction. Integers are varints; a statement's SQL is written
 * once a journal file and named by its number afterwards, so that a record costs little more than its values.
 */
const NULL = 0;
const INTEGER = 1;
const NEGATIVE = 2;
const REAL = 3;
const TEXT = 4;
const BLOB = 5;

class Writer {
  #buffer = Buffer.allocUnsafe(512);
  #length = 0;

  #room(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }

  byte(value: number): void {
    this.#room(1);
    this.#buffer[this.#length++] = value;
  }

  varint(value: number): void {
    this.#room(10);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
  }

  text(value: string): void {
    const length = Buffer.byteLength(value);
    this.varint(length);
    this.#room(length);
    this.#length += this.#buffer.write(value, this.#length, 'utf8');
  }

  blob(value: Uint8Array): void {
    this.varint(value.length);
    this.#room(value.length);
    this.#buffer.set(value, this.#length);
    this.#length += value.length;
  }

  real(value: number): void {
    this.#room(8);
    this.#length = this.#buffer.writeDoubleBE(value, this.#length);
  }

  value(value: SqlValue): void {
    if (value === null) {
      this.byte(NULL);
    } else if (typeof value === 'string') {
      this.byte(TEXT);
      this.text(value);
    } else if (value instanceof Uint8Array) {
      this.byte(BLOB);
      this.blob(value);
    } else {
      this.number(Number(value));
    }
  }

  number(value: number): void {
    if (Number.isSafeInteger(value)) {
      this.byte(value < 0 ? NEGATIVE : INTEGER);
      this.varint(Math.abs(value));
    } else {
      this.byte(REAL);
      this.real(value);
    }
  }

  finish(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }
}

class Reader {
  readonly #buffer: Buffer;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  byte(): number {
    const value = this.#buffer[this.#offset++];
    if (value === undefined) throw new RangeError('the record ends early');
    return value;
  }

  varint(): number {
    let value = 0;
    let scale = 1;
    for (let i = 0; i < 8; i++) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
    throw new RangeError('a number is too long');
  }

  bytes(length: number): Buffer {
    if (this.#offset + length > this.#buffer.length) throw new RangeError('the record ends early');
    this.#offset += length;
    return this.#buffer.subarray(this.#offset - length, this.#offset);
  }

  value(): SqlValue {
    const kind = this.byte();
    if (kind === NULL) return null;
    if (kind === INTEGER) return this.varint();
    if (kind === NEGATIVE) return -this.varint();
    if (kind === REAL) return this.bytes(8).readDoubleBE(0);
    if (kind === TEXT) return this.bytes(this.varint()).toString('utf8');
    if (kind === BLOB) return new Uint8Array(this.bytes(this.varint()));
    throw new RangeError('a value has an unknown kind');
  }

  get done(): boolean {
    return this.#offset === this.#buffer.length;
  }
}

/** Encodes transactions of one journal file in order. */
export class StatementEncoder {
  readonly #known = new Map<string, number>();

  encode(statements: readonly JournaledStatement[]): Uint8Array {
    const writer = new Writer();
    for (const { sql, params } of statements) {
      let number = this.#known.get(sql);
      if (number === undefined) {
        number = this.#known.size + 1;
        this.#known.set(sql, number);
        writer.varint(0);
        writer.text(sql);
      } else writer.varint(number);
      writer.varint(params.length);
      for (const value of params) writer.value(value);
    }
    return writer.finish();
  }

  /** How much is known now; `forget` goes back to it when what was encoded since never reached the file. */
  mark(): number {
    return this.#known.size;
  }

  forget(mark: number): void {
    for (const [sql, number] of this.#known) if (number > mark) this.#known.delete(sql);
  }

  /** Learns the texts a decoder met, so that an opened journal can be continued. */
  continueFrom(decoder: StatementDecoder): void {
    decoder.texts.forEach((sql, index) => {
      this.#known.set(sql, index + 1);
    });
  }
}

/** Decodes the transactions of one journal file in the order in which they were written. */
export class StatementDecoder {
  readonly texts: string[] = [];

  /** @throws RangeError when the bytes are not a record. */
  decode(bytes: Uint8Array): JournaledStatement[] {
    const reader = new Reader(bytes);
    const statements: JournaledStatement[] = [];
    while (!reader.done) {
      const number = reader.varint();
      let sql: string | undefined;
      if (number === 0) {
        sql = reader.bytes(reader.varint()).toString('utf8');
        this.texts.push(sql);
      } else sql = this.texts[number - 1];
      if (sql === undefined) throw new RangeError('a statement is unknown');
      const params: SqlValue[] = [];
      for (let left = reader.varint(); left > 0; left--) params.push(reader.value());
      statements.push({ sql, params });
    }
    return statements;
  }
}
