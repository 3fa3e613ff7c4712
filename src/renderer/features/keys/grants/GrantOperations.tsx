import { Code, Group } from '@mantine/core';
import type { Grant } from './grants.ts';

/** What a grant allows, in a cell of a table. */
export const GrantOperations = ({ grant }: { grant: Grant }) => (
  <Group gap={4}>
    {grant.Operations.map((operation) => (
      <Code key={operation}>{operation}</Code>
    ))}
  </Group>
);
