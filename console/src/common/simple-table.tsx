import { Table, Text } from '@mantine/core';
import type { ReactNode } from 'react';

export type SimpleColumn<Row> = {
  readonly label: string;
  readonly cell: (row: Row) => ReactNode;
  /** From this width on; narrower screens leave it out. */
  readonly visibleFrom?: 'sm' | 'md' | 'lg' | 'xl';
  readonly width?: number | string;
  /** The label is only read out by screen readers. */
  readonly isUnseen?: boolean;
};

type Props<Row> = {
  readonly caption: string;
  readonly columns: readonly SimpleColumn<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly emptyText: string;
};

/** A table of rows that are all shown. */
export function SimpleTable<Row>({ caption, columns, rows, keyOf, emptyText }: Props<Row>) {
  if (rows.length === 0)
    return (
      <Text c="dimmed" py="xl" ta="center">
        {emptyText}
      </Text>
    );
  return (
    <Table verticalSpacing="sm" layout="fixed" highlightOnHover aria-label={caption}>
      <Table.Thead>
        <Table.Tr>
          {columns.map(({ label, isUnseen, visibleFrom, width }) => (
            <Table.Th key={label} visibleFrom={visibleFrom} w={width}>
              <span className={isUnseen ? 'visually-hidden' : undefined}>{label}</span>
            </Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map((row) => (
          <Table.Tr key={keyOf(row)}>
            {columns.map(({ label, cell, visibleFrom }) => (
              <Table.Td key={label} visibleFrom={visibleFrom}>
                {cell(row)}
              </Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
