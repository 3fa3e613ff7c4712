/** What is wrong with a JSON text that JSON.parse takes, and where. */
export interface JsonFault {
  readonly place: string;
  readonly says: string;
}

/** More levels than a policy has: the document, statement, condition block, operator and list of values are six. */
const DEPTH_MAX = 16;

interface Frame {
  /** The names so far; undefined in a list. */
  readonly names: Set<string> | undefined;
  name: string;
  index: number;
}

/** As `Statement[0].Condition`. */
export function placeOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

const pathOf = (stack: readonly Frame[]) =>
  placeOf(stack.map(({ names, name, index }) => (names ? name : index)).filter((part) => part !== ''));

/**
 * Looks through valid JSON for what reading it would hide: a name that stands twice in one object, of which JSON.parse keeps
 * the last, the name `__proto__`, and nesting beyond what a policy has. Linear in the text's length.
 */
export function findFault(text: string): JsonFault | undefined {
  const stack: Frame[] = [];
  const token = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;
  let expectName = false;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [piece] = match;
    const top = stack.at(-1);
    if (piece === '{' || piece === '[') {
      if (stack.length === DEPTH_MAX) return { place: pathOf(stack), says: 'it is nested too deep' };
      stack.push({ names: piece === '{' ? new Set() : undefined, name: '', index: 0 });
      expectName = piece === '{';
    } else if (piece === '}' || piece === ']') {
      stack.pop();
      expectName = false;
    } else if (piece === ',' && top) {
      top.index++;
      expectName = top.names !== undefined;
    } else if (expectName && top?.names && piece !== ':') {
      const name: string = JSON.parse(piece);
      top.name = name;
      if (name === '__proto__') return { place: pathOf(stack), says: 'there is no such element' };
      if (top.names.has(name)) return { place: pathOf(stack), says: 'the name stands twice' };
      top.names.add(name);
      expectName = false;
    }
  }
  return undefined;
}
