import { Center, Loader } from '@mantine/core';
import type { ReactNode } from 'react';
import { isFinal } from '../api/api-error';
import { Problem } from './problem';

type Query<Data> = { data: Data | undefined; error: Error | null; refetch: () => unknown };

/** What a query has returned; before that a sign of waiting, or the problem, with a way to try again if that can help. */
export function Loaded<Data>({
  query,
  children,
}: {
  query: Query<Data>;
  children: (data: Data) => ReactNode;
}) {
  const { data, error, refetch } = query;
  if (data !== undefined) return children(data);
  if (error) return <Problem error={error} {...(isFinal(error) ? {} : { onRetry: refetch })} />;
  return (
    <Center py="xl">
      <Loader />
    </Center>
  );
}
