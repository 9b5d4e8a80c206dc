import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/api-error';
import { apiIn, dataOf, type Schemas } from '../api/client';

type Organization = Schemas['OrganizationPGSchemaSlim'];

/** The organizations of the signed-in user. */
type Session = { readonly organizations: readonly Organization[] };

export const SESSION_KEY = ['session'];

/** Null without a session. Personal organizations are not founded by looking (`skip_create`). */
async function readSession(): Promise<Session | null> {
  try {
    const organizations = await dataOf(
      apiIn({}).GET('/api/v1/orgs', { params: { query: { skip_create: true } } }),
    );
    return { organizations };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) return null;
    throw error;
  }
}

export const useSession = () => useQuery({ queryKey: SESSION_KEY, queryFn: readSession, staleTime: 60_000 });

/** Forgets everything that was read with the previous session. */
export function useForgetEverything(): () => void {
  const queries = useQueryClient();
  return () => {
    queries.clear();
    queries.setQueryData(SESSION_KEY, null);
  };
}
