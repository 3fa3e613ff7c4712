import { type JsonNode, jsonOf, lineOf, parseJson, type Span } from '../../../../shared/iam/json-tree.ts';
import { nodeAt, withValueAt } from '../../../../shared/iam/policy-places.ts';
import { limits } from '../../../../shared/kms/limits.ts';

/** The statements of a policy's text, whatever stands in them; or why there are none to show. */
export type Statements =
  | { readonly statements: readonly unknown[]; readonly problem?: never }
  | { readonly statements?: never; readonly problem: string };

function statementNodes(tree: JsonNode): readonly JsonNode[] | undefined {
  const node = nodeAt(tree, ['Statement']);
  if (node?.kind === 'array') return node.items;
  return node?.kind === 'object' ? [node] : undefined;
}

export function statementsOf(text: string): Statements {
  if (text.length > limits.policyInput) return { problem: 'The text is too long to be a policy.' };
  const { tree, fault } = parseJson(text);
  if (fault) {
    const { line, column } = lineOf(text, fault.from);
    return { problem: `The text cannot be read: line ${line}, column ${column}: ${fault.says}.` };
  }
  const nodes = statementNodes(tree);
  return nodes ? { statements: nodes.map(jsonOf) } : { problem: 'The text has no list of statements.' };
}

/** Where a statement stands in the text. */
export function statementSpan(text: string, index: number): Span | null {
  const { tree } = text.length > limits.policyInput ? {} : parseJson(text);
  return (tree && statementNodes(tree)?.[index]) ?? null;
}

/** JSON laid out as AWS's console does; what is no JSON stays as it is. */
export function pretty(json: string): string {
  const { tree } = parseJson(json);
  return tree ? JSON.stringify(jsonOf(tree), null, 2) : json.replace(/\r\n?/g, '\n');
}

/** The text with other statements; all else stays. */
export const withStatements = (text: string, statements: readonly unknown[]): string =>
  withValueAt(text, ['Statement'], statements) ?? text;
