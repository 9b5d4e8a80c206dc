import { Group, Pagination, Text } from '@mantine/core';
import { useTexts } from '../texts/texts';

/** Rows of a page of a list whose number of rows is known. */
export const PAGE_SIZE = 20;

type Props = { readonly total: number; readonly page: number; readonly onPage: (page: number) => void };

/** Which rows are shown, and the way to others; nothing if all fit on one page. */
export function Pages({ total, page, onPage }: Props) {
  const { common } = useTexts();
  const first = (page - 1) * PAGE_SIZE + 1;
  if (total <= PAGE_SIZE) return null;
  return (
    <Group justify="space-between">
      <Text size="sm" c="dimmed">
        {common.rowsOf(first, Math.min(total, first + PAGE_SIZE - 1), total)}
      </Text>
      <Pagination
        size="sm"
        siblings={1}
        total={Math.ceil(total / PAGE_SIZE)}
        value={page}
        onChange={onPage}
        getItemProps={(number) => ({ 'aria-label': common.page(number) })}
        getControlProps={(control) => ({
          'aria-label': control === 'next' ? common.nextPage : common.previousPage,
        })}
      />
    </Group>
  );
}
