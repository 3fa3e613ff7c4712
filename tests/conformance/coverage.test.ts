import { expect, it } from 'vitest';
import { rows } from './rows/index.ts';
import { documentedOperations } from './support/table.ts';

/** COVERAGE.md is written from the tables that the tests run. */
const sorted = [...rows].sort((a, b) => a.name.localeCompare(b.name));

function coverage(): string {
  const pairs = sorted.flatMap(({ name, refused, uncovered }) =>
    [...refused.map((code) => [code, '✓'] as const), ...Object.keys(uncovered).map((code) => [code, '–'] as const)]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([code, mark]) => ({ name, code, mark })),
  );
  const provoked = pairs.filter(({ mark }) => mark === '✓').length;
  const table = sorted.map(({ name }) => {
    const own = pairs.filter((pair) => pair.name === name);
    return `| ${name} | ✓ | ${own.map(({ code, mark }) => `${mark} ${code}`).join('<br>')} |`;
  });
  const reasons = new Map<string, Map<string, string[]>>();
  for (const { name, uncovered } of sorted)
    for (const [code, reason] of Object.entries(uncovered)) {
      const byReason = reasons.get(code) ?? new Map<string, string[]>();
      byReason.set(reason, [...(byReason.get(reason) ?? []), name]);
      reasons.set(code, byReason);
    }
  const left = [...reasons]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([code, byReason]) => {
      const lines = [...byReason].map(([reason, names]) => {
        const all = names.length === sorted.length ? 'every operation' : names.join(', ');
        return `- ${reason} (${all})`;
      });
      return `### ${code}\n\n${lines.join('\n')}`;
    });
  return `# What the conformance tests cover

Written by \`coverage.test.ts\` from the tables in \`rows/\`, which \`operations.test.ts\` runs with \`@aws-sdk/client-kms\` against
\`npm run serve\`. The operations and the exceptions are those of the SDK's documentation. Besides these, every operation is
called by a user without permission and refused with \`AccessDeniedException\`.

${sorted.length} operations, each answered; ${provoked} of ${pairs.length} documented exceptions provoked (✓), ${pairs.length - provoked} not (–).

| operation | answered | exceptions |
|---|---|---|
${table.join('\n')}

## Not covered

${left.join('\n\n')}
`;
}

it('has a row of every operation of the SDK', () => {
  expect(sorted.map(({ name }) => name)).toEqual(documentedOperations().sort((a, b) => a.localeCompare(b)));
  expect(new Set(sorted.map(({ name }) => name)).size).toBe(sorted.length);
});

it('is written down', async () => {
  await expect(coverage()).toMatchFileSnapshot('COVERAGE.md');
});
