import {
  Center,
  Group,
  Loader,
  Pagination,
  Stack,
  Table,
  Text,
  TextInput,
  UnstyledButton,
} from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { Problem } from '../common/problem';
import { useTexts } from '../texts/texts';
import { type ListView, PAGE_SIZE, type SortField } from './use-members';

export type Column<Row> = {
  readonly label: string;
  readonly field: SortField | null;
  readonly cell: (row: Row) => ReactNode;
  /** From this width on; narrower screens leave it out. */
  readonly visibleFrom?: 'sm' | 'md';
  readonly width?: number | string;
  /** The label is only read out by screen readers. */
  readonly isUnseen?: boolean;
};

/** What is shown, and the response of the server to it. */
export type ShownList<Row> = {
  readonly view: ListView;
  readonly setView: (change: Partial<ListView>) => void;
  readonly list: {
    data?: { rows: Row[]; total: number } | undefined;
    error: Error | null;
    isFetching: boolean;
    refetch: () => unknown;
  };
};

type Props<Row> = {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly shown: ShownList<Row>;
  readonly emptyText: string;
};

/** A searchable, sortable table with pages. */
export function MemberTable<Row extends { id: string }>({ caption, columns, shown, emptyText }: Props<Row>) {
  const { members } = useTexts();
  const { view, setView } = shown;
  const { data, error, isFetching, refetch } = shown.list;
  return (
    <Stack gap="sm">
      <SearchField key={caption} query={view.query} onSearch={(query) => setView({ query })} />
      {error && <Problem error={error} onRetry={refetch} />}
      {!data && !error && (
        <Center py="xl">
          <Loader />
        </Center>
      )}
      {data?.total === 0 && (
        <Text c="dimmed" py="xl" ta="center">
          {view.query ? members.noMatch(view.query) : emptyText}
        </Text>
      )}
      {data && data.total > 0 && (
        <Table
          verticalSpacing="sm"
          highlightOnHover
          layout="fixed"
          aria-label={caption}
          aria-busy={isFetching}
        >
          <Head columns={columns} view={view} setView={setView} />
          <Table.Tbody>
            {data.rows.map((row) => (
              <Table.Tr key={row.id}>
                {columns.map(({ label, cell, visibleFrom }) => (
                  <Table.Td key={label} visibleFrom={visibleFrom}>
                    {cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {data && data.total > PAGE_SIZE && <Pages total={data.total} view={view} setView={setView} />}
    </Stack>
  );
}

function SearchField({ query, onSearch }: { query: string; onSearch: (query: string) => void }) {
  const { members } = useTexts();
  const [text, setText] = useState(query);
  const search = useDebouncedCallback(onSearch, 300);
  return (
    <TextInput
      type="search"
      maw={360}
      aria-label={members.searchLabel}
      placeholder={members.searchLabel}
      value={text}
      onChange={({ currentTarget: { value } }) => {
        setText(value);
        search(value.trim());
      }}
    />
  );
}

type HeadProps<Row> = Pick<Props<Row>, 'columns'> & Pick<ShownList<Row>, 'view' | 'setView'>;

function Head<Row>({ columns, view, setView }: HeadProps<Row>) {
  const { members } = useTexts();
  return (
    <Table.Thead>
      <Table.Tr>
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

/** Another column starts upwards, except for dates. */
const sortedBy = (field: SortField, { sortBy, isDescending }: ListView) => ({
  sortBy: field,
  isDescending: field === sortBy ? !isDescending : field === 'created_at',
});

function sortOf(field: SortField | null, { sortBy, isDescending }: ListView) {
  if (field !== sortBy) return field ? 'none' : undefined;
  return isDescending ? 'descending' : 'ascending';
}

function Pages({ total, view, setView }: { total: number } & Pick<ShownList<unknown>, 'view' | 'setView'>) {
  const { common } = useTexts();
  const first = (view.page - 1) * PAGE_SIZE + 1;
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed">
        {common.rowsOf(first, Math.min(total, first + PAGE_SIZE - 1), total)}
      </Text>
      <Pagination
        size="sm"
        siblings={1}
        total={Math.ceil(total / PAGE_SIZE)}
        value={view.page}
        onChange={(page) => setView({ page })}
        getItemProps={(page) => ({ 'aria-label': common.page(page) })}
        getControlProps={(control) => ({
          'aria-label': control === 'next' ? common.nextPage : common.previousPage,
        })}
      />
    </Group>
  );
}
