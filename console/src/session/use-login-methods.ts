import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { apiIn, dataOf } from '../api/client';

/** The ways in which the signed-in user can sign in. */
export function useLoginMethods() {
  const { orgId = '' } = useParams();
  return useQuery({
    queryKey: ['login-methods', orgId],
    queryFn: () => dataOf(apiIn({ orgId }).GET('/api/v1/orgs/current/user/login-methods')),
    staleTime: Infinity,
  });
}
