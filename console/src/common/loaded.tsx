import { Center, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from './problem';

type Query<Data> = { data: Data | undefined; error: Error | null; refetch: () => unknown };

/** What a query has answered; before that a sign of waiting, or the problem with a way to try again. */
export function Loaded<Data>({
  query,
  children,
}: {
  query: Query<Data>;
  children: (data: Data) => ReactNode;
}) {
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  if (error) return <Problem error={error} onRetry={refetch} />;
  return (
    <Center py="xl">
      <Loader />
    </Center>
  );
}
