import { Group, Stack, Table, Text } from '@mantine/core';
import { useIsPhone } from '../../common/filters';
import { Pages } from '../../common/pages';
import { Problem } from '../../common/problem';
import { Waiting } from '../../common/loaded';
import { usePageTexts, useTexts } from '../../texts/texts';
import { type BulkAction, SelectCell, SelectionBar, SelectPageCell } from '../bulk/selection-bar';
import type { Person } from '../bulk/people';
import { useSelection } from '../bulk/use-selection';
import type { CsvColumn } from '../../files/csv';
import { ExportButton } from '../export/export-button';
import { FilterBar } from '../filters/filter-bar';
import { filterTexts } from '../filters/texts';
import type { Filter } from '../filters/use-filters';
import { SearchField } from './search-field';
import { type Column, SortSelect, TableHead } from './table-head';
import type { ShownList } from '../list/use-member-list';

type Props<Row> = {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly filters: readonly Filter[];
  readonly shown: ShownList<Row>;
  readonly emptyText: string;
  /** For selected rows; without any, rows are not selected. */
  readonly actions: readonly BulkAction<Row>[];
  readonly csv: readonly CsvColumn<Row>[];
};

/** A searchable, filtered, sortable table with pages, whose rows can be selected and exported. */
export function MemberTable<Row extends Person>(props: Props<Row>) {
  const { caption, filters, shown, actions } = props;
  const { view, setView, readPart } = shown;
  const selection = useSelection<Row>(view);
  const { data, error, isFetching, refetch } = shown.list;
  const isPhone = useIsPhone();
  const columns = isPhone ? stacked(props.columns) : props.columns;
  return (
    <Stack gap="sm">
      <Group gap="sm" justify="space-between">
        <SearchField key={caption} query={view.query} onSearch={(query) => setView({ query })} />
        {data && data.total > 0 && <ExportButton columns={props.csv} readPart={readPart} />}
      </Group>
      <FilterBar
        filters={filters}
        view={view}
        setView={setView}
        beside={<SortSelect columns={props.columns} view={view} setView={setView} />}
      />
      <SelectionBar selection={selection} actions={actions} total={data?.total ?? 0} readPart={readPart} />
      {error && <Problem error={error} onRetry={refetch} />}
      {!data && !error && <Waiting />}
      {data?.total === 0 && <Nothing view={view} emptyText={props.emptyText} />}
      {data && data.total > 0 && (
        <Table
          verticalSpacing="sm"
          highlightOnHover
          layout="fixed"
          aria-label={caption}
          aria-busy={isFetching}
        >
          <TableHead columns={columns} view={view} setView={setView}>
            {actions.length > 0 && <SelectPageCell selection={selection} rows={data.rows} />}
          </TableHead>
          <Table.Tbody>
            {data.rows.map((row) => (
              <Table.Tr key={row.id}>
                {actions.length > 0 && <SelectCell selection={selection} row={row} />}
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
      {data && <Pages total={data.total} page={view.page} onPage={(page) => setView({ page })} />}
    </Stack>
  );
}

function stacked<Row>([first, ...others]: readonly Column<Row>[]): readonly Column<Row>[] {
  if (!first) return [];
  const below = others.filter(({ isBelowOnPhone }) => isBelowOnPhone);
  const cell = (row: Row) => (
    <Stack gap={6}>
      <div>{first.cell(row)}</div>
      {below.map((column) => (
        <div key={column.label}>{column.cell(row)}</div>
      ))}
    </Stack>
  );
  return [{ ...first, cell }, ...others.filter(({ isBelowOnPhone }) => !isBelowOnPhone)];
}

function Nothing({ view, emptyText }: Pick<ShownList<unknown>, 'view'> & { emptyText: string }) {
  const { members } = useTexts();
  const { noMatch } = usePageTexts(filterTexts);
  const isFiltered = Object.keys(view.filters).length > 0;
  return (
    <Text c="dimmed" py="xl" ta="center">
      {isFiltered ? noMatch : view.query ? members.noMatch(view.query) : emptyText}
    </Text>
  );
}
