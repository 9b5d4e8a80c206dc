import { NativeSelect, Table, UnstyledButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePageTexts, useTexts } from '../../texts/texts';
import { filterTexts } from '../filters/texts';

import type { ListView } from '../list/use-list-view';
import type { ShownList } from '../list/use-member-list';
import type { SortField } from '../list/use-list-view';

export type Column<Row> = {
  readonly label: string;
  readonly field: SortField | null;
  readonly cell: (row: Row) => ReactNode;
  /** From this width on; narrower screens leave it out. */
  readonly visibleFrom?: 'sm' | 'md';
  readonly width?: number | string;
  /** The label is only read out by screen readers. */
  readonly isUnseen?: boolean;
  /** On a phone below the first column, where a column of its own would cut it. */
  readonly isBelowOnPhone?: boolean;
};

type Props = Pick<ShownList<unknown>, 'view' | 'setView'> & {
  readonly columns: readonly Pick<Column<never>, 'label' | 'field' | 'isUnseen' | 'visibleFrom' | 'width'>[];
};

/** The labels of the columns, which sort; `children` stand in front of them. */
export function TableHead({ columns, view, setView, children }: Props & { children?: ReactNode }) {
  const { members } = useTexts();
  return (
    <Table.Thead>
      <Table.Tr>
        {children}
        {columns.map(({ label, field, isUnseen, visibleFrom, width }) => (
          <Table.Th key={label} visibleFrom={visibleFrom} w={width} aria-sort={sortOf(field, view)}>
            {field ? (
              <UnstyledButton
                fz="sm"
                fw={600}
                aria-label={members.sortBy(label)}
                onClick={() => setView(sortedBy(field, view))}
              >
                {label} {field === view.sortBy && (view.isDescending ? '↓' : '↑')}
              </UnstyledButton>
            ) : (
              <span className={isUnseen ? 'visually-hidden' : undefined}>{label}</span>
            )}
          </Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  );
}

/** On a phone, where not every column has a label to sort by. */
export function SortSelect({ columns, view, setView }: Props) {
  const texts = usePageTexts(filterTexts);
  const options = columns.flatMap(({ label, field }) =>
    field
      ? [
          { value: `${field} up`, label: texts.ascending(label) },
          { value: `${field} down`, label: texts.descending(label) },
        ]
      : [],
  );
  const hasDate = columns.some(({ field }) => field === 'created_at');
  return (
    <NativeSelect
      className="list-filter"
      size="xs"
      aria-label={texts.sort}
      data={hasDate ? options : [{ value: 'created_at down', label: texts.newestFirst }, ...options]}
      value={`${view.sortBy} ${view.isDescending ? 'down' : 'up'}`}
      onChange={(event) => {
        const [sortBy, direction] = event.currentTarget.value.split(' ');
        setView({ sortBy: sortBy as SortField, isDescending: direction === 'down' });
      }}
    />
  );
}

/** Another column starts upwards, except for dates. */
const sortedBy = (field: SortField, { sortBy, isDescending }: ListView) => ({
  sortBy: field,
  isDescending: field === sortBy ? !isDescending : field === 'created_at',
});

function sortOf(field: SortField | null, { sortBy, isDescending }: ListView) {
  if (field !== sortBy) return field ? 'none' : undefined;
  return isDescending ? 'descending' : 'ascending';
}
