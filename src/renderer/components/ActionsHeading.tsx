import { Table, VisuallyHidden } from '@mantine/core';

/** The heading of a table's column of buttons: said, not shown. */
export function ActionsHeading() {
  return (
    <Table.Th>
      <VisuallyHidden>Actions</VisuallyHidden>
    </Table.Th>
  );
}
