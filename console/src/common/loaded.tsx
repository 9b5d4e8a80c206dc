import { Box, Skeleton, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { isFinal } from '../api/client';
import { PageHead } from './page-head';
import { Problem } from './problem';
import { useTexts } from '../texts/texts';

type Query<Data> = { data: Data | undefined; error: Error | null; refetch: () => unknown };

/**
 * What a query has returned; before that a skeleton, or the problem, with a way to try again if that can help. `title`: the
 * heading above the problem, where that of the page is in what is loaded.
 */
export function Loaded<Data>({
  query,
  title,
  children,
}: {
  query: Query<Data>;
  title?: string;
  children: (data: Data) => ReactNode;
}) {
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  if (error)
    return (
      <>
        {title && <PageHead title={title} text="" />}
        <Problem error={error} {...(isFinal(error) ? {} : { onRetry: refetch })} />
      </>
    );
  return <Waiting />;
}

/** Stands in the place of what is loaded: of a list, or of a page with its heading. */
export function Waiting({ isPage = false }: { isPage?: boolean }) {
  const { common } = useTexts();
  return (
    <Box role="status" p={isPage ? 'md' : undefined} maw={960}>
      <span className="visually-hidden">{common.loading}</span>
      <Stack gap="md" aria-hidden>
        {isPage && <Skeleton h={28} w={240} maw="60%" />}
        {isPage && <Skeleton h={16} w="70%" mb="md" />}
        {['90%', '75%', '85%'].map((width) => (
          <Skeleton key={width} h={20} w={width} />
        ))}
      </Stack>
    </Box>
  );
}
