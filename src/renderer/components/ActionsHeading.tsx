import { Table, VisuallyHidden } from '@mantine/core';

/** The heading of a table's column of buttons: said, not shown. */
export function ActionsHeading({ width }: { width?: string }) {
  return (
    <Table.Th w={width}>
      <VisuallyHidden>Actions</VisuallyHidden>
    </Table.Th>
  );
}
