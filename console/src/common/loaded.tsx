import type { ReactNode } from 'react';
import { isFinal } from '../api/api-error';
import { Problem } from './problem';
import { Waiting } from './waiting';

type Query<Data> = { data: Data | undefined; error: Error | null; refetch: () => unknown };

/** What a query has returned; before that a skeleton, or the problem, with a way to try again if that can help. */
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
  return <Waiting />;
}
