import { Button } from '@mantine/core';

type List = { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };

/** Reads the next page of a list with cursors; nothing on the last one. */
export const MoreButton = ({ label, list }: { label: string; list: List }) =>
  list.hasNextPage && (
    <Button
      variant="default"
      mx="auto"
      loading={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {label}
    </Button>
  );
