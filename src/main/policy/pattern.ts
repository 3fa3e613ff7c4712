/** What a request says of itself: the values of a condition key, by its name in lower case; undefined when it has none. */
export interface ConditionContext {
  get(name: string): readonly string[] | undefined;
}

/** Whether a text of a request is what a text of a policy means. */
export type Matcher = (text: string, context: ConditionContext) => boolean;

const ANY = -1;
const ONE = -2;

interface Variable {
  /** The condition key in lower case. */
  readonly name: string;
  readonly fallback: string | undefined;
}
/** A piece of a pattern: literal text, a wildcard or a variable. */
type Piece = string | typeof ANY | typeof ONE | Variable;

export interface Reading {
  /** Whether `*` and `?` are wildcards. */
  readonly wildcards: boolean;
  /** Whether `${…}` is a variable: only in Version 2012-10-17. */
  readonly variables: boolean;
}

/** `${*}`, `${?}` and `${$}` are the characters themselves; a default stands in single quotes. */
const VARIABLE = /\$\{(?:([*?$])|\s*([^{},'$]+?)\s*(?:,\s*'([^']*)'\s*)?)\}/y;

/** The names of the variables in a text, as written. */
export function variablesIn(text: string): string[] {
  return [...text.matchAll(new RegExp(VARIABLE.source, 'g'))].flatMap(([, , name]) => (name ? [name] : []));
}

function piecesOf(text: string, { wildcards, variables }: Reading): Piece[] {
  const pieces: Piece[] = [];
  let literal = '';
  const add = (piece: Piece) => {
    if (literal !== '') pieces.push(literal);
    literal = '';
    // Two asterisks in a row are one.
    if (piece !== ANY || pieces.at(-1) !== ANY) pieces.push(piece);
  };
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    VARIABLE.lastIndex = i;
    const variable = variables && character === '$' ? VARIABLE.exec(text) : null;
    if (variable) {
      const [whole, own, name, fallback] = variable;
      if (own) literal += own;
      else add({ name: (name as string).toLowerCase(), fallback });
      i += whole.length - 1;
    } else if (wildcards && character === '*') add(ANY);
    else if (wildcards && character === '?') add(ONE);
    else literal += character;
  }
  if (literal !== '') pieces.push(literal);
  return pieces;
}

/** The characters of a pattern, wildcards as negative numbers; null when a variable has no value. */
function codesOf(pieces: readonly Piece[], context: ConditionContext | undefined): Int32Array | null {
  const codes: number[] = [];
  for (const piece of pieces) {
    if (typeof piece === 'number') codes.push(piece);
    else {
      const text = typeof piece === 'string' ? piece : variableText(piece, context);
      if (text === undefined) return null;
      // A wildcard in a variable's value is an ordinary character.
      for (let i = 0; i < text.length; i++) codes.push(text.charCodeAt(i));
    }
  }
  return Int32Array.from(codes);
}

/** A key with several values cannot stand for one. */
function variableText({ name, fallback }: Variable, context: ConditionContext | undefined): string | undefined {
  const values = context?.get(name);
  return values?.length === 1 ? values[0] : values === undefined || values.length === 0 ? fallback : undefined;
}

/**
 * Whether `text` from `start` to `end` fits a pattern. Goes back only to the last asterisk, so the time is bounded by the
 * product of the lengths whatever the pattern.
 */
function fits(codes: Int32Array, text: string, start: number, end: number): boolean {
  let p = 0;
  let t = start;
  let star = -1;
  let mark = start;
  while (t < end) {
    const code = codes[p];
    if (code === ANY) {
      star = p++;
      mark = t;
    } else if (code === ONE || code === text.charCodeAt(t)) {
      p++;
      t++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++mark;
    } else return false;
  }
  while (codes[p] === ANY) p++;
  return p === codes.length;
}

const isVariable = (piece: Piece): piece is Variable => typeof piece === 'object';
const always: Matcher = () => true;
const never: Matcher = () => false;

function matcherOf(pieces: readonly Piece[]): Matcher {
  const [first, second] = pieces;
  if (pieces.some(isVariable))
    return (text, context) => {
      const codes = codesOf(pieces, context);
      return codes !== null && fits(codes, text, 0, text.length);
    };
  if (pieces.length === 0) return (text) => text === '';
  if (pieces.length === 1 && typeof first === 'string') return (text) => text === first;
  if (pieces.length === 1 && first === ANY) return always;
  if (pieces.length === 2 && typeof first === 'string' && second === ANY) return (text) => text.startsWith(first);
  const codes = codesOf(pieces, undefined) as Int32Array;
  return (text) => fits(codes, text, 0, text.length);
}

/** A matcher of texts. */
export function textMatcher(pattern: string, reading: Reading): Matcher {
  return matcherOf(piecesOf(pattern, reading));
}

/** The parts of an ARN between its colons; the sixth has whatever colons are left. */
const ARN_PARTS = 6;

function arnPieces(pieces: readonly Piece[]): Piece[][] {
  const parts: Piece[][] = [[]];
  for (const piece of pieces) {
    if (typeof piece !== 'string') {
      parts.at(-1)?.push(piece);
      continue;
    }
    let rest = piece;
    while (parts.length < ARN_PARTS && rest.includes(':')) {
      const at = rest.indexOf(':');
      if (at > 0) parts.at(-1)?.push(rest.slice(0, at));
      parts.push([]);
      rest = rest.slice(at + 1);
    }
    if (rest !== '') parts.at(-1)?.push(rest);
  }
  return parts;
}

/**
 * A matcher of ARNs: each of the six parts is compared on its own, so no wildcard reaches over a colon but in the last. `*`
 * alone is everything.
 */
export function arnMatcher(pattern: string, reading: Reading): Matcher {
  const pieces = piecesOf(pattern, reading);
  const [only] = pieces;
  if (pieces.length === 1 && typeof only !== 'string') return matcherOf(pieces);
  const parts = arnPieces(pieces);
  // What is no ARN does not match one, not even itself.
  if (parts.length < ARN_PARTS) return never;
  if (pieces.length === 1) return matcherOf(pieces);
  const fixed = pieces.some(isVariable) ? null : parts.map((part) => codesOf(part, undefined) as Int32Array);
  return (text, context) => {
    let start = 0;
    for (let i = 0; i < ARN_PARTS; i++) {
      const end = i === ARN_PARTS - 1 ? text.length : text.indexOf(':', start);
      if (end < 0) return false;
      const codes = fixed ? (fixed[i] as Int32Array) : codesOf(parts[i] as Piece[], context);
      if (codes === null || !fits(codes, text, start, end)) return false;
      start = end + 1;
    }
    return true;
  };
}
