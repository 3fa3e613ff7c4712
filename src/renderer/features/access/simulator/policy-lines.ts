/** A line of a policy's text, and the statement (from 0) it is part of. */
export interface PolicyLine {
  readonly text: string;
  readonly statement: number | null;
}

/** The text of a policy, laid out as everywhere, line by line. What is no policy is shown as it is. */
export function policyLines(json: string): PolicyLine[] {
  const document = parsed(json);
  if (document === null) return json.split('\n').map((text) => ({ text, statement: null }));
  const members = Object.entries(document);
  const body = members.flatMap(([name, value], index) =>
    followed(memberLines(name, value), index < members.length - 1),
  );
  return [{ text: '{', statement: null }, ...body, { text: '}', statement: null }];
}

function parsed(json: string): object | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && 'Statement' in value ? value : null;
  } catch {
    return null;
  }
}

function memberLines(name: string, value: unknown): PolicyLine[] {
  const start = `${JSON.stringify(name)}: `;
  if (name !== 'Statement' || !Array.isArray(value) || value.length === 0)
    return linesOf(start, value, '  ', name === 'Statement' ? 0 : null);
  const statements = value.flatMap((each, index) =>
    followed(linesOf('', each, '    ', index), index < value.length - 1),
  );
  return [{ text: `  ${start}[`, statement: null }, ...statements, { text: '  ]', statement: null }];
}

function linesOf(start: string, value: unknown, indent: string, statement: number | null): PolicyLine[] {
  const text = `${start}${JSON.stringify(value, null, 2)}`;
  return text.split('\n').map((line) => ({ text: `${indent}${line}`, statement }));
}

function followed(lines: PolicyLine[], more: boolean): PolicyLine[] {
  if (!more) return lines;
  return lines.map((line, index) => (index < lines.length - 1 ? line : { ...line, text: `${line.text},` }));
}

/** Neighbouring lines of one statement, or of what stands around statements; `start` is the first line's number. */
export interface PolicyBlock {
  readonly start: number;
  readonly statement: number | null;
  readonly text: string;
}

/** The same text in one piece a statement. */
export function policyBlocks(json: string): PolicyBlock[] {
  const blocks: PolicyBlock[] = [];
  for (const [start, { text, statement }] of policyLines(json).entries()) {
    const last = blocks.at(-1);
    if (last?.statement === statement) blocks[blocks.length - 1] = { ...last, text: `${last.text}\n${text}` };
    else blocks.push({ start, statement, text });
  }
  return blocks;
}
