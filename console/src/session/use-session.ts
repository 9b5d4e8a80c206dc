import { type QueryFunctionContext, useQuery } from '@tanstack/react-query';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { isSessionEnd } from './leave-page';

type Organization = Schemas['OrganizationPGSchemaSlim'];

/** The organizations of the signed-in user. */
type Session = { readonly organizations: readonly Organization[] };

export const SESSION_KEY = ['session'];

/**
 * Null if there was no session when the page was loaded. Personal organizations are not founded by looking
 * (`skip_create`).
 */
async function readSession({ client }: QueryFunctionContext): Promise<Session | null> {
  try {
    const organizations = await dataOf(
      apiIn({}).GET('/api/v1/orgs', { params: { query: { skip_create: true } } }),
    );
    return { organizations };
  } catch (error) {
    if (isSessionEnd(error) && !client.getQueryData(SESSION_KEY)) return null;
    throw error;
  }
}

export const useSession = () => useQuery({ queryKey: SESSION_KEY, queryFn: readSession, staleTime: 60_000 });
