import { useQuery } from '@tanstack/react-query';
import { apiIn, dataOf, type Schemas } from '../api/client';
import { pageUser, setPageUser } from '../api/page-user';
import { isSessionEnd } from './leave-page';
import { tellOtherTabs } from './other-tabs';

export type Organization = Schemas['OrganizationPGSchemaSlim'];

/** The organizations of the signed-in user. */
type Session = { readonly organizations: readonly Organization[] };

export const SESSION_KEY = ['session'];

/** Null if there was no session when the page was loaded. Reading the list founds no personal organization (`skip_create`). */
async function readSession(): Promise<Session | null> {
  try {
    const [organizations] = await Promise.all([readOrganizations(), pageUser() ?? readUser()]);
    return { organizations };
  } catch (error) {
    if (isSessionEnd(error) && pageUser() === null) return null;
    throw error;
  }
}

const readOrganizations = () =>
  dataOf(apiIn({}).GET('/api/v1/orgs', { params: { query: { skip_create: true } } }));

/** With their organizations before all else, so that what is read afterwards belongs to this user. */
async function readUser(): Promise<void> {
  const userId = await dataOf(apiIn({}).GET('/api/v1/me/ls_user_id'));
  setPageUser(userId);
  tellOtherTabs(userId);
}

export const useSession = () => useQuery({ queryKey: SESSION_KEY, queryFn: readSession, staleTime: 60_000 });
