import { type JsonMember, type JsonNode, type JsonPath, jsonOf, parseJson, type Span } from './json-tree.ts';

/** A change of a text: what stands in `from` up to `to` becomes `insert`. */
export interface TextEdit extends Span {
  readonly insert: string;
}

interface Found {
  readonly node: JsonNode;
  /** Set when the value has a name. */
  readonly member?: JsonMember;
  /** How much of the path led here. */
  readonly depth: number;
}

/** A lone statement stands for the list of it. */
const isLone = (path: JsonPath, depth: number, node: JsonNode) =>
  depth === 1 && path[0] === 'Statement' && path[1] === 0 && node.kind === 'object';

/** Follows a path as far as there is something. */
function follow(tree: JsonNode, path: JsonPath): Found {
  let found: Found = { node: tree, depth: 0 };
  for (const [depth, step] of path.entries()) {
    const { node } = found;
    if (isLone(path, depth, node)) found = { ...found, depth: depth + 1 };
    else if (node.kind === 'object') {
      const member = node.members.find(({ name }) => name === step);
      if (!member) return found;
      found = { node: member.node, member, depth: depth + 1 };
    } else {
      const item = node.kind === 'array' ? node.items[Number(step)] : undefined;
      if (!item) return found;
      found = { node: item, depth: depth + 1 };
    }
  }
  return found;
}

/** Where a value stands in a policy's text; undefined when it is not there. */
export function nodeAt(tree: JsonNode, path: JsonPath): JsonNode | undefined {
  const { node, depth } = follow(tree, path);
  return depth === path.length ? node : undefined;
}

/**
 * What to underline for a finding at `path`: a name with its plain value, a name alone before a longer one, an entry of a list, the
 * brace a statement begins with. Of what is missing, that in which it should be.
 */
export function spanAt(tree: JsonNode, path: JsonPath): Span {
  const { node, member } = follow(tree, path);
  const opening = { from: node.from, to: node.kind === 'scalar' ? node.to : node.from + 1 };
  if (!member) return opening;
  return { from: member.nameSpan.from, to: node.kind === 'scalar' ? node.to : member.nameSpan.to };
}

/** The spaces a line begins with, of the line that `offset` is in. */
const indentAt = (text: string, offset: number) =>
  /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset))?.[0] ?? '';

const STEP = '  ';

function writtenAt(text: string, indent: string, value: unknown): string {
  return text.includes('\n')
    ? JSON.stringify(value, null, STEP).replaceAll('\n', `\n${indent}`)
    : JSON.stringify(value);
}

/** The whole members or entries of an object or list. */
const partsOf = (node: JsonNode): readonly Span[] =>
  node.kind === 'object'
    ? node.members.map(({ nameSpan, node: { to } }) => ({ from: nameSpan.from, to }))
    : node.kind === 'array'
      ? node.items
      : [];

function removal(container: JsonNode, index: number): TextEdit {
  const parts = partsOf(container);
  const part = parts[index] as Span;
  const [before, after] = [parts[index - 1], parts[index + 1]];
  if (after) return { from: part.from, to: after.from, insert: '' };
  if (before) return { from: before.to, to: part.to, insert: '' };
  return { from: container.from + 1, to: container.to - 1, insert: '' };
}

function addition(text: string, container: JsonNode, name: string | number, value: unknown): TextEdit {
  const last = partsOf(container).at(-1);
  const named = (indent: string) =>
    (typeof name === 'string' ? `${JSON.stringify(name)}: ` : '') + writtenAt(text, indent, value);
  if (last) {
    const indent = indentAt(text, last.from);
    const ownLine = text.slice(0, last.from).endsWith(`\n${indent}`);
    return { from: last.to, to: last.to, insert: `,${ownLine ? `\n${indent}` : ' '}${named(indent)}` };
  }
  const [open, close] = container.kind === 'object' ? '{}' : '[]';
  const indent = indentAt(text, container.from);
  const inner = text.includes('\n') ? `\n${indent}${STEP}${named(indent + STEP)}\n${indent}` : named('');
  return { from: container.from, to: container.to, insert: `${open}${inner}${close}` };
}

/**
 * The edit that puts `value` at `path` of a policy's text, or takes away what is there when it is undefined; all else stays as it was
 * written. null when the text is no JSON or has no such place.
 */
export function editAt(text: string, path: JsonPath, value: unknown): TextEdit | null {
  const { tree } = parseJson(text);
  const step = path.at(-1);
  if (!tree) return null;
  if (step === undefined) return { from: 0, to: text.length, insert: JSON.stringify(value) };
  const { node, depth } = follow(tree, path);
  const isThere = depth === path.length;
  if (isThere && value !== undefined)
    return { from: node.from, to: node.to, insert: writtenAt(text, indentAt(text, node.from), value) };
  const container = nodeAt(tree, path.slice(0, -1));
  if (!container || depth < path.length - 1) return null;
  if (!isThere) {
    const fits = typeof step === 'string' ? container.kind === 'object' : container.kind === 'array';
    return value === undefined || !fits ? null : addition(text, container, step, value);
  }
  const index = container.kind === 'object' ? container.members.findIndex(({ name }) => name === step) : Number(step);
  return container.kind === 'scalar' || index < 0 || partsOf(container)[index] === undefined
    ? null
    : removal(container, index);
}

export const applyEdit = (text: string, { from, to, insert }: TextEdit): string =>
  text.slice(0, from) + insert + text.slice(to);

/** The text with `value` at `path`; null where `editAt` answers null. A lone statement becomes a list when others join it. */
export function withValueAt(text: string, path: JsonPath, value: unknown): string | null {
  const { tree } = parseJson(text);
  const statements = tree && nodeAt(tree, ['Statement']);
  const lone = statements?.kind === 'object' && path[0] === 'Statement' && path.length === 2 && path[1] !== 0;
  const listed = lone
    ? applyEdit(text, {
        from: statements.from,
        to: statements.to,
        insert: writtenAt(text, indentAt(text, statements.from), [jsonOf(statements)]),
      })
    : text;
  const edit = editAt(listed, path, value);
  return edit && applyEdit(listed, edit);
}
