import { Button } from '@mantine/core';
import { type PageTexts, usePageTexts } from '../texts/texts';

type List = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

const en = { more: 'Show more' };
const moreTexts: PageTexts<typeof en> = { en, de: { more: 'Mehr zeigen' } };

/** Reads the next page of a list; nothing on the last one. */
export function MoreButton({ label, list }: { label?: string; list: List }) {
  const texts = usePageTexts(moreTexts);
  if (!list.hasNextPage) return null;
  return (
    <Button
      variant="default"
      mx="auto"
      loading={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {label ?? texts.more}
    </Button>
  );
}
