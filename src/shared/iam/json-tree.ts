/** The way to a value in JSON: names and numbers from 0, as `['Statement', 0, 'Action', 1]`. */
export type JsonPath = readonly (string | number)[];

/** Places of a text, in UTF-16 code units: from the first up to, and without, the last. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface JsonMember {
  readonly name: string;
  /** Where the name stands, with its quotes. */
  readonly nameSpan: Span;
  readonly node: JsonNode;
}

export type JsonNode = Span &
  (
    | { readonly kind: 'object'; readonly members: readonly JsonMember[] }
    | { readonly kind: 'array'; readonly items: readonly JsonNode[] }
    | { readonly kind: 'scalar'; readonly value: string | number | boolean | null }
  );

export interface JsonFault extends Span {
  /** Whether the text is no JSON at all, or JSON whose reading would hide something. */
  readonly kind: 'syntax' | 'structure';
  readonly path: JsonPath;
  readonly says: string;
}

export type JsonReading =
  | { readonly tree: JsonNode; readonly fault?: never }
  | { readonly tree?: never; readonly fault: JsonFault };

/** More levels than a policy has: the document, statement, condition block, operator and list of values are six. */
const DEPTH_MAX = 16;

const SPACE = /[ \t\n\r]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
/** Quotes that look like the one JSON has. */
const OTHER_QUOTES = /['`´‘’“”„«»″＂]/;

class Stop extends Error {
  readonly fault: JsonFault;
  constructor(fault: JsonFault) {
    super(fault.says);
    this.fault = fault;
  }
}

class Reader {
  readonly #text: string;
  readonly #path: (string | number)[] = [];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): JsonNode {
    const node = this.#value();
    this.#space();
    if (this.#at < this.#text.length) this.#stop('nothing may stand after the end of the document');
    return node;
  }

  #stop(says: string, from = this.#at, to = from + 1, kind: JsonFault['kind'] = 'syntax'): never {
    const { length } = this.#text;
    throw new Stop({ kind, path: [...this.#path], says, from: Math.min(from, length), to: Math.min(to, length) });
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const piece = pattern.exec(this.#text)?.[0];
    if (piece !== undefined) this.#at += piece.length;
    return piece;
  }

  /** What comes next that is no space; '' at the end. */
  #space(): string {
    this.#take(SPACE);
    return this.#text[this.#at] ?? '';
  }

  #value(): JsonNode {
    const next = this.#space();
    if (next === '{' || next === '[') {
      if (this.#path.length === DEPTH_MAX) this.#stop('it is nested too deep', this.#at, this.#at + 1, 'structure');
      return next === '{' ? this.#object() : this.#array();
    }
    const from = this.#at;
    if (next === '"') return { kind: 'scalar', value: this.#string(), from, to: this.#at };
    const piece = this.#take(NUMBER) ?? this.#take(WORD);
    if (piece === undefined) this.#noValue(next);
    return { kind: 'scalar', value: JSON.parse(piece) as number | boolean | null, from, to: this.#at };
  }

  #noValue(next: string): never {
    if (next === '') this.#stop('the text ends where a value is expected');
    if (OTHER_QUOTES.test(next)) this.#stop('texts stand in double quotes (")');
    if (next === ']' || next === '}') this.#stop('there is a comma or colon too many before this');
    if (next === ',') this.#stop('a value is missing before this comma');
    this.#stop('a value is expected here');
  }

  #string(): string {
    const from = this.#at;
    let next = '';
    for (this.#at++; next !== '"'; ) {
      next = this.#text[this.#at] ?? '';
      if (next === '\\') {
        if (this.#take(ESCAPE) === undefined) this.#stop('there is no such escape', this.#at, this.#at + 2);
        continue;
      }
      if (next === '' || next === '\n' || next === '\r')
        this.#stop('the text in quotes does not end on its line', from, this.#at);
      if (next < ' ') this.#stop('a control character must be written as an escape');
      this.#at++;
    }
    return JSON.parse(this.#text.slice(from, this.#at)) as string;
  }

  /** After a value of a list or object: whether another one follows. */
  #more(close: '}' | ']'): boolean {
    const next = this.#space();
    if (next === ',' || next === close) {
      this.#at++;
      return next === ',';
    }
    if (next === '') this.#stop(`the text ends before its ${close}`);
    this.#stop(`a comma or ${close} is missing before this`);
  }

  #array(): JsonNode {
    const from = this.#at++;
    const items: JsonNode[] = [];
    if (this.#space() === ']') this.#at++;
    else
      do {
        this.#path.push(items.length);
        items.push(this.#value());
        this.#path.pop();
      } while (this.#more(']'));
    return { kind: 'array', items, from, to: this.#at };
  }

  #object(): JsonNode {
    const from = this.#at++;
    const members: JsonMember[] = [];
    const names = new Set<string>();
    if (this.#space() === '}') this.#at++;
    else
      do {
        const member = this.#member(names);
        names.add(member.name);
        members.push(member);
      } while (this.#more('}'));
    return { kind: 'object', members, from, to: this.#at };
  }

  #member(taken: ReadonlySet<string>): JsonMember {
    const next = this.#space();
    const from = this.#at;
    if (next === '') this.#stop('the text ends where a name is expected');
    if (OTHER_QUOTES.test(next)) this.#stop('names stand in double quotes (")');
    if (next === '}') this.#stop('there is a comma too many before this');
    if (next !== '"') this.#stop('a name in double quotes is expected here');
    const name = this.#string();
    const nameSpan = { from, to: this.#at };
    this.#path.push(name);
    if (name === '__proto__') this.#stop('there is no such element', from, this.#at, 'structure');
    if (taken.has(name)) this.#stop('the name stands twice', from, this.#at, 'structure');
    if (this.#space() !== ':') this.#stop('a colon is missing after the name', from, nameSpan.to);
    this.#at++;
    const node = this.#value();
    this.#path.pop();
    return { name, nameSpan, node };
  }
}

/**
 * Reads JSON (RFC 8259) and keeps where each value stands. What JSON.parse would read over is a fault: a name that stands
 * twice in one object, the name `__proto__`, and nesting beyond what a policy has. Linear in the text's length.
 */
export function parseJson(text: string): JsonReading {
  try {
    return { tree: new Reader(text).document() };
  } catch (error) {
    if (error instanceof Stop) return { fault: error.fault };
    throw error;
  }
}

/** The value a tree was read from. */
export function jsonOf(node: JsonNode): unknown {
  if (node.kind === 'object')
    return Object.fromEntries(node.members.map(({ name, node: member }) => [name, jsonOf(member)]));
  return node.kind === 'array' ? node.items.map(jsonOf) : node.value;
}

/** As `Statement[0].Condition`. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/** A line and column, both from 1. */
export function lineOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
