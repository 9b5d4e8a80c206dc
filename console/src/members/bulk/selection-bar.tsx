import { Button, Checkbox, Group, Paper, Table, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Problem } from '../../common/problem';
import { usePageTexts } from '../../texts/texts';
import type { ShownList } from '../list/use-member-list';
import { useReadingAll } from '../list/use-reading-all';
import type { BulkDialogProps } from './bulk-dialog';
import { nameOf, type Person } from './people';
import { bulkTexts } from './texts';
import type { Selection } from './use-selection';

/** Something that can be done for all selected rows, after a dialog. */
export type BulkAction<Row> = {
  readonly label: string;
  readonly isDangerous?: boolean;
  readonly dialog: (props: BulkDialogProps<Row>) => ReactNode;
};

type Props<Row> = {
  readonly selection: Selection<Row>;
  readonly actions: readonly BulkAction<Row>[];
  readonly total: number;
  readonly readPart: ShownList<Row>['readPart'];
};

/** What can be done for the selected rows; nothing if there are none. */
export function SelectionBar<Row extends Person>({ selection, actions, total, readPart }: Props<Row>) {
  const texts = usePageTexts(bulkTexts);
  const [asked, setAsked] = useState<ReactNode>(null);
  const { start, stop, progress, error } = useReadingAll(readPart);
  const { size } = selection.rows;
  const ask = (action: BulkAction<Row>) => {
    const rows = [...selection.rows.values()];
    setAsked(action.dialog({ rows, onDone: selection.replace, onClose: () => setAsked(null) }));
  };
  return (
    <>
      {size > 0 && (
        <Paper withBorder p="xs" className="selection-bar">
          <Group gap="xs">
            <Text size="sm" fw={500} role="status" mr="xs">
              {texts.selected(size)}
            </Text>
            {actions.map((action) => (
              <Button
                key={action.label}
                variant="default"
                {...(action.isDangerous ? { c: 'var(--mantine-color-red-text)' } : {})}
                size="compact-sm"
                onClick={() => ask(action)}
              >
                {action.label}
              </Button>
            ))}
            {size < total && (
              <Button
                variant="subtle"
                size="compact-sm"
                onClick={() => (progress ? stop() : void start(selection.replace))}
              >
                {progress ? texts.reading(progress.read, progress.total) : texts.selectMatching(total)}
              </Button>
            )}
            <Button variant="subtle" size="compact-sm" onClick={() => selection.replace([])}>
              {texts.clear}
            </Button>
          </Group>
          {error && <Problem error={error} />}
        </Paper>
      )}
      {asked}
    </>
  );
}

type Chosen<Row> = { readonly selection: Selection<Row>; readonly rows: readonly Row[] };

export function SelectPageCell<Row extends Person>({ selection, rows }: Chosen<Row>) {
  const { selectPage } = usePageTexts(bulkTexts);
  const count = rows.filter(({ id }) => selection.rows.has(id)).length;
  return (
    <Table.Th w={40}>
      <Checkbox
        size="xs"
        aria-label={selectPage}
        checked={count > 0 && count === rows.length}
        indeterminate={count > 0 && count < rows.length}
        onChange={() => selection.set(rows, count < rows.length)}
      />
    </Table.Th>
  );
}

export function SelectCell<Row extends Person>({ selection, row }: { selection: Selection<Row>; row: Row }) {
  const { select } = usePageTexts(bulkTexts);
  return (
    <Table.Td>
      <Checkbox
        size="xs"
        aria-label={select(nameOf(row))}
        checked={selection.rows.has(row.id)}
        onChange={({ currentTarget }) => selection.set([row], currentTarget.checked)}
      />
    </Table.Td>
  );
}
