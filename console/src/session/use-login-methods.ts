import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { apiIn, dataOf } from '../api/client';

/** The ways in which the signed-in user can sign in, by default at the organization of the current path. */
export function useLoginMethods(ofOrgId?: string) {
  const { orgId = ofOrgId ?? '' } = useParams();
  return useQuery({
    queryKey: ['login-methods', orgId],
    queryFn: () => dataOf(apiIn({ orgId }).GET('/api/v1/orgs/current/user/login-methods')),
    staleTime: Infinity,
  });
}

/** The address of the signed-in user, as one of their logins carries it. */
export const useEmail = (ofOrgId?: string): string =>
  useLoginMethods(ofOrgId).data?.find(({ email }) => email)?.email ?? '';
