import { useQuery } from '@tanstack/react-query';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { useMay } from '../session/use-organization';
import { usePlace } from '../session/use-workspaces';

export type Overview = Schemas['Overview'];

const MINUTE_MS = 60_000;

/** What waits and what happened in the organization, counted once a minute at most, for the menu and the page. */
export function useOverview() {
  const { orgId } = usePlace();
  return useQuery({
    queryKey: ['overview', orgId],
    queryFn: () => dataOf(apiIn({ orgId }).GET('/api/v1/orgs/current/overview')),
    enabled: useMay('organization:read'),
    staleTime: MINUTE_MS,
    refetchInterval: MINUTE_MS,
    refetchOnWindowFocus: false,
  });
}

/** Keys and tokens that end soon, as far as the caller sees them. */
export const endingCredentials = ({ ending }: Overview): number =>
  ending ? ending.keys + (ending.tokens ?? 0) : 0;
